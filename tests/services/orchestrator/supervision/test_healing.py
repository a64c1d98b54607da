"""Healing on the engine: waits with jitter, restarts within bounds, the circuit that half opens, and stalls."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from services.core.durations import minutes, seconds
from services.core.process import Process, Restart, State
from services.core.process.context import Context
from services.orchestrator.commands import RunNow
from services.orchestrator.events import Alert, ProcessChanged, Result, RunEnded, RunStarted, StallSeen
from services.orchestrator.history.projections import Pulse
from services.orchestrator.triggers.trigger import Every
from tests.support.bots import Fails, Gated, Worked
from tests.support.manual_clock import ManualClock
from tests.support.program import Program


def ends(program: Program, name: str = "bot") -> int:
    return len([event for event in program.events(RunEnded) if event.process == name])


class FailsFirst(Process):
    """Fails in its first ``fails`` runs, then works for ``lives`` seconds before it fails again."""

    heartbeat = seconds(5)
    restart = Restart(first=seconds(1), cap=seconds(2), at_most=2)
    fails: int = 3
    lives: float = 10_000.0

    def run(self, context: Context) -> None:
        context.checkpoint()
        if context.epoch <= self.fails:
            raise RuntimeError("not yet")
        context.wait(self.lives, "work")
        raise RuntimeError("no more")


class Recovers(Process):
    """A short job that fails in its first ``fails`` runs and then comes to its end."""

    heartbeat = seconds(5)
    restart = Restart(first=seconds(1), cap=seconds(2), at_most=2)
    fails: int = 3

    def run(self, context: Context) -> None:
        if context.epoch <= self.fails:
            raise RuntimeError("not yet")


def test_each_wait_is_drawn_from_zero_to_a_bound_that_doubles(program: Program) -> None:
    """And is the time that is shown, to the second."""
    program.start(Fails, restart=Restart(first=seconds(10), cap=seconds(30), at_most=50, within=minutes(1)))
    waits = []
    for bound in (10, 20, 30, 30):
        unit = program.unit()
        assert unit.state is State.BACKOFF
        assert unit.until is not None
        wait = (unit.until - program.engine.clock.now()).total_seconds()
        assert 0 < wait <= bound
        waits.append(wait)
        program.advance(wait + 0.001)
    assert len(set(waits)) == 4
    assert ends(program) == 5


def test_a_process_that_fails_too_often_is_failed_with_an_alert_and_tried_once_each_quarter(program: Program) -> None:
    program.start(Fails)
    program.advance(minutes(5))
    assert (program.state_of(), ends(program)) == (State.FAILED, 4)
    assert "3 restarts within 10 min, as many as are allowed" in program.unit().because
    assert "the sea is too wide" in program.events(Alert)[0].what
    assert program.unit().until is not None
    for tries in (5, 6):
        program.advance(minutes(15))
        assert (program.state_of(), ends(program)) == (State.FAILED, tries)


def test_all_processes_together_may_restart_only_so_often(tmp_path: Path, clock: ManualClock) -> None:
    many = Program(tmp_path, clock).open()
    for number in range(5):
        many.start(Fails, f"bot{number}", restart=Restart(first=seconds(1), cap=seconds(1), at_most=3))
    many.advance(minutes(3))
    failed = [event.because for event in many.events(ProcessChanged) if event.state is State.FAILED]
    assert len(failed) == 5
    assert any("6 restarts of all processes together within 10 min" in because for because in failed)
    assert len(many.events(RunEnded)) == 5 + 6, "six restarts in all, not three for each"
    many.close()


def test_a_try_that_lives_closes_the_circuit(program: Program) -> None:
    program.start(FailsFirst, parameters={"lives": 100.0})
    program.advance(minutes(1))
    assert program.state_of() is State.FAILED
    program.advance(minutes(15))
    assert program.state_of() is State.RUNNING
    program.advance(seconds(100))
    assert program.states()[-3:] == [State.BACKOFF, State.STARTING, State.RUNNING]


def test_one_that_had_failed_gets_one_try_when_the_program_starts_again(program: Program) -> None:
    program.start(Fails)
    program.advance(minutes(5))
    before = ends(program)
    program.restart(later=minutes(1))
    program.advance(minutes(5))
    assert program.state_of() is State.FAILED
    assert ends(program) == before + 1
    assert [event.why for event in program.events(RunStarted)][-1] == "one try after it failed"
    program.advance(minutes(11))
    assert ends(program) == before + 2


def test_a_schedule_does_not_run_around_an_open_circuit(program: Program) -> None:
    program.start(Fails, triggers=(Every(minutes(1)),))
    program.advance(minutes(5))
    assert program.state_of() is State.FAILED
    failed = ends(program)
    program.advance(minutes(10))
    assert ends(program) == failed, "its times go by until the circuit tries"
    program.advance(minutes(6))
    assert ends(program) == failed + 1
    assert len(program.events(Alert)) == 2


def test_a_short_job_that_comes_to_its_end_closes_the_circuit(program: Program) -> None:
    program.start(Recovers, triggers=(Every(minutes(30)),))
    program.advance(minutes(35))
    assert program.state_of() is State.FAILED
    program.advance(minutes(15))
    assert program.state_of() is State.WAITING
    assert not program.unit().history.open
    assert program.unit().history.failures == 0


def test_a_person_may_try_before_the_circuit_does(program: Program) -> None:
    program.start(FailsFirst)
    program.advance(minutes(1))
    program.tell(RunNow("bot", {}))
    program.advance(2)
    assert program.state_of() is State.RUNNING
    program.advance(minutes(20))
    assert len(program.events(RunStarted)) == 4, "the try that was planned is not made besides"


def test_what_fails_while_it_is_paused_waits_for_the_person(program: Program) -> None:
    program.start(Fails, parameters={"after": 2.0})
    program.advance(1)
    unit = program.unit()
    unit.paused_by = "user"
    program.advance(minutes(20))
    assert (program.state_of(), ends(program)) == (State.PAUSED, 1)
    program.resume()
    assert [event.why for event in program.events(RunStarted)][-1] == "restart after it failed"


@pytest.fixture
def slow(program: Program) -> Gated:
    """A bot whose steps the test lets go, one each second so far."""
    bot = Gated(program.clock.wakeup())
    program.start(bot)
    for _ in range(5):
        step(program, bot, after=1)
    return bot


def step(program: Program, bot: Gated, after: float) -> None:
    program.advance(after)
    bot.gate.set()
    program.settle()


def test_silence_within_the_heartbeat_is_health(program: Program, slow: Gated) -> None:
    program.advance(4.9)
    assert program.state_of() is State.RUNNING


def test_a_first_look_stalls_and_the_second_restarts(program: Program, slow: Gated) -> None:
    program.advance(6.5)
    assert program.state_of() is State.STALLED
    assert program.events(StallSeen) == []
    program.advance(1)
    assert program.events(StallSeen)[0].silent == pytest.approx(7, abs=1.1)
    assert [event.result for event in program.events(RunEnded)] == [Result.STALLED]


def test_a_stalled_one_that_beats_again_goes_on(program: Program, slow: Gated) -> None:
    step(program, slow, after=6.5)
    program.advance(1)
    assert program.state_of() is State.RUNNING
    assert program.unit().because == "beats again"
    assert ends(program) == 0


def test_one_whose_steps_take_long_is_given_four_times_its_longest(program: Program, slow: Gated) -> None:
    step(program, slow, after=4)
    program.advance(15)
    assert program.state_of() is State.RUNNING
    program.advance(2)
    assert program.state_of() is State.STALLED


def test_who_holds_owes_no_beat_and_who_goes_on_owes_it_from_then(program: Program, slow: Gated) -> None:
    program.pause()
    step(program, slow, after=1)
    program.advance(minutes(30))
    assert program.state_of() is State.PAUSED
    program.resume()
    program.advance(4)
    assert program.state_of() is State.RUNNING
    assert max(next(iter(program.unit().runs.values())).control.gaps) < 5, "a pause is no gap between beats"


def test_a_long_wait_beats_by_itself(program: Program) -> None:
    program.start(WaitsLong)
    program.advance(minutes(10))
    assert program.state_of() is State.RUNNING
    assert program.events(StallSeen) == []


class WaitsLong(Process):
    """Waits for an hour, through its context."""

    heartbeat = seconds(2)

    def run(self, context: Context) -> None:
        context.wait(3600, "the tide")


class Keeps(Process):
    """Has each of its steps on disk before it goes on."""

    heartbeat = seconds(2)

    def run(self, context: Context) -> None:
        while True:
            context.emit(Worked("keep", context.epoch))
            context.keep()
            context.wait(1, "the next step")


def test_one_that_waits_for_a_store_that_takes_no_writes_is_not_taken_for_stalled(program: Program) -> None:
    program.start(Keeps())
    program.advance(3)
    with closing(sqlite3.connect(program.engine.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        program.advance(15)
        assert "locked" in program.engine.journal.health.trouble
        assert program.state_of() is State.RUNNING
        other.execute("ROLLBACK")
    program.advance(15)
    assert program.engine.journal.health.trouble == ""
    assert (program.events(StallSeen), program.unit().restarts) == ([], 0)


def test_failures_and_alerts_reach_the_pulse(tmp_path: Path, clock: ManualClock) -> None:
    seen = Program(tmp_path, clock).open([Pulse()])
    seen.start(Fails)
    seen.advance(minutes(5))
    pulse = seen.engine.view.value(Pulse)
    assert pulse.runs_failed == 4
    assert "bot failed" in pulse.alerts[0].what
    seen.close()
