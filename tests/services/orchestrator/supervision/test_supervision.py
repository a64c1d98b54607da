"""Supervision: what a person and the watchdog do to a process, and what the ledger and the journal say of it."""

import pytest

from services.core.durations import minutes, seconds
from services.core.events import Event
from services.core.process import ConfigurationFault, Process, State
from services.core.process.context import Context
from services.orchestrator.events import ProcessChanged, Result, RunEnded, StallSeen
from services.orchestrator.units.records import RestartProcess
from services.orchestrator.units.run import Description
from tests.support.manual_clock import ManualClock
from tests.support.program import Program


class Counted(Event, name="test.counted"):
    number: int


class Counts(Process):
    """Counts, one a second, and remembers where it was."""

    heartbeat = seconds(5)
    goes_on = True
    upto: int = 1_000

    def run(self, context: Context) -> None:
        start = (context.position or {"number": 0})["number"]
        for number in range(start + 1, self.upto + 1):
            context.emit(Counted(number))
            context.checkpoint({"number": number})
            context.wait(1, "the next second")


class Stalls(Process):
    """Works for a while, then hangs without a word the first time it runs."""

    heartbeat = seconds(5)
    hung = False

    def run(self, context: Context) -> None:
        for _ in range(3):
            context.wait(1, "work")
        if not type(self).hung:
            type(self).hung = True
            context.clock.wakeup().wait()
        while True:
            context.wait(1, "work")


class Fails(Process):
    """Fails at once, every time."""

    def run(self, context: Context) -> None:
        raise RuntimeError("the sea is too wide")


class Misconfigured(Process):
    """Cannot work as it is set up."""

    def run(self, context: Context) -> None:
        raise ConfigurationFault("no such folder: /nowhere")


def test_a_process_runs_and_what_it_tells_is_on_disk(program: Program) -> None:
    program.start(Counts())
    program.advance(10)
    assert program.state_of() is State.RUNNING
    assert [event.number for event in program.events(Counted)][:5] == [1, 2, 3, 4, 5]


def test_a_pause_is_pausing_until_the_checkpoint_then_paused_and_survives_a_restart(program: Program) -> None:
    program.start(Counts())
    program.advance(3)
    program.pause()
    assert program.state_of() is State.PAUSED
    states = [event.state for event in program.events(ProcessChanged)]
    assert states[-2:] == [State.PAUSING, State.PAUSED]
    told = len(program.events(Counted))
    program.restart()
    program.advance(30)
    assert program.state_of() is State.PAUSED
    assert len(program.events(Counted)) == told
    program.resume()
    program.advance(3)
    numbers = [event.number for event in program.events(Counted)]
    assert numbers == list(range(1, len(numbers) + 1)), "nothing is told twice and nothing is left out"


def test_what_ran_before_a_quit_runs_again_where_it_was(program: Program) -> None:
    program.start(Counts())
    program.advance(5)
    program.restart()
    program.advance(5)
    assert program.state_of() is State.RUNNING
    numbers = [event.number for event in program.events(Counted)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_stalled_bot_is_restarted_and_the_ledger_says_why(program: Program, clock: ManualClock) -> None:
    program.start(Stalls())
    clock.advance(minutes(2))
    assert program.state_of() is State.RUNNING
    stall = program.events(StallSeen)[0]
    assert "manual_clock" in stall.frame
    ended = [event for event in program.events(RunEnded) if event.result is Result.STALLED]
    assert "no beat for" in ended[0].detail
    assert RestartProcess("bot", 1, "x").key == "restart:bot:1"
    assert program.engine.workers.abandoned == 1


def test_failures_back_off_then_open_the_circuit_with_one_try_now_and_then(program: Program) -> None:
    program.start(Fails())
    program.advance(minutes(5))
    assert program.state_of() is State.FAILED
    runs = [event for event in program.events(RunEnded) if event.result is Result.FAILED]
    assert len(runs) == 4
    assert "the sea is too wide" in runs[0].detail
    program.advance(minutes(16))
    assert len(program.events(RunEnded)) == 5


def test_a_configuration_fault_is_not_tried_again(program: Program) -> None:
    program.start(Misconfigured())
    program.advance(minutes(30))
    assert program.state_of() is State.FAILED
    assert len(program.events(RunEnded)) == 1
    assert "no such folder" in program.unit().because


class Hasty(Process):
    """Waits for a time that it is given."""

    every: float

    def run(self, context: Context) -> None:
        while True:
            context.wait(self.every, "the next reading")


@pytest.mark.parametrize("every", [-5.0, float("nan")])
def test_a_wait_that_is_no_time_ends_the_run_instead_of_spinning(program: Program, every: float) -> None:
    program.start(Hasty, parameters={"every": every})
    program.advance(0.1)
    told = program.events(RunEnded)[0]
    assert (told.result, f"a wait of {every} seconds for the next reading" in told.detail) == (Result.FAILED, True)


def test_a_process_is_given_live_parts_of_the_house_before_it_runs(program: Program) -> None:
    launcher = program.engine.orchestrator.supervisor.launcher
    path = "tests.support.processes:Idles"
    given: list[Process] = []
    launcher.equip[path] = given.append
    built = launcher._build(Description("replays", path, {}, 1, None, {}))
    assert given == [built]
