"""Whatever makes a process due starts a run of it; schedules, skips and pauses outlive the program."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.wiring.own_files.watching import FileTriggers
from services.core.clock import SystemClock
from services.core.durations import hours, minutes, seconds
from services.core.events import Event
from services.core.journal import Journal
from services.core.process import State
from services.core.store import open_store
from services.orchestrator.commands import SkipNext
from services.orchestrator.events import Result, RunEnded, RunStarted
from services.orchestrator.triggers.event_match import Condition
from services.orchestrator.triggers.trigger import Cron, Every, Once, OnEvent, OnFiles
from tests.support.bots import Job, Worked
from tests.support.manual_clock import START
from tests.support.program import Program
from tests.support.until import until


def whys(program: Program) -> list[str]:
    return [event.why for event in program.events(RunStarted) if event.process == "bot"]


def test_an_interval_starts_a_run_each_time_and_waits_in_between(program: Program) -> None:
    program.start(Job, triggers=(Every(minutes(1)),))
    assert (program.state_of(), program.unit().because) == (State.WAITING, "its schedule")
    assert program.unit().until == START + minutes(1)
    program.advance(minutes(3) + seconds(10))
    assert whys(program) == ["every 1m"] * 3
    assert program.state_of() is State.WAITING
    assert program.unit().until == START + minutes(4)


def test_a_calendar_starts_a_run_at_its_time(program: Program) -> None:
    program.start(Job, triggers=(Cron("10,15 9 * * *"),))
    assert program.unit().until == START + minutes(10)
    program.advance(minutes(9))
    assert whys(program) == []
    program.advance(minutes(20))
    assert whys(program) == ["cron 10,15 9 * * *"] * 2


def test_a_moment_starts_one_run_and_no_other_even_after_a_restart(program: Program) -> None:
    program.start(Job, triggers=(Once(START + minutes(5)),))
    program.advance(minutes(10))
    assert len(whys(program)) == 1
    program.restart(later=hours(1))
    program.advance(minutes(2))
    assert len(whys(program)) == 1


def test_an_event_of_another_starts_a_run_if_its_conditions_hold_and_its_own_does_not(program: Program) -> None:
    program.start(
        Job, triggers=(OnEvent("test.worked", (Condition("word", "==", "dig"),)),), parameters={"word": "dig"}
    )
    program.start(Job, "sower", parameters={"word": "sow"})
    program.advance(10)
    assert whys(program) == []
    program.start(Job, "digger", parameters={"word": "dig"})
    program.advance(60)
    assert whys(program) == ["on test.worked word==dig"]


def committed_and_not_followed(program: Program, *facts: Event) -> None:
    """As a kill right after the commit leaves it: the program is down, and has not looked at them."""
    program.close()
    store = open_store(program.engine.places.database, program.engine.places.backups, program.clock.now)
    journal = Journal(store, SystemClock())
    journal.start()
    journal.append(*facts, source="digger").result(20)
    journal.close()
    store.close()


def test_an_event_that_nobody_followed_starts_its_run_after_a_restart_and_safe_mode_keeps_it(program: Program) -> None:
    program.start(Job, triggers=(OnEvent("test.worked"),))
    committed_and_not_followed(program, Worked("dig", 1))
    program._reopen([], safe_mode=True)
    program.advance(10)
    assert (whys(program), program.state_of()) == ([], State.PAUSED)
    program.restart()
    program.advance(10)
    program.restart()
    program.advance(10)
    assert whys(program) == ["on test.worked"]


def test_an_event_of_before_it_was_defined_starts_nothing(program: Program) -> None:
    committed_and_not_followed(program, Worked("dig", 1))
    program.plans["bot"] = program.plan_of(Job, "bot", triggers=(OnEvent("test.worked"),))
    program._reopen([])
    program.advance(10)
    assert whys(program) == []


@pytest.mark.parametrize("end", [Program.restart, Program.killed])
def test_runs_that_end_with_the_program_alone_trigger_nothing(
    program: Program, end: Callable[[Program], Program]
) -> None:
    program.start(Job, triggers=(OnEvent("run.ended"),))
    program.start(Job, "other", parameters={"length": 60})
    program.advance(10)
    end(program)
    program.advance(10)
    assert {event.result for event in program.events(RunEnded)} <= {Result.CANCELLED, Result.LOST}
    assert whys(program) == []
    program.advance(60)
    assert whys(program) == ["on run.ended"]


def test_a_changed_file_starts_a_run_that_says_which(tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    real = Program(tmp_path, SystemClock()).open()
    unit = real.start(Job, triggers=(OnFiles((f"{folder}/*.txt",), seconds(0.1)),), parameters={"length": 0})
    triggers = FileTriggers(real.engine, tmp_path)
    triggers.watch(unit)
    watch = triggers._watches["bot"][1][0]
    until(watch.watching.is_set)
    (folder / "notes.txt").write_text("changed")
    until(lambda: real.events(Worked))
    assert whys(real) == ["notes.txt changed"]
    triggers.stop()
    real.close()


def test_an_interval_is_counted_on_through_restarts(program: Program) -> None:
    program.start(Job, triggers=(Every(minutes(10)),))
    for _ in range(3):
        program.advance(minutes(3))
        program.restart()
    assert whys(program) == []
    program.advance(minutes(1) + seconds(10))
    assert len(whys(program)) == 1


def test_a_skip_leaves_out_one_run_and_outlives_the_program(program: Program) -> None:
    program.start(Job, triggers=(Cron("*/5 * * * *"),))
    program.start(Job, "other", triggers=(Every(minutes(5)),))
    program.tell(SkipNext("bot"))
    program.tell(SkipNext("other"))
    program.restart()
    program.advance(minutes(6))
    assert program.events(RunStarted) == []
    program.advance(minutes(5))
    assert sorted(event.process for event in program.events(RunStarted)) == ["bot", "other"]


@pytest.mark.parametrize("trigger", [Every(minutes(5)), Cron("*/5 * * * *")])
def test_the_next_start_that_is_told_is_not_one_that_is_skipped(program: Program, trigger: Every | Cron) -> None:
    program.start(Job, triggers=(trigger, Cron("30 * * * *")))
    before = program.unit().until
    assert before is not None
    program.tell(SkipNext("bot"))
    assert program.unit().until == before + minutes(5)
    program.restart()
    assert program.unit().until == before + minutes(5)
    program.advance(minutes(6))
    assert (program.events(RunStarted), program.unit().until) == ([], before + minutes(5))
    program.advance(minutes(5))
    assert len(program.events(RunStarted)) == 1


def test_nothing_is_started_while_paused_and_the_schedule_goes_on_after(program: Program) -> None:
    program.start(Job, triggers=(Every(minutes(1)),))
    program.advance(minutes(1) + seconds(10))
    program.pause()
    program.advance(minutes(5))
    program.restart()
    program.advance(minutes(5))
    assert (program.state_of(), len(whys(program))) == (State.PAUSED, 1)
    program.resume()
    assert (program.state_of(), program.unit().because) == (State.WAITING, "its schedule")
    program.advance(minutes(1))
    assert len(whys(program)) == 2


def test_one_fault_of_ours_silences_no_other_schedule(program: Program) -> None:
    broken = program.start(Job, "a broken one", triggers=(Every(minutes(1)),))
    program.start(Job, triggers=(Every(minutes(1)),))
    del broken.queue
    program.advance(minutes(3) + seconds(10))
    assert len(whys(program)) == 3
