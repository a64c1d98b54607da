"""A week on the manual clock: the real engine with its housekeeping on schedule. Does it keep its size?

Twelve processes in threads are due every five minutes, emit events and samples and end; one more goes on and on, and a
bot replays candles into the paper account, session after session: each order is a decision. The disk's cap is set low
enough that the week must meet it, so what is printed for each day should come to a level. The cap counts the store, its
samples and the paper account; backups come beside it, each at most as large again.
"""

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean

from measuring import ROOT, Figure, Report, asked, folder_mb, memory_mb, rounded, scratch

from app.runtime.memory import settle
from app.wiring.projections import all_projections
from services.core.decisions.condensing import removed
from services.core.durations import minutes
from services.core.events import Event
from services.core.process import Isolation, Process
from services.core.process.context import Context
from services.orchestrator.definitions.plan import Plan
from services.orchestrator.housekeeping.plans import Keeping, house_plans
from services.orchestrator.triggers.trigger import Every
from services.trading.paper.broker import PaperBroker
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.over import ReplaysOver
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from tests.support.manual_clock import ManualClock
from tests.support.program import Program

STRATEGY = ROOT / "strategies" / "trading" / "macd-eth-btc.yaml"
CAP_MB = 32
BACKUPS = 2
SPEED = 0.15
"""Candles that the bot takes in a second: about one order a minute."""
WORKERS = 12
STEP = timedelta(minutes=30)
"""How far the clock is moved at once; nothing is skipped in between."""


class Learned(Event, name="bench.learned"):
    """What a process of the week tells."""

    what: str
    score: float


class Visits(Process):
    """Comes by, looks around, tells what it saw."""

    isolation = Isolation.THREAD

    def run(self, context: Context) -> None:
        for number in range(5):
            context.emit(Learned(f"{context.name} saw {number} things that nobody had told it about " * 2, number / 5))
            context.sample(f"visits.score:{context.name}", number / 5)
            context.progress(number + 1, 5, f"thing {number}")
            context.checkpoint({"number": number})


class Streams(Process):
    """Goes on and on: a sample each second half minute."""

    isolation = Isolation.THREAD
    heartbeat = minutes(10)

    def run(self, context: Context) -> None:
        while True:
            context.sample("stream.level", context.clock.monotonic() % 60)
            context.wait(30, "the next reading")


@dataclass(frozen=True)
class Day:
    """How large everything was at the end of a day."""

    day: int
    memory_mb: float
    disk_mb: float
    """All that the cap counts."""
    backups_mb: float
    paper_mb: float
    decisions: int
    """That the ledger has."""
    decided: int
    """That were ever taken."""
    store_mb: float
    samples_mb: float
    events: int
    threads: int
    took_s: float


def main() -> None:
    report = asked("week", __doc__)
    settle()
    days, step = (1, STEP) if report.quick else (7, timedelta(days=1))
    with scratch() as folder, living(folder) as program:
        told = [live(program, folder, number + 1, step) for number in range(days)]
    report.sides["days"] = [{name: rounded(value) for name, value in vars(day).items()} for day in told]
    report.sides["cap, MB"] = CAP_MB
    fill_in(report, told)
    report.print()


def fill_in(report: Report, days: list[Day]) -> None:
    """Flat: the last days against those before, once caches and the disk's cap are full."""
    late, early = days[-2:], days[-4:-2] or days[:1]
    growth = fmean(day.memory_mb for day in late) / fmean(day.memory_mb for day in early)
    report.figures = [
        Figure("memory, the last two days against the two before", growth, "x", at_most=1.05),
        Figure("memory at the end", days[-1].memory_mb, "MB"),
        Figure("disk at its largest, of the cap", max(day.disk_mb for day in days) / CAP_MB, "x", at_most=1),
        Figure(
            "backups at their largest, of as many caps",
            max(day.backups_mb for day in days) / CAP_MB / BACKUPS,
            "x",
            at_most=1,
        ),
        Figure("decisions taken", days[-1].decided, "decisions"),
        Figure("decisions in the ledger at the end", days[-1].decisions, "decisions"),
        Figure("threads at the end", days[-1].threads, "threads"),
        Figure("simulated seconds in a real one", 86_400 * len(days) / sum(day.took_s for day in days), "x"),
    ]


@contextmanager
def living(folder: Path) -> Iterator[Program]:
    """The engine on a clock that stands until it is moved, with its processes and its housekeeping."""
    paper = folder / "paper.db"
    program = Program(folder, ManualClock(datetime(2026, 3, 2, tzinfo=UTC)), {PlaceOrder: PlaceOnPaper(paper)})
    program.open(all_projections())
    engine = program.engine
    keeping = Keeping(disk_cap_mb=CAP_MB, backups_keep=BACKUPS)
    for plan, process in house_plans(
        engine.projections,
        engine.files,
        backups=folder / "backups",
        logs=folder,
        reports=folder,
        endings=ReplaysOver(PaperBroker(paper)),
        books={"the paper account": paper},
        keeping=keeping,
    ):
        engine.orchestrator.supervisor.launcher.prepared[plan.path] = process
        begin(program, plan)
    for number in range(WORKERS):
        program.start(Visits(), f"visits-{number}", triggers=(Every(minutes(5)),))
    program.start(Streams(), "streams")
    program.start(ReplayTrader(strategy=str(STRATEGY), speed=SPEED, loop=True), "macd-eth-btc")
    yield program
    program.close()


def begin(program: Program, plan: Plan) -> None:
    orchestrator = program.engine.orchestrator
    program.engine.ask(lambda: orchestrator.begin(orchestrator.define(plan)))


def live(program: Program, folder: Path, number: int, length: timedelta) -> Day:
    """Let a day pass, and look at what is left of it."""
    began = time.perf_counter()
    passed = timedelta()
    while passed < length:
        program.advance(STEP)
        passed += STEP
    gc.collect()
    backups = folder_mb(folder / "backups") if (folder / "backups").exists() else 0.0
    samples = folder_mb(folder / "samples")
    left = program.engine.count_decisions()
    with program.engine.store.reading.connect() as connection:
        gone = removed(connection)
    disk = folder_mb(folder) - backups
    return Day(
        number,
        memory_mb(),
        disk,
        backups,
        (folder / "paper.db").stat().st_size / 1e6,
        left,
        left + (gone.count if gone else 0),
        disk - samples,
        samples,
        program.engine.journal.health.last_seq,
        threading.active_count(),
        time.perf_counter() - began,
    )


if __name__ == "__main__":
    main()
