"""Orders at their due time while a sweep uses both cores, beside the same orders with nothing else to do.

Each order goes through the whole program to an exchange in a process of its own; see ``ordering.py``. Blocks of orders
come by turns: idle, beside a sweep, and idle again for a control, forwards and backwards, so that what drifts meets all
alike. A ratio is of all blocks together, and its interval that of a bootstrap that draws whole cycles.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from measuring import ROOT, Figure, Report, asked, percentile, rounded, scratch

from tests.support.exchange.loopback import loopback

HERE = Path(__file__).parent
IDLE, SWEEP, CONTROL = "idle", "beside a sweep", "idle again"
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
GOALS = {"p50": 1.1, "p95": 1.2, "p99": 1.5}
ENOUGH_MS = 5.0
"""A p99 that is no more than this is good whatever it is beside."""
RESAMPLES = 1_000
AT_WORK = {"kernel": 2, "incremental": 0}
"""Lines of the sweep that are waited for. At the lowest priority, beside others, they may be minutes in coming."""

Blocks = dict[str, list[list[float]]]


def main() -> None:
    report = asked("orders", __doc__)
    cycles, count = (1, 5) if report.quick else (10, 500)
    engine = "incremental" if report.quick else "kernel"
    late: Blocks = {IDLE: [], SWEEP: [], CONTROL: []}
    with scratch() as folder, loopback() as exchange, ordering(exchange.port, folder) as account:
        for cycle in range(cycles):
            for name in (IDLE, SWEEP, CONTROL)[:: 1 if cycle % 2 == 0 else -1]:
                with sweep(folder, engine) if name == SWEEP else nullcontext():
                    told = block(account, count)
                late[name].append(told["late"])
    fill_in(report, late)
    report.note = (
        f"{cycles} cycles of {len(late)} blocks of {count:,} orders; a sweep of {os.cpu_count()} processes at the"
        " lowest priority; from the moment due to the request in the socket, the intent on disk between them"
    )
    report.print()


def fill_in(report: Report, late: Blocks) -> None:
    for name, blocks in late.items():
        for share_name, share in SHARES.items():
            report.side(f"{name}: {share_name}", [percentile(each, share) for each in blocks], "ms")
    for other in (SWEEP, CONTROL):
        for share_name, share in SHARES.items():
            low, high = interval(late[other], late[IDLE], share)
            ratio = percentile(pooled(late[other]), share) / percentile(pooled(late[IDLE]), share)
            told = {"ratio": rounded(ratio), "low": rounded(low), "high": rounded(high), "confidence": 0.95}
            report.sides[f"{other} / idle: {share_name}"] = told
            if other == SWEEP:
                report.figures.append(figure(share_name, ratio, percentile(pooled(late[SWEEP]), share)))
            else:
                report.figures.append(Figure(f"{share_name}, idle again / idle", ratio, "times"))


def figure(share_name: str, ratio: float, milliseconds: float) -> Figure:
    if share_name == "p99" and milliseconds <= ENOUGH_MS:
        return Figure("p99 beside a sweep", milliseconds, "ms", at_most=ENOUGH_MS)
    return Figure(f"{share_name}, beside a sweep / idle", ratio, "times", at_most=GOALS[share_name])


def interval(mine: Sequence[Sequence[float]], its: Sequence[Sequence[float]], share: float) -> tuple[float, float]:
    """95 % of the ratios that other cycles of the same kind would have shown."""
    chance, ratios = random.Random(7), []
    for _ in range(RESAMPLES):
        drawn = [chance.randrange(len(mine)) for _ in mine]
        top, bottom = (percentile(pooled([side[each] for each in drawn]), share) for side in (mine, its))
        ratios.append(top / bottom)
    return percentile(ratios, 0.025), percentile(ratios, 0.975)


def pooled(blocks: Sequence[Sequence[float]]) -> list[float]:
    return [value for block in blocks for value in block]


@contextmanager
def ordering(port: int, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, str(HERE / "ordering.py"), str(port), str(folder)]
    with subprocess.Popen(words, stdin=-1, stdout=-1, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def block(account: "subprocess.Popen[str]", count: int) -> dict[str, list[float]]:
    assert account.stdin is not None
    assert account.stdout is not None
    account.stdin.write(f"{count}\n")
    account.stdin.flush()
    line = account.stdout.readline()
    if not line:
        raise SystemExit("the account's side has ended")
    told: dict[str, list[float]] = json.loads(line)
    return told


@contextmanager
def sweep(folder: Path, engine: str) -> Iterator[None]:
    """One by the kernel is at work when the block begins; its processes end with the one that began them."""
    words = [sys.executable, str(HERE / "sweeping.py"), str(folder), engine]
    with subprocess.Popen(words, stdout=-1, text=True) as process:
        assert process.stdout is not None
        for _ in range(AT_WORK[engine]):
            if not process.stdout.readline():
                raise SystemExit("the sweep has ended")
        try:
            yield
        finally:
            process.kill()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
