"""A bot that hangs while it acts, is replaced by the watchdog, and then wakes: orders are counted at the outside."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.core import faults
from services.core.clock import SystemClock
from services.core.decisions.decision import Verdict
from services.core.decisions.ledger import Entry, by_key
from services.core.durations import seconds
from services.core.process import Process, Restart, State
from services.core.process.context import Context
from services.orchestrator.events import Result, RunEnded, StallSeen
from tests.support.outside import Desk, DeskHandler, PlaceAtDesk, open_desk
from tests.support.program import Program
from tests.support.until import until


class Orders(Process):
    """Places one order, by a key of its own, and says what came of it."""

    heartbeat = seconds(0.5)
    restart = Restart(first=seconds(0.05), cap=seconds(0.1))
    url: str

    def run(self, context: Context) -> None:
        context.doing("warming up")
        context.wait(1.5, "the market")
        standing = context.act(PlaceAtDesk(self.url, "buy 1"), "because").standing
        context.doing(f"the order is {standing}")
        context.checkpoint({"standing": str(standing)})


@pytest.fixture
def desk() -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path, SystemClock(), {PlaceAtDesk: DeskHandler()}).open()
    yield program
    faults.arm("act.intended", None)
    program.close()


class HangsOnce:
    """A fault that holds the first who comes, until it is told to let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.woke = threading.Event()
        self._first = threading.Lock()

    def __call__(self) -> None:
        if self._first.acquire(blocking=False):
            self.let_go.wait(60)
            self.woke.set()


def decision(program: Program) -> Entry:
    found: Entry = program.wait(program.engine.journal.write(lambda tx: by_key(tx, "desk:buy 1")))
    return found


def finished(program: Program) -> bool:
    return any(event.result is Result.FINISHED for event in program.events(RunEnded))


def test_a_bot_that_hangs_between_intent_and_act_places_no_second_order_when_it_wakes(
    real: Program, desk: Desk
) -> None:
    hang = HangsOnce()
    faults.arm("act.intended", hang)
    real.start(Orders(desk.url))
    until(lambda: finished(real))
    assert real.events(StallSeen)
    assert desk.orders == ["buy 1"], "the replacement has placed it"
    hang.let_go.set()
    until(lambda: hang.woke.is_set() and real.engine.workers.abandoned == 0)
    assert desk.orders == ["buy 1"], "the one that woke has not"
    assert decision(real).decision.verdict is Verdict.DONE
    assert decision(real).epoch == 2


def test_an_order_that_hangs_at_the_outside_is_not_placed_again_by_the_replacement(real: Program, desk: Desk) -> None:
    desk.go_on.clear()
    real.start(Orders(desk.url))
    until(desk.arrived.is_set)
    until(lambda: finished(real))
    assert desk.orders == []
    assert decision(real).decision.verdict is Verdict.UNKNOWN, "the outside says no, but the call is still out"
    assert real.engine.orchestrator.records.position("bot") == {"standing": "unknown"}
    desk.go_on.set()
    until(lambda: decision(real).decision.verdict is Verdict.DONE)
    assert desk.orders == ["buy 1"]
    assert real.state_of() is State.STOPPED
