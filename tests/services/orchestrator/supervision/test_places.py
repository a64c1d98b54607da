"""Starts that wait: for a place within the limit of their service, by priority, and for what they come after."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.core.durations import minutes, seconds
from services.core.process import State
from services.orchestrator.commands import RunNow
from services.orchestrator.events import RunStarted
from services.orchestrator.triggers.misfire import Misfire
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Every, Once
from tests.support.bots import Fails, Job
from tests.support.manual_clock import START, ManualClock
from tests.support.program import Program


@pytest.fixture
def narrow(tmp_path: Path, clock: ManualClock) -> Iterator[Program]:
    """A program in which the service of our bots may run two at once."""
    running = Program(tmp_path, clock, limits={"system": 2}).open()
    yield running
    running.close()


def order(program: Program) -> list[str]:
    return [event.process for event in program.events(RunStarted)]


def test_a_full_service_makes_the_rest_wait_and_the_urgent_goes_first(narrow: Program) -> None:
    for name, priority in (("a", 5), ("b", 5), ("late", 9), ("urgent", 0), ("middle", 5)):
        narrow.start(Job, name, priority=priority, parameters={"length": 10})
    assert order(narrow) == ["a", "b"]
    waiting = narrow.unit("urgent")
    assert (waiting.state, waiting.because) == (State.WAITING, "a place among the runs of system")
    narrow.advance(11)
    assert order(narrow) == ["a", "b", "urgent", "middle"]
    narrow.advance(11)
    assert order(narrow) == ["a", "b", "urgent", "middle", "late"]


def test_another_service_is_not_held_up(narrow: Program) -> None:
    for name in ("a", "b", "c"):
        narrow.start(Job, name, parameters={"length": 10})
    narrow.start(Job, "trader", service="trading", priority=9)
    assert order(narrow) == ["a", "b", "trader"]


def test_starts_that_come_at_once_take_no_more_places_than_there_are(narrow: Program) -> None:
    together = Every(minutes(1))
    plan = {"misfire": Misfire.ALL, "overlap": Overlap.PARALLEL, "parameters": {"length": 30}}
    narrow.start(Job, triggers=(together,), **plan)
    narrow.restart(later=minutes(5))
    narrow.advance(1)
    assert len(narrow.unit().runs) == 2
    narrow.advance(31)
    assert len(narrow.unit().runs) == 2
    assert len(narrow.events(RunStarted)) == 4


def test_many_times_due_while_it_waits_for_a_place_is_one_run(narrow: Program) -> None:
    for name in ("a", "b"):
        narrow.start(Job, name, parameters={"length": 60})
    narrow.start(Job, triggers=(Every(seconds(10)),), parameters={"length": 100})
    narrow.advance(65)
    assert order(narrow) == ["a", "b", "bot"]
    assert len(narrow.unit().runs) == 1


def test_one_that_waits_for_a_place_and_is_paused_starts_only_when_resumed(narrow: Program) -> None:
    for name in ("a", "b", "bot"):
        narrow.start(Job, name, parameters={"length": 10})
    narrow.pause()
    narrow.advance(30)
    assert (narrow.state_of(), order(narrow)) == (State.PAUSED, ["a", "b"])
    narrow.resume()
    assert order(narrow) == ["a", "b", "bot"]


def test_what_comes_after_another_starts_once_that_runs(program: Program) -> None:
    program.start(Job, "feed", triggers=(Once(START + minutes(1)),), parameters={"length": 60})
    program.start(Job, after=("feed",))
    program.advance(minutes(1) - seconds(1))
    assert order(program) == []
    program.advance(3)
    assert order(program) == ["feed", "bot"]
    assert program.state_of() is State.RUNNING


def test_a_name_that_nothing_bears_holds_up_nobody(program: Program) -> None:
    program.start(Job, after=("feed",))
    program.advance(2)
    assert program.state_of() is State.RUNNING


def test_it_says_what_it_still_waits_for(program: Program) -> None:
    program.start(Job, "store", triggers=(Once(START + minutes(1)),))
    program.start(Job, "feed", triggers=(Once(START + minutes(2)),))
    program.start(Job, after=("feed", "store"))
    assert (program.state_of(), program.unit().because) == (State.WAITING, "feed, store to run")
    program.advance(minutes(1) + seconds(2))
    assert (program.state_of(), program.unit().because) == (State.WAITING, "feed to run")
    program.advance(minutes(1))
    assert order(program) == ["store", "feed", "bot"]


def test_many_times_due_while_it_waits_is_one_run_when_it_may_start(program: Program) -> None:
    program.start(Job, "feed", triggers=(Once(START + minutes(5)),), parameters={"length": 60})
    program.start(Job, after=("feed",), triggers=(Every(minutes(1)),), parameters={"length": 600})
    program.advance(minutes(4))
    assert program.unit().because == "feed to run"
    program.advance(minutes(1) + seconds(3))
    assert order(program) == ["feed", "bot"]
    assert len(program.unit().runs) == 1


def test_one_that_is_paused_while_it_waits_for_another_starts_when_resumed(program: Program) -> None:
    program.start(Job, "feed", triggers=(Once(START + minutes(1)),), parameters={"length": 600})
    program.start(Job, after=("feed",))
    program.pause()
    program.advance(minutes(2))
    assert program.state_of() is State.PAUSED
    program.resume()
    program.advance(2)
    assert program.state_of() is State.RUNNING


def test_one_resumed_before_its_other_runs_waits_again(program: Program) -> None:
    program.start(Job, "feed", triggers=(Once(START + minutes(1)),))
    program.start(Job, after=("feed",))
    program.pause()
    program.resume()
    assert (program.state_of(), program.unit().because) == (State.WAITING, "feed to run")


def test_a_person_who_wants_it_now_waits_for_no_other_process_and_gets_one_run(program: Program) -> None:
    program.start(Job, "feed", triggers=(Once(START + minutes(1)),), parameters={"length": 60})
    program.start(Job, after=("feed",), parameters={"length": 600})
    program.tell(RunNow("bot", {}))
    program.advance(minutes(2))
    assert order(program) == ["bot", "feed"]
    assert len(program.unit().runs) == 1


def test_one_whose_other_is_removed_waits_no_more(program: Program) -> None:
    program.start(Job, "feed", triggers=(Once(START + minutes(60)),))
    program.start(Job, after=("feed",))
    program.engine.ask(lambda: program.engine.orchestrator.remove("feed", "user"))
    program.advance(2)
    assert program.state_of() is State.RUNNING


def test_a_restart_that_must_wait_for_another_says_so(program: Program) -> None:
    program.start(Job, "feed", parameters={"length": 10_000})
    program.advance(2)
    program.start(Fails, after=("feed",), parameters={"after": 3.0})
    program.advance(1)
    program.pause("feed")
    program.advance(20)
    assert (program.state_of(), program.unit().because) == (State.WAITING, "feed to run")
