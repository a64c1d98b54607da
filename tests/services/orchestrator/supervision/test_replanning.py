"""A definition changes while the program runs: what runs goes on, begins anew, waits or ends as the new one wants."""

from dataclasses import replace
from typing import Any

import pytest

from services.core.durations import minutes, seconds
from services.core.events import Event
from services.core.process import Process, State
from services.core.process.context import Context
from services.orchestrator.commands import NotNow, PauseProcess, RunNow
from services.orchestrator.events import ProcessRemoved, Result, RunEnded, RunStarted
from services.orchestrator.triggers.misfire import Misfire
from services.orchestrator.triggers.trigger import Every
from tests.support.program import Program


class Ticked(Event, name="test.replanned.ticked"):
    number: int
    word: str


class Ticks(Process):
    """Ticks each second, and remembers where it was."""

    heartbeat = seconds(5)
    word: str = "tick"

    def run(self, context: Context) -> None:
        number = (context.position or {"number": 0})["number"]
        while True:
            number += 1
            context.emit(Ticked(number, self.word))
            context.checkpoint({"number": number})
            context.wait(1, "the next tick")


class Stubborn(Ticks):
    """Cannot hold."""

    can_pause = False


def replan(program: Program, **changes: Any) -> None:
    plan = replace(program.unit().plan, **changes)
    program.engine.ask(lambda: program.engine.orchestrator.replan(plan, "its file changed"))
    program.settle()


def test_other_parameters_begin_a_new_run_where_the_old_one_was(program: Program) -> None:
    program.start(Ticks)
    program.advance(3)
    replan(program, parameters={"word": "tock"})
    program.advance(2)
    ticks = program.events(Ticked)
    assert [tick.number for tick in ticks] == list(range(1, len(ticks) + 1))
    assert [tick.word for tick in ticks][2:5] == ["tick", "tick", "tock"]
    assert [event.why for event in program.events(RunStarted)][1] == "its file changed"
    assert [event.result for event in program.events(RunEnded)] == [Result.CANCELLED]
    assert program.unit().restarts == 0


def test_two_changes_before_the_next_checkpoint_are_one_restart_by_the_last(program: Program) -> None:
    program.start(Ticks)
    program.advance(2)
    plans = [replace(program.unit().plan, parameters={"word": word}) for word in ("tock", "tack")]
    program.engine.ask(lambda: [program.engine.orchestrator.replan(plan, "its file changed") for plan in plans])
    program.advance(2)
    assert program.events(Ticked)[-1].word == "tack"
    assert len(program.events(RunStarted)) == 2


def test_another_restart_policy_is_no_reason_to_disturb_the_run(program: Program) -> None:
    program.start(Ticks)
    program.advance(2)
    replan(program, heartbeat=seconds(9), priority=1)
    program.advance(2)
    assert len(program.events(RunStarted)) == 1
    assert program.unit().plan.heartbeat == seconds(9)


def test_what_is_paused_goes_on_by_the_new_plan_when_it_is_resumed(program: Program) -> None:
    program.start(Ticks)
    program.advance(2)
    program.pause()
    replan(program, parameters={"word": "tock"})
    assert program.state_of() is State.PAUSED
    told = len(program.events(Ticked))
    program.advance(30)
    assert len(program.events(Ticked)) == told
    program.resume()
    program.advance(2)
    assert program.events(Ticked)[told].word == "tock"


def test_a_fault_ends_the_run_and_its_mend_begins_it_again(program: Program) -> None:
    program.start(Ticks)
    program.advance(2)
    replan(program, fault="processes/bot.yaml:1:7: no such kind")
    program.advance(1)
    assert (program.state_of(), program.unit().because) == (State.FAILED, "processes/bot.yaml:1:7: no such kind")
    with pytest.raises(NotNow, match="cannot run: processes/bot"):
        program.tell(RunNow("bot", {}))
    program.advance(minutes(60))
    assert len(program.events(RunStarted)) == 1
    replan(program, fault="")
    program.advance(1)
    assert program.state_of() is State.RUNNING


def test_what_awaits_something_is_waiting_for_it_and_not_due(program: Program) -> None:
    program.start(Ticks, triggers=(Every(minutes(1)),), misfire=Misfire.ONCE, awaits="your approval")
    assert (program.state_of(), program.unit().because) == (State.WAITING, "your approval")
    program.advance(minutes(5))
    assert program.events(RunStarted) == []
    replan(program, awaits="")
    program.advance(minutes(1))
    assert len(program.events(RunStarted)) == 1


def test_a_new_schedule_is_waited_for_at_once(program: Program) -> None:
    program.start(Ticks, triggers=(Every(minutes(60)),))
    before = program.unit().until
    replan(program, triggers=(Every(minutes(1)),))
    assert before is not None
    assert program.unit().until is not None
    assert program.unit().until < before
    program.advance(minutes(1))
    assert len(program.events(RunStarted)) == 1


def test_a_removed_process_ends_its_run_before_it_is_forgotten(program: Program) -> None:
    program.start(Ticks)
    program.advance(2)
    program.engine.ask(lambda: program.engine.orchestrator.remove("bot", "user"))
    program.advance(2)
    assert "bot" not in program.engine.orchestrator.units
    assert [event.result for event in program.events(RunEnded)] == [Result.CANCELLED]
    assert program.events(ProcessRemoved) == [ProcessRemoved("bot", "user")]
    program.plans.clear()
    program.restart()
    assert [event.result for event in program.events(RunEnded)] == [Result.CANCELLED], "nothing was left open"


def test_a_name_that_comes_again_repeats_no_epoch_even_after_a_restart(program: Program) -> None:
    program.start(Ticks)
    program.advance(2)
    program.engine.ask(lambda: program.engine.orchestrator.remove("bot", "user"))
    program.advance(2)
    program.plans.clear()
    program.restart()
    program.start(Ticks)
    program.advance(2)
    assert [event.epoch for event in program.events(RunStarted)] == [1, 2]


def test_one_that_is_removed_and_back_at_once_runs_on(program: Program) -> None:
    program.start(Ticks)
    program.advance(2)
    plan = program.unit().plan

    def there_and_back() -> None:
        program.engine.orchestrator.remove("bot", "user")
        program.engine.orchestrator.replan(plan, "it is back")

    program.engine.ask(there_and_back)
    program.advance(2)
    assert program.state_of() is State.RUNNING
    assert program.events(ProcessRemoved) == []


def test_one_that_cannot_hold_is_refused_a_pause_and_others_are_paused_all_the_same(program: Program) -> None:
    program.start(Stubborn, "stubborn", can_pause=False)
    program.start(Ticks)
    program.advance(2)
    with pytest.raises(NotNow, match="stubborn cannot be suspended on this system"):
        program.pause("stubborn")
    program.tell(PauseProcess("*"))
    program.advance(2)
    assert program.state_of("stubborn") is State.RUNNING
    assert program.state_of() is State.PAUSED
