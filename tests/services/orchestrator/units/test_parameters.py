"""What a process is given is told with where each value comes from, and no secret is repeated."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.core.durations import minutes
from services.core.process import Process
from services.core.process.context import Context
from services.orchestrator.commands import RunNow, SetParameters
from services.orchestrator.events import HIDDEN, ParametersTold
from services.orchestrator.history.projections import Processes
from services.orchestrator.units.parameters import defaults_of, shown
from tests.support.program import Program


class Paced(Process):
    """Takes as long as it is told, in steps."""

    path: str
    pace: float = 0.5
    deadline: timedelta = minutes(15)

    def run(self, context: Context) -> None:
        context.progress(1, 1, f"{self.path} at {self.pace}")


@pytest.fixture
def program(program: Program) -> Program:
    return program.restart([Processes()])


def given(program: Program, name: str = "bot") -> dict[str, tuple[Any, str]]:
    """Value and origin of each parameter as it is shown."""
    program.engine.ask(program.engine.projections.show)
    row = program.engine.view.value(Processes).named(name)
    assert row is not None
    return {each.name: (each.value, str(each.origin)) for each in row.parameters}


def test_a_value_is_told_with_the_layer_it_comes_from(program: Program) -> None:
    program.start(Paced, parameters={"path": "a"})
    assert given(program) == {
        "path": ("a", "definition"),
        "pace": (0.5, "default"),
        "deadline": ("0:15:00", "default"),
    }
    program.tell(SetParameters("bot", {"pace": 2}, once=False))
    program.tell(SetParameters("bot", {"path": "b"}, once=True))
    assert given(program)["pace"] == (2, "set")
    assert given(program)["path"] == ("b", "next run only")


def test_what_was_set_for_one_run_is_gone_once_that_run_has_begun(program: Program) -> None:
    program.start(Paced, parameters={"path": "a"})
    program.tell(SetParameters("bot", {"path": "b"}, once=True))
    program.tell(RunNow("bot", {}))
    assert given(program)["path"] == ("a", "definition")


def test_a_restart_of_the_program_tells_what_was_set_before(program: Program) -> None:
    program.start(Paced, parameters={"path": "a"})
    program.tell(SetParameters("bot", {"pace": 2}, once=False))
    program.restart([Processes()])
    assert given(program)["pace"] == (2, "set")


def test_nothing_is_told_twice(program: Program) -> None:
    program.start(Paced, parameters={"path": "a"})
    program.tell(RunNow("bot", {}))
    program.tell(RunNow("bot", {}))
    assert len(program.events(ParametersTold)) == 1


def test_what_looks_like_a_secret_is_not_repeated(tmp_path: Path) -> None:
    values = {"api_key": "abc", "folder": tmp_path, "sources": {"feed": "https://me:word@example.org/"}, "token": ""}
    assert shown(values) == {"api_key": HIDDEN, "folder": str(tmp_path), "sources": {"feed": HIDDEN}, "token": ""}


def test_a_default_can_be_given_back_as_it_is_shown() -> None:
    assert defaults_of(Paced) == {"pace": 0.5, "deadline": "0:15:00"}
