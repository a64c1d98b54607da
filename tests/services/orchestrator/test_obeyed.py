"""A command is on disk as a whole or not at all: killed anywhere on its way, it was obeyed once or never given."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.commands import CommandGiven
from services.core.durations import minutes
from services.core.process import State
from services.orchestrator.commands import NotNow, ResumeProcess, RunNow, SetParameters
from services.orchestrator.events import RunStarted
from services.orchestrator.supervision.holds import HeldByGuard, Hold
from services.orchestrator.triggers.trigger import Every
from tests.support.bots import Job
from tests.support.program import Program
from tests.support.told_program import COMMANDS, ON_DISK, given

ROOT = Path(__file__).parents[3]


def killed_at(point: str, home: Path, command: str) -> None:
    """Run the program until it kills itself on the way of the command."""
    words = [sys.executable, "-m", "tests.support.told_program", str(home), command, point]
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    told, _ = child.communicate(timeout=60)
    assert (child.returncode, told) == (-signal.SIGKILL, "")


@contextmanager
def restarted(home: Path) -> Iterator[Program]:
    """The program after the kill, as it stands before a second has passed."""
    program = Program(home, SystemClock())
    program.plans = {
        "bot": program.plan_of(Job, "bot", parameters={"length": 600}),
        "hourly": program.plan_of(Job, "hourly", parameters={"length": 600}, triggers=(Every(minutes(60)),)),
    }
    program.open()
    program.wait(program.engine.journal.write(lambda tx: None))
    yield program
    program.close()


def started(program: Program, name: str) -> int:
    return sum(1 for event in program.events(RunStarted) if event.process == name)


def skips(program: Program, name: str) -> int:
    (entry,) = program.engine.orchestrator.scheduler.planned[name]
    return entry.skip


OBEYED: dict[str, Callable[[Program], bool]] = {
    "process.pause": lambda program: program.state_of() is State.PAUSED,
    "process.cancel": lambda program: program.state_of() is State.STOPPED,
    # The run that the command began was lost in the crash, and goes on in another.
    "process.run_now": lambda program: (started(program, "hourly"), len(program.unit("hourly").runs)) == (2, 1),
    "process.skip_next": lambda program: skips(program, "hourly") == 1,
    "process.set": lambda program: program.unit().settings == {"word": "always"},
    "process.set_once": lambda program: program.unit("hourly").once == {"word": "once"},
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("point", ["command.accepted", "command.obeyed", ON_DISK])
def test_a_command_killed_on_its_way_was_obeyed_once_or_never_given(tmp_path: Path, command: str, point: str) -> None:
    killed_at(point, tmp_path, command)
    is_given = [COMMANDS[command].type_name] if point == ON_DISK else []
    assert given(tmp_path) == is_given
    with restarted(tmp_path) as program:
        assert OBEYED[command](program) == bool(is_given)
        if command == "process.run_now" and not is_given:
            assert started(program, "hourly") == 0


def test_a_refused_command_leaves_no_trace_and_moves_nothing(program: Program) -> None:
    program.start(Job, parameters={"length": 60})
    before = len(program.events())
    with pytest.raises(NotNow, match="still under way"):
        program.tell(RunNow("bot", {}))
    assert len(program.events()) == before


def test_a_command_that_a_guard_lets_through_in_part_is_on_disk_with_what_it_moved(program: Program) -> None:
    for name in ("free", "held"):
        program.start(Job, name, parameters={"length": 600})
        program.pause(name)
    program.engine.orchestrator.held = lambda name: Hold("rule:stop", "it fired", "re-arm") if name == "held" else None
    with pytest.raises(HeldByGuard, match="All others go on"):
        program.tell(ResumeProcess("*"))
    program.advance(2)
    assert (program.state_of("free"), program.state_of("held")) == (State.RUNNING, State.PAUSED)
    assert [event.command for event in program.events(CommandGiven)][-1] == "process.resume"


def test_what_is_told_while_the_store_is_locked_is_answered_when_it_is_on_disk(program: Program) -> None:
    program.start(Job, parameters={"length": 60})
    journal = program.engine.journal
    with journal.store.writing.begin():
        future = program.engine.commands.dispatch(SetParameters("bot", {"word": "x"}, once=False))
        program.engine.ask(lambda: None)
        assert not future.done()
    program.wait(future)
    assert program.engine.orchestrator.records.remembered()["bot"].settings == {"word": "x"}
