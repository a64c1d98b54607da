"""Safe mode pauses for as long as it lasts: what was before is there again at the next normal start."""

from dataclasses import replace

import pytest

from services.core.durations import minutes
from services.core.process import State
from services.orchestrator.commands import CancelProcess, ResumeProcess, RunNow
from services.orchestrator.triggers.trigger import Every
from tests.support.bots import Fails, Job, Worked
from tests.support.program import Program

HOURLY = (Every(minutes(60)),)


def stands(program: Program) -> dict[str, tuple[State, str]]:
    return {name: (unit.state, unit.by) for name, unit in program.engine.orchestrator.units.items()}


@pytest.fixture
def several(program: Program) -> Program:
    """One that runs, one that waits for its time, one that a person paused, one that a person stopped."""
    program.start(Job, "runs", parameters={"length": 3000})
    program.start(Job, "waits", triggers=HOURLY)
    program.start(Job, "paused", triggers=HOURLY)
    program.start(Job, "stopped", parameters={"length": 3000})
    program.pause("paused")
    program.tell(CancelProcess("stopped"))
    program.advance(5)
    return program


def test_in_safe_mode_nothing_runs_and_it_is_told_why(several: Program) -> None:
    several.restart(safe_mode=True)
    assert {state for state, _ in stands(several).values()} == {State.PAUSED}
    assert {name: by for name, (_, by) in stands(several).items()} == {
        "runs": "safe mode",
        "waits": "safe mode",
        "paused": "user",
        "stopped": "safe mode",
    }
    assert several.unit("runs").because.startswith("safe mode: it goes on as it was")


@pytest.mark.parametrize("times", [1, 2])
def test_a_normal_start_after_it_returns_to_what_was_before(several: Program, times: int) -> None:
    before = stands(several)
    assert before["runs"][0] is State.RUNNING
    for _ in range(times):
        several.restart(safe_mode=True)
        several.advance(10)
    several.restart()
    several.advance(3)
    assert {name: state for name, (state, _) in stands(several).items()} == {
        name: state for name, (state, _) in before.items()
    }
    assert stands(several)["paused"] == (State.PAUSED, "user")


def test_a_run_goes_on_with_the_parameters_it_had(program: Program) -> None:
    program.start(Job, triggers=HOURLY, parameters={"length": 3000})
    program.tell(RunNow("bot", {"word": "special"}))
    program.restart(safe_mode=True)
    program.restart()
    program.advance(3)
    assert [event.word for event in program.events(Worked)] == ["special", "special"]


def test_what_a_person_does_in_safe_mode_holds_afterwards(several: Program) -> None:
    several.restart(safe_mode=True)
    several.pause("runs")
    several.tell(ResumeProcess("paused"))
    several.tell(ResumeProcess("stopped"))
    several.restart()
    several.advance(3)
    assert stands(several)["runs"] == (State.PAUSED, "user")
    assert stands(several)["paused"][0] is State.WAITING
    assert stands(several)["stopped"][0] is State.RUNNING
    assert stands(several)["waits"][0] is State.WAITING


def test_what_was_new_in_safe_mode_begins_at_the_next_normal_start(program: Program) -> None:
    program.restart(safe_mode=True)
    program.start(Job, "new", parameters={"length": 3000})
    assert stands(program) == {"new": (State.PAUSED, "safe mode")}
    program.restart()
    program.advance(3)
    assert stands(program)["new"][0] is State.RUNNING


def test_what_had_failed_for_good_is_tried_once_as_after_any_start(program: Program) -> None:
    program.start(Fails)
    program.advance(minutes(10))
    assert program.state_of() is State.FAILED
    program.restart(safe_mode=True)
    assert stands(program) == {"bot": (State.PAUSED, "safe mode")}
    program.restart()
    program.advance(1)
    assert program.state_of() is State.FAILED


@pytest.mark.parametrize("mended", ["in safe mode", "afterwards"])
def test_what_was_barred_in_safe_mode_stays_down_there_and_goes_on_afterwards(program: Program, mended: str) -> None:
    program.start(Job, parameters={"length": 600})
    plan = program.plans["bot"]
    program.plans["bot"] = replace(plan, fault="its file is mistaken")
    program.restart(safe_mode=True)
    if mended == "in safe mode":
        program.engine.ask(lambda: program.engine.orchestrator.replan(plan, "its file changed"))
        program.advance(2)
        assert (program.state_of(), program.unit().by) == (State.PAUSED, "safe mode")
    program.plans["bot"] = plan
    program.restart()
    program.advance(2)
    assert program.state_of() is State.RUNNING
