"""A run that does not end when asked, or hangs: it is given up, counted, and refused every word when it wakes late."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.core.clock import SystemClock
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.ledger import Entry, open_acts
from services.core.durations import seconds
from services.core.effects import Details, Outcome, Standing
from services.core.events import Event
from services.core.process import Isolation, Process, Restart, State
from services.core.process.context import Context
from services.core.process.running import Cancelled, Superseded
from services.orchestrator.commands import CancelProcess
from services.orchestrator.events import Result, RunEnded, RunStarted, StallSeen
from tests.support.bots import Gated
from tests.support.processes import LineWriter, Sleeps, WriteLine
from tests.support.program import Program
from tests.support.until import until


class Late(Event, name="test.late"):
    """What a run says that was given up."""


class WakesLate(Process):
    """Hangs in its first run until it is let go; then tries what the test says, and notes what came of it."""

    heartbeat = seconds(5)
    restart = Restart(first=seconds(0.1), cap=seconds(0.2))
    let_go: Any
    tries: Callable[[Context], Any]
    came: list[str]

    def run(self, context: Context) -> None:
        context.checkpoint()
        if context.epoch > 1:
            while True:
                context.wait(1, "work")
        self.let_go.wait()
        try:
            self.tries(context)
        except Superseded:
            self.came.append("refused")
            raise
        self.came.append("heard")


def emit(context: Context) -> None:
    context.emit(Late())
    context.keep()


TRIES: dict[str, Callable[[Context], Any]] = {
    "emit": emit,
    "beat": lambda context: context.progress(1),
    "checkpoint": lambda context: context.checkpoint({"number": 9}),
    "sample": lambda context: context.sample("late", 1.0),
    "decide": lambda context: context.propose(Proposal(WriteLine("/nowhere/at/all", "late"), "because")),
    "act": lambda context: context.act(WriteLine("/nowhere/at/all", "late"), "because"),
    "learn": lambda context: context.learn("late", ["a", "b"], {"a": 1.0}),
}


@pytest.mark.parametrize("word", list(TRIES))
def test_a_run_that_wakes_after_it_was_replaced_is_refused(program: Program, word: str) -> None:
    program.engine.acts.handlers[WriteLine] = LineWriter()
    bot = WakesLate(program.clock.wakeup(), TRIES[word], [])
    program.start(bot)
    program.advance(15)
    assert [event.epoch for event in program.events(RunStarted)] == [1, 2]
    before = len(program.events())
    bot.let_go.set()
    program.settle()
    assert bot.came == ["refused"]
    assert len(program.events()) == before, "nothing of it is kept"
    assert program.engine.orchestrator.records.position("bot") is None
    program.advance(2)
    assert program.state_of() is State.RUNNING, "the replacement is not disturbed"
    assert [event.result for event in program.events(RunEnded)] == [Result.STALLED]


def test_a_thread_that_ignores_a_cancel_is_given_up_after_five_seconds_and_counted(program: Program) -> None:
    bot = Gated(program.clock.wakeup())
    program.start(bot)
    program.advance(2)
    program.cancel()
    program.advance(4)
    assert program.state_of() is State.STOPPING
    assert program.engine.workers.abandoned == 0
    program.advance(3)
    assert (program.state_of(), program.unit().because) == (
        State.STOPPED,
        "cancelled: did not end when asked and was given up",
    )
    assert [event.result for event in program.events(RunEnded)] == [Result.CANCELLED]
    assert program.engine.workers.abandoned == 1
    bot.gate.set()
    program.settle()
    assert program.engine.workers.abandoned == 0, "it has ended after all"
    assert program.state_of() is State.STOPPED


@pytest.mark.parametrize(("saves", "told"), [(9.0, "saved"), (60.0, "did not end when asked; killed")])
def test_a_run_that_states_how_long_it_takes_to_end_has_that_and_a_second_before_it_is_killed(
    program: Program, saves: float, told: str
) -> None:
    program.start(Saves(program.clock.wakeup(), saves, 10.0))
    program.advance(2)
    program.cancel()
    program.advance(8)
    assert program.state_of() is State.STOPPING
    program.advance(5)
    assert (program.state_of(), program.unit().because) == (State.STOPPED, f"cancelled: {told}")


class Saves(Process):
    """Saves what it has for ``takes`` seconds once it is asked to end; a kill cuts that short."""

    heartbeat = seconds(5)
    killed: Any
    takes: float
    promised: float

    def run(self, context: Context) -> None:
        try:
            while True:
                context.wait(1, "work")
        except Cancelled:
            context.outcome = "killed" if self.killed.wait(self.takes) else "saved"
            raise

    def ends_within(self) -> timedelta:
        return seconds(self.promised)

    def kill(self) -> None:
        self.killed.set()


def test_a_child_that_ignores_a_cancel_is_killed(tmp_path: Path) -> None:
    real = Program(tmp_path, SystemClock()).open()
    real.start(Sleeps, isolation=Isolation.PROCESS, heartbeat=seconds(600))
    until(lambda: real.state_of() is State.RUNNING)
    (run,) = real.unit().runs.values()
    child = run.runner._runner._child  # type: ignore[attr-defined]
    real.tell(CancelProcess("bot"))
    until(lambda: real.state_of() is State.STOPPED)
    until(lambda: child.poll() is not None)
    until(lambda: real.events(RunEnded))
    assert [event.result for event in real.events(RunEnded)] == [Result.CANCELLED]
    real.close()


def test_a_stall_is_told_as_a_stall_though_its_child_dies_of_being_ended(tmp_path: Path) -> None:
    real = Program(tmp_path, SystemClock()).open()
    real.start(Sleeps, isolation=Isolation.PROCESS, heartbeat=Sleeps.heartbeat)
    until(lambda: real.events(RunEnded))
    assert real.events(RunEnded)[0].result is Result.STALLED
    assert real.events(StallSeen)
    real.close()


def test_a_run_that_was_given_up_has_not_ended_before_its_acts_are_withdrawn_though_its_thread_has(
    program: Program,
) -> None:
    bot = Gated(program.clock.wakeup())
    program.start(bot)
    program.advance(6.5)
    assert program.state_of() is State.STALLED
    disk = program.clock.wakeup()
    program.engine.journal.write(lambda tx: disk.wait() and None)
    program.advance(1)
    bot.gate.set()
    program.advance(5)
    assert sorted(program.unit().runs) == [1], "its thread has ended, but the store is slow"
    disk.set()
    program.advance(5)
    assert [event.result for event in program.events(RunEnded)] == [Result.STALLED]
    assert sorted(program.unit().runs) == [2]


def test_a_replacement_begins_only_when_the_open_acts_of_the_old_run_have_been_settled_or_are_unknown(
    program: Program,
) -> None:
    order: list[str] = []
    outside = SlowOutside(program.clock.wakeup(), program.clock.wakeup(), order)
    program.engine.acts.handlers[WriteLine] = outside
    program.start(ActsOnce(order))
    program.advance(20)
    assert [event.result for event in program.events(RunEnded)] == [Result.STALLED]
    (entry,) = ledger_of(program)
    assert (entry.decision.verdict, entry.decision.why) == (Verdict.UNKNOWN, "the run was given up while it acted")
    assert order == ["run 1", "asked to write", "asked whether it was written"], "the next run waits for the answer"
    outside.answers.set()
    program.advance(2)
    assert order[3:] == ["run 2"]
    assert program.state_of() is State.RUNNING


class ActsOnce(Process):
    """Acts in its first run, and works on in every other."""

    heartbeat = seconds(5)
    restart = Restart(first=seconds(0.1), cap=seconds(0.2))
    order: list[str]

    def run(self, context: Context) -> None:
        self.order.append(f"run {context.epoch}")
        context.checkpoint()
        if context.epoch == 1:
            context.act(WriteLine("/nowhere/at/all", "line"), "because")
        while True:
            context.wait(1, "work")


class SlowOutside(LineWriter):
    """Hangs when it is to write, and says whether it has written only when it is let."""

    def __init__(self, writes: Any, answers: Any, order: list[str]) -> None:
        self.writes = writes
        self.answers = answers
        self.order = order

    def carry_out(self, effect: WriteLine) -> Details:
        self.order.append("asked to write")
        self.writes.wait()
        return {}

    def look_up(self, effect: WriteLine) -> Outcome:
        self.order.append("asked whether it was written")
        self.answers.wait()
        return Outcome(Standing.UNKNOWN)


def ledger_of(program: Program) -> list[Entry]:
    return program.wait(program.engine.journal.write(open_acts))  # type: ignore[no-any-return]
