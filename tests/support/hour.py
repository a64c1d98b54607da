"""An hour of a small household of processes on a manual clock: real traders and campaigns, and what goes wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from app.paths import Home
from app.wiring.handlers import all_handlers
from app.wiring.own_files.files import layered
from app.wiring.projections import all_projections
from services.core.decisions.commands import ApproveDecision, RejectDecision, UndoDecision
from services.core.decisions.inbox import Decisions, DecisionsValue
from services.core.durations import minutes, seconds
from services.core.process import Process, Restart
from services.core.process.context import Context
from services.debugger.events import SuiteEnded
from services.engagement.runner import CampaignRunner
from services.orchestrator.events import Alert
from services.orchestrator.triggers.trigger import Every
from services.trading.paper.process import ReplayTrader
from tests.support.manual_clock import START, ManualClock
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program

STRATEGY = """
name: {name}
market: {{symbol: ETH/BTC, tick: 0.00000001, step: 0.001, min_notional: 0.001}}
macd: {{}}
timeframe: 5m
data: generated
capital: 1
"""


class Sweeps(Process):
    """Goes through a long list with progress."""

    service = "trading"

    def run(self, context: Context) -> None:
        for number in context.track(range(500), doing="walk-forward sweep"):
            context.doing(f"{number} of 500 backtests")
            context.wait(9.0, "the next backtest")


class Breaks(Process):
    """Works for a while, then loses its connection."""

    service = "engagement"
    restart = Restart(first=seconds(40), cap=minutes(2), at_most=3, within=minutes(10))

    def run(self, context: Context) -> None:
        context.doing("listening to mentions")
        context.wait(400.0, "mentions")
        raise ConnectionResetError("stream closed by peer")


class Tests(Process):
    """Tells how a suite stands, a little better each time."""

    __test__ = False
    service = "debugger"

    def run(self, context: Context) -> None:
        known = (context.position or {"passed": 180})["passed"]
        for _ in context.track(range(4), doing="running 200 tests"):
            context.wait(12.0, "the suite")
        passed = min(known + 3, 199)
        failed = 200 - passed
        context.sample(f"debugger.tests.passing:{context.name}", 100 * (200 - failed) / 200)
        context.emit(SuiteEnded("complete", 200 - failed, failed, 0, 0, 200, 0, 12.0, 100 * (200 - failed) / 200))
        context.checkpoint({"passed": passed})


class Tidies(Process):
    """Does what could be undone, without being asked."""

    service = "content"
    path: str = ""

    def run(self, context: Context) -> None:
        context.act(WriteLine(self.path, f"tidied by run {context.epoch}"), "older than a week")


class Patient(Random):
    """Draws the longest wait, so that the hour is the same each time."""

    def uniform(self, a: float, b: float) -> float:
        return max(a, b)


@dataclass
class Household:
    """A program in a home, with everything in it. ``moments`` gives the hour, moment by moment."""

    folder: Path
    begin: datetime = START

    def open(self) -> Program:
        clock = ManualClock(self.begin)
        home = Home(self.folder / "home").create()
        handlers = all_handlers(home, clock) | {WriteLine: LineWriter()}
        self.program = Program(self.folder, clock, handlers).open(all_projections())
        self.program.engine.orchestrator.supervisor.healing.rng = Patient()
        campaign = layered("engagement", home.strategies)["build-in-public.yaml"]
        start = self.program.start
        start(self._trader("macd-eth-btc"), "macd-eth-btc")
        start(Sweeps(), "walk-forward-sweep")
        start(CampaignRunner(str(campaign), str(home.sandbox), 60.0), "build-in-public")
        start(Breaks(), "mentions-stream")
        start(Tests(), "billing-api", triggers=(Every(minutes(7)),))
        start(Tidies(str(self.folder / "tidied")), "devlog", triggers=(Every(minutes(11)),))
        return self.program

    def _trader(self, name: str) -> ReplayTrader:
        path = self.folder / f"{name}.yaml"
        path.write_text(STRATEGY.format(name=name))
        return ReplayTrader(str(path), speed=0.25, loop=True)

    def moments(self) -> Iterator[datetime]:
        """Ten moments of an hour, between two rollings-up; what a person does comes a little after each."""
        program, acts = self.program, _does(self.program)
        for second in (90, 360, 800, 845, 1304, 1739, 2041, 2715, 3153, 3600):
            program.advance(self.begin + timedelta(seconds=second + 0.5) - program.clock.now())
            yield program.clock.now()
            program.advance(0.25)
            next(acts, _nothing)()

    def close(self) -> None:
        self.program.close()


def _does(program: Program) -> Iterator[Callable[[], None]]:
    yield lambda: program.pause("walk-forward-sweep")
    yield lambda: _decide(program, ApproveDecision)
    yield lambda: program.wait(program.engine.journal.append(Alert("mentions-stream breaks often", "mentions-stream")))
    yield lambda: _undo(program)
    yield lambda: _decide(program, lambda identity: RejectDecision(identity, "not our tone"))
    yield lambda: program.resume("walk-forward-sweep")
    yield lambda: program.cancel("mentions-stream")


def _decide(program: Program, command: Callable[[str], ApproveDecision | RejectDecision]) -> None:
    waiting = _decisions(program).waiting
    if waiting:
        program.tell(command(waiting[-1].id))


def _undo(program: Program) -> None:
    done = next(row for row in _decisions(program).rows if row.can_undo)
    program.tell(UndoDecision(done.id))


def _decisions(program: Program) -> DecisionsValue:
    value: DecisionsValue = program.engine.view.value(Decisions)
    return value


def _nothing() -> None:
    """The hour goes on by itself."""
