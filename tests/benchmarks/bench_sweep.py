"""A sweep: 400 combinations over 100,000 bars by the kernel, beside vectorbt on the same bars with the same trades.

vectorbt's licence (Commons Clause) keeps it out of the program and its tests, so it lies in an environment of its own:

    python -m venv FOLDER
    FOLDER/bin/pip install --require-hashes -r packaging/benchmarks.lock
    DREAMSCAPE_BENCH_VECTORBT=FOLDER/bin/python python bootstrap.py bench sweep

Without one the kernel is measured alone. Both sides run in fresh processes by turns, on one thread, and the seconds are
the processor's; what is imported and compiled does not count. vectorbt runs in the chunk that was its fastest of three.
Beside that two workers run it by the clock, and one runs more and more of it, to see that a bar costs no more then.

Measured on two quiet cores, five rounds by turns in fresh processes: crosses took 0.23 to 0.28 s (median 0.25) beside
vectorbt's 13.2 to 15.3 s (13.7): 54 times by the medians, 50 to 60 by rounds, and 92 times by the clock with two
workers. With stop and target 0.28 to 0.32 s (0.31) beside 13.3 to 14.6 s (14.3): 46 times, 45 to 49 by rounds, and 76
by the clock. The kernel computes and vectorbt waits for memory, so what a host gives moves the ratio: on one that
others used hard, crosses were 27 to 45 times. By parts, of crosses: the crosses 0.04 s, trading some 0.11 s (30 ns a
fill), measuring 0.05 s, Python 0.02 s. A bar of each combination costs 6.2 to 8.8 ns from 10 million to 10 billion of
them, all trades are vectorbt's, and the memory is 0.2 % of its own.
"""

import json
import math
import os
import random
import subprocess
import sys
from array import array
from pathlib import Path

from measuring import Figure, Report, asked, scratch
from swept import COLUMNS, STATISTICS, combinations

HERE = Path(__file__).parent
CHUNKS = (10, 20, 40)
GOALS = {"cross": 50.0, "stop and target": 40.0}
WALL_GOAL, WORKERS = 90.0, 2
"""Of two workers on two cores that nobody else uses; on a busy machine it says more of the others."""
MEMORY_SHARE = 0.01
AGREE = 1e-9
OTHER = "DREAMSCAPE_BENCH_VECTORBT"


def main() -> None:
    report = asked("sweep", __doc__)
    count, rounds = (3_000, 1) if report.quick else (100_000, 5)
    times = 1 if report.quick else 10
    other = os.environ.get(OTHER, "")
    with scratch() as folder:
        write_bars(folder, count)
        for name in GOALS:
            against(report, folder, name, rounds, other) if other else alone(report, folder, name, rounds)
        linear(report, folder, times)
    report.note = f"{len(combinations())} combinations over {count:,} bars, fee 0.02 %, one thread each"
    if not other:
        report.note += f"; {OTHER} names no interpreter that has vectorbt, see this script"
    report.print()


def alone(report: Report, folder: Path, name: str, rounds: int) -> None:
    took = [run(folder, name, "kernel") for _ in range(rounds)]
    seconds = report.side(f"{name}, kernel", [each["cpu"] for each in took], "CPU s")
    report.figures.append(Figure(f"{name}: the kernel", seconds, "CPU s"))


def against(report: Report, folder: Path, name: str, rounds: int, other: str) -> None:
    tried = {chunk: run(folder, name, "vectorbt", other, chunk)["cpu"] for chunk in CHUNKS}
    chunk = min(tried, key=tried.__getitem__)
    ours, theirs, pairs = [], [], []
    for _ in range(rounds):
        ours.append(run(folder, name, "kernel"))
        theirs.append(run(folder, name, "vectorbt", other, chunk))
        pairs.append(run(folder, name, "workers", more=WORKERS))
    mine = report.side(f"{name}, kernel", [each["cpu"] for each in ours], "CPU s")
    its = report.side(f"{name}, vectorbt in chunks of {chunk}", [each["cpu"] for each in theirs], "CPU s")
    ratios = [its_["cpu"] / mine_["cpu"] for mine_, its_ in zip(ours, theirs, strict=True)]
    report.side(f"{name}, ratio by rounds", ratios, "times")
    wall = report.side(f"{name}, vectorbt by the clock", [each["wall"] for each in theirs], "s")
    both = report.side(f"{name}, two workers by the clock", [each["wall"] for each in pairs], "s")
    memory = report.side(f"{name}, memory of the kernel", [each["more_mb"] for each in ours], "MB")
    its_memory = report.side(f"{name}, memory of vectorbt", [each["more_mb"] for each in theirs], "MB")
    report.figures += [
        Figure(f"{name}: vectorbt / kernel", its / mine, "times", at_least=GOALS[name]),
        Figure(f"{name}: vectorbt / two workers, by the clock", wall / both, "times", at_least=WALL_GOAL),
        Figure(f"{name}: memory, kernel / vectorbt", memory / its_memory, "share", at_most=MEMORY_SHARE),
        Figure(f"{name}: combinations with other trades", float(others(folder)), "of 400", at_most=0.0),
        Figure(f"{name}: largest difference of a statistic", furthest(folder), "relative", at_most=AGREE),
    ]


def linear(report: Report, folder: Path, times: int) -> None:
    """What a bar costs in each combination, from few to many of both."""
    took = run(folder, "cross", "sizes", more=times)
    each = {int(size): seconds / int(size) * 1e9 for size, seconds in took.items()}
    for size, cost in each.items():
        report.figures.append(Figure(f"cross: {size:,} bars x combinations", cost, "CPU ns each"))
    most = max(each.values()) / min(each.values())
    report.figures.append(Figure("cross: the dearest of these sizes / the cheapest", most, "times", at_most=1.5))


def run(folder: Path, name: str, side: str, interpreter: str = sys.executable, more: int = 0) -> dict[str, float]:
    """One side in a process of its own; nothing there may use a second thread."""
    words = [interpreter, str(HERE / "swept.py"), side, str(folder), str(int(name != "cross")), str(more)]
    single = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS", "NUMBA")}
    done = subprocess.run(words, env=os.environ | single, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def write_bars(folder: Path, count: int) -> None:
    """A price with jumps and changing unrest, seeded, on a grid of 8 decimals."""
    chance = random.Random(7)
    columns = {name: array("d") for name in COLUMNS}
    price, unrest = 100.0, 1.0
    for _ in range(count):
        unrest = math.exp(0.98 * math.log(unrest) + chance.gauss(0, 0.1))
        jump = chance.gauss(0, 1) / math.sqrt(chance.gammavariate(2, 0.5)) * 5e-4 * unrest
        close = price * math.exp(max(-0.05, min(jump, 0.05)))
        high = max(price, close) * (1 + abs(chance.gauss(0, 2e-4)))
        low = min(price, close) * (1 - abs(chance.gauss(0, 2e-4)))
        for name, value in zip(COLUMNS, (price, high, low, close), strict=True):
            columns[name].append(round(value, 8))
        price = columns["closes"][-1]
    for name, column in columns.items():
        (folder / name).write_bytes(column.tobytes())


def read(folder: Path, side: str, number: int, what: str) -> "array[float]":
    return array("d", (folder / f"{side}-{number}.{what}").read_bytes())


def others(folder: Path) -> int:
    """How many combinations filled at other bars or sides, or at prices or quantities that are not the same."""
    found = 0
    for number in range(len(combinations())):
        mine, its = (read(folder, side, number, "fills") for side in ("kernel", "vectorbt"))
        same = len(mine) == len(its)
        same = same and mine[0::4] == its[0::4] and mine[1::4] == its[1::4]
        found += not (same and all(near(one, two) for one, two in zip(mine, its, strict=True)))
    return found


def furthest(folder: Path) -> float:
    """The largest relative difference of any of the five statistics."""
    most = 0.0
    for number in range(len(combinations())):
        mine, its = (read(folder, side, number, "statistics") for side in ("kernel", "vectorbt"))
        for _, one, two in zip(STATISTICS, mine, its, strict=True):
            most = max(most, abs(one - two) / max(abs(one), abs(two), 1e-12))
    return most


def near(one: float, other: float) -> bool:
    return abs(one - other) <= AGREE * max(abs(one), abs(other))


if __name__ == "__main__":
    main()
