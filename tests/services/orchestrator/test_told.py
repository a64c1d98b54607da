"""What a person tells a process: on disk before it is obeyed, shown as it is, and kept through every end."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.commands import CommandGiven
from services.core.durations import minutes, seconds
from services.core.process import State
from services.orchestrator.commands import CancelProcess, PauseProcess, RunNow, SetParameters
from services.orchestrator.events import ProcessChanged, Result, RunEnded, RunStarted
from services.orchestrator.triggers.misfire import Misfire
from services.orchestrator.triggers.trigger import Every
from tests.support.bots import Fails, Gated, Job, Misconfigured, Worked
from tests.support.program import Program

ROOT = Path(__file__).parents[3]


def words(program: Program) -> list[str]:
    return [event.word for event in program.events(Worked)]


def gated(program: Program, **plan: object) -> Gated:
    bot = Gated(program.clock.wakeup())
    program.start(bot, **{"heartbeat": minutes(9), **plan})
    program.advance(2)
    return bot


def test_a_command_is_in_the_journal_before_anything_comes_of_it(program: Program) -> None:
    program.start(Job, parameters={"length": 60})
    program.advance(2)
    program.pause()
    events = program.events()
    given = next(at for at, event in enumerate(events) if isinstance(event, CommandGiven))
    assert events[given] == CommandGiven("process.pause", {"process": "bot", "cause": ""}, "user")
    pausing = [isinstance(event, ProcessChanged) and event.state is State.PAUSING for event in events]
    assert pausing.index(True) > given


def test_pausing_is_shown_until_the_checkpoint_is_reached(program: Program) -> None:
    bot = gated(program)
    program.pause()
    program.advance(minutes(2))
    assert (program.state_of(), program.unit().because) == (State.PAUSING, "until its next checkpoint")
    bot.gate.set()
    program.settle()
    assert program.state_of() is State.PAUSED


def test_one_that_is_resumed_before_its_checkpoint_never_was_paused(program: Program) -> None:
    bot = gated(program)
    program.pause()
    program.resume()
    bot.gate.set()
    program.advance(2)
    assert program.state_of() is State.RUNNING
    assert State.PAUSED not in program.states()


def test_the_last_word_counts_when_a_pause_follows_a_resume_at_once(program: Program) -> None:
    program.start(Job, parameters={"length": 60})
    program.advance(2)
    program.pause()
    orchestrator = program.engine.orchestrator

    def both() -> None:
        orchestrator.supervisor.resume(program.unit(), "user")
        orchestrator.supervisor.pause(program.unit(), "user")

    program.engine.ask(both)
    program.advance(30)
    assert program.state_of() is State.PAUSED
    assert State.RUNNING not in program.states()[program.states().index(State.PAUSED) :]


def test_one_told_to_pause_while_it_is_stalled_pauses_when_it_beats_again(program: Program) -> None:
    bot = gated(program, heartbeat=seconds(5))
    program.advance(4.5)
    assert program.state_of() is State.STALLED
    program.pause()
    bot.gate.set()
    program.advance(3)
    assert program.state_of() is State.PAUSED


def test_a_run_that_ends_while_its_process_is_paused_leaves_it_paused(program: Program) -> None:
    program.start(Job, triggers=(Every(minutes(5)),))
    program.pause()
    program.tell(RunNow("bot", {}))
    assert program.state_of() is State.STARTING
    program.advance(minutes(10))
    assert [event.result for event in program.events(RunEnded)] == [Result.FINISHED]
    assert program.state_of() is State.PAUSED


def test_what_is_cancelled_while_paused_stays_paused_and_starts_anew_when_resumed(program: Program) -> None:
    program.start(Job, parameters={"length": 60})
    program.advance(2)
    program.pause()
    program.cancel()
    assert program.state_of() is State.PAUSED
    assert program.unit().runs == {}
    program.resume()
    program.advance(2)
    assert len(words(program)) == 2


def test_a_cancelled_process_waits_for_its_schedule_again(program: Program) -> None:
    program.start(Fails, triggers=(Every(minutes(5)),))
    program.advance(minutes(5))
    assert program.state_of() is State.BACKOFF
    program.cancel()
    assert (program.state_of(), program.unit().because) == (State.WAITING, "its schedule")
    program.advance(minutes(1))
    assert len(program.events(RunStarted)) == 1, "its restart was cancelled with it"


def test_run_now_with_other_parameters_changes_this_run_alone(program: Program) -> None:
    program.start(Job, triggers=(Every(minutes(1)),))
    program.tell(RunNow("bot", {"word": "special"}))
    program.advance(minutes(1) + seconds(2))
    assert words(program) == ["special", "work"]


def test_what_is_set_for_the_next_run_alone_outlives_the_program_until_then(program: Program) -> None:
    program.start(Job, triggers=(Every(minutes(1)),))
    program.tell(SetParameters("bot", {"word": "once"}, once=True))
    program.restart()
    program.advance(minutes(2) + seconds(10))
    assert words(program) == ["once", "work"]
    program.restart()
    program.advance(minutes(1))
    assert words(program) == ["once", "work", "work"]


def test_what_is_set_for_good_stays_set(program: Program) -> None:
    program.start(Job, triggers=(Every(minutes(1)),))
    program.tell(SetParameters("bot", {"word": "always"}, once=False))
    program.advance(minutes(1) + seconds(10))
    program.restart()
    program.advance(minutes(1))
    assert words(program) == ["always", "always"]


def test_a_run_that_fails_is_tried_again_with_what_was_set_for_it(program: Program) -> None:
    program.start(Fails, parameters={"after": 1.0}, triggers=(Every(minutes(60)),))
    program.tell(RunNow("bot", {"after": 2.0}))
    program.advance(minutes(1))
    took = [round(event.seconds) for event in program.events(RunEnded)]
    assert len(took) > 1
    assert set(took) == {2}


def test_a_configuration_fault_waits_for_a_person_who_mends_it_and_runs_it_now(program: Program) -> None:
    program.start(Misconfigured)
    program.advance(minutes(20))
    assert (program.state_of(), len(program.events(RunStarted))) == (State.FAILED, 1)
    program.tell(SetParameters("bot", {"folder": "/somewhere"}, once=False))
    program.tell(RunNow("bot", {}))
    program.advance(5)
    assert program.state_of() is State.RUNNING


def test_a_cancelled_process_stays_ended_though_the_program_ended_before_the_run(program: Program) -> None:
    bot = gated(program)
    program.tell(CancelProcess("bot"))
    assert program.state_of() is State.STOPPING
    program.restart()
    bot.gate.set()
    program.advance(10)
    assert (program.state_of(), len(program.events(RunStarted))) == (State.STOPPED, 1)


def test_what_a_rule_ended_stays_ended_after_a_restart(program: Program) -> None:
    program.start(Job, parameters={"length": 60})
    program.advance(2)
    program.tell(CancelProcess("bot"), by="rule:drawdown")
    program.restart()
    program.advance(5)
    assert program.state_of() is State.STOPPED


def test_a_restart_that_was_waited_for_comes_after_the_program_starts_again(program: Program) -> None:
    program.start(Fails, triggers=(Every(minutes(60)),), misfire=Misfire.SKIP)
    program.tell(RunNow("bot", {}))
    assert program.state_of() is State.BACKOFF
    program.restart()
    assert [event.why for event in program.events(RunStarted)][1] == "it ran before"


@pytest.mark.parametrize(
    ("command", "after"), [(PauseProcess("bot"), State.PAUSED), (CancelProcess("bot"), State.STOPPED)]
)
def test_what_was_told_is_so_after_the_program_was_killed_before_the_checkpoint(
    tmp_path: Path, command: PauseProcess | CancelProcess, after: State
) -> None:
    """The bot of that program never comes to a checkpoint."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.support.told_program", str(tmp_path), command.type_name],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout is not None
    told = child.stdout.readline().strip()
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert told == ("pausing" if after is State.PAUSED else "stopping")
    program = Program(tmp_path, SystemClock()).open()
    program.start(Job, parameters={"length": 0})
    assert program.state_of() is after
    assert [event.result for event in program.events(RunEnded)] == [Result.LOST]
    program.close()
