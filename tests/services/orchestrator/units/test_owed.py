"""What a process has to go on with outlives the program: a run's parameters, the starts that wait, who paused it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from services.core.durations import minutes, seconds
from services.core.process import State
from services.orchestrator.commands import CancelProcess, NotNow, PauseProcess, ResumeProcess, RunNow, SetParameters
from services.orchestrator.events import RunStarted
from services.orchestrator.supervision.holds import Hold
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Every, OnEvent
from services.orchestrator.units.records import owed_to
from services.orchestrator.units.unit import Due, Owed
from tests.support.bots import Fails, Finished, Gated, Job, Worked
from tests.support.program import Program

HOURLY = (Every(minutes(60)),)
End = Callable[[Program], Program]
"""Ends the program and starts it again."""


def words(program: Program) -> list[str]:
    return [event.word for event in program.events(Worked)]


def started(program: Program, name: str = "bot") -> list[str]:
    return [event.why for event in program.events(RunStarted) if event.process == name]


@pytest.fixture(params=["quit", "killed"])
def end(request: pytest.FixtureRequest) -> End:
    return Program.restart if request.param == "quit" else Program.killed


def test_a_run_told_by_hand_goes_on_with_its_parameters(program: Program, end: End) -> None:
    program.start(Job, triggers=HOURLY, parameters={"length": 30})
    program.tell(RunNow("bot", {"word": "special"}))
    program.advance(3)
    end(program)
    program.advance(60)
    assert words(program) == ["special", "special"]
    assert [event.word for event in program.events(Finished)] == ["special"]


def test_what_was_set_for_one_run_holds_until_that_run_has_ended(program: Program, end: End) -> None:
    program.start(Job, triggers=(Every(minutes(1)),), parameters={"length": 30})
    program.tell(SetParameters("bot", {"word": "once"}, once=True))
    program.advance(minutes(1) + seconds(3))
    end(program)
    program.advance(minutes(2))
    assert words(program)[:3] == ["once", "once", "work"]


def test_runs_that_wait_in_the_queue_wait_on(program: Program, end: End) -> None:
    program.start(Job, triggers=HOURLY, overlap=Overlap.QUEUED, parameters={"length": 30})
    for word in ("one", "two", "three"):
        program.tell(RunNow("bot", {"word": word}))
    program.advance(3)
    end(program)
    program.advance(minutes(3))
    assert words(program) == ["one", "one", "two", "three"]


def test_all_parallel_runs_go_on(program: Program, end: End) -> None:
    program.start(Job, triggers=HOURLY, overlap=Overlap.PARALLEL, parameters={"length": 30})
    for word in ("one", "two"):
        program.tell(RunNow("bot", {"word": word}))
    program.advance(3)
    end(program)
    program.advance(minutes(1))
    assert words(program)[:2] == ["one", "two"]
    assert sorted(words(program)[2:]) == ["one", "two"]


def test_the_run_that_is_to_replace_another_comes_alone(program: Program, end: End) -> None:
    bot = Gated(program.clock.wakeup())
    program.start(bot, triggers=HOURLY, overlap=Overlap.RESTART, heartbeat=minutes(9))
    program.tell(RunNow("bot", {}))
    program.advance(2)
    program.tell(RunNow("bot", {"x": 1}))
    assert [due.overrides for due in program.unit().queue] == [{"x": 1}]
    end(program)
    assert [run.overrides for run in program.unit().runs.values()] == [{"x": 1}]
    assert program.unit().queue == []
    bot.gate.set()


def test_a_triggered_start_that_waits_for_another_process_waits_on(program: Program, end: End) -> None:
    program.start(Job, "first", parameters={"length": 2}, triggers=HOURLY)
    program.start(Job, "second", after=("first",), triggers=(OnEvent("test.worked"),), parameters={"word": "second"})
    program.start(Job, "third", triggers=HOURLY)
    program.tell(RunNow("third", {}))
    program.advance(10)
    assert (program.state_of("second"), program.unit("second").because) == (State.WAITING, "first to run")
    end(program)
    program.advance(5)
    assert program.state_of("second") is State.WAITING
    program.tell(RunNow("first", {}))
    program.advance(10)
    assert started(program, "second") == ["on test.worked"]


def test_a_start_that_waits_for_a_place_waits_on(program: Program, end: End) -> None:
    program.limits = {"system": 1}
    program.restart()
    program.start(Job, "long", triggers=HOURLY, parameters={"length": 40})
    program.start(Job, "bot", triggers=HOURLY)
    program.tell(RunNow("long", {}))
    program.tell(RunNow("bot", {"word": "waited"}))
    assert program.unit().because == "a place among the runs of system"
    end(program)
    assert program.unit().because == "a place among the runs of system"
    program.advance(minutes(2))
    assert words(program)[-1] == "waited"


def test_the_try_after_a_failure_has_the_parameters_of_the_run_that_failed(program: Program, end: End) -> None:
    program.start(Fails, triggers=HOURLY)
    program.tell(RunNow("bot", {"after": 2.0}))
    program.advance(2)
    assert program.state_of() is State.BACKOFF
    end(program)
    assert [run.overrides for run in program.unit().runs.values()] == [{"after": 2.0}]


def test_a_try_after_a_failure_that_was_paused_has_them_too(program: Program) -> None:
    program.start(Fails, triggers=HOURLY)
    program.tell(RunNow("bot", {"after": 2.0}))
    program.advance(2)
    program.pause()
    program.resume()
    assert [run.overrides for run in program.unit().runs.values()] == [{"after": 2.0}]


def test_a_run_that_was_paused_goes_on_with_its_parameters_when_it_is_resumed(program: Program, end: End) -> None:
    program.start(Job, triggers=HOURLY, parameters={"length": 30})
    program.tell(RunNow("bot", {"word": "special"}))
    program.advance(3)
    program.pause()
    end(program)
    program.advance(10)
    assert (program.state_of(), words(program)) == (State.PAUSED, ["special"])
    program.resume()
    program.advance(3)
    assert words(program) == ["special", "special"]


def test_one_that_is_told_to_pause_while_it_is_stalled_is_paused_after_the_end(program: Program, end: End) -> None:
    program.start(Gated(program.clock.wakeup()))
    program.advance(6.5)
    assert program.state_of() is State.STALLED
    program.tell(PauseProcess("bot"))
    end(program)
    assert program.state_of() is State.PAUSED


def test_a_run_begun_by_hand_of_a_paused_process_goes_on_and_leaves_it_paused(program: Program, end: End) -> None:
    program.start(Job, triggers=HOURLY, parameters={"length": 20})
    program.pause()
    program.tell(RunNow("bot", {"word": "by hand"}))
    program.advance(3)
    end(program)
    program.advance(minutes(1))
    assert words(program) == ["by hand", "by hand"]
    assert program.state_of() is State.PAUSED


def test_what_waits_in_the_queue_of_a_barred_process_runs_once_it_may(program: Program) -> None:
    program.start(Job, triggers=HOURLY, overlap=Overlap.QUEUED, parameters={"length": 30})
    for word in ("one", "two"):
        program.tell(RunNow("bot", {"word": word}))
    program.advance(3)
    orchestrator = program.engine.orchestrator
    plan = program.unit().plan
    program.engine.ask(lambda: orchestrator.replan(replace(plan, awaits="your approval"), "its file changed"))
    program.advance(3)
    assert (program.state_of(), program.unit().runs) == (State.WAITING, {})
    program.engine.ask(lambda: orchestrator.replan(plan, "approved"))
    program.advance(3)
    assert words(program)[-1] == "two"


def test_a_refused_run_leaves_the_start_that_waits(program: Program) -> None:
    program.start(Job, "first", triggers=HOURLY)
    program.start(Job, after=("first",), triggers=(Every(minutes(2)),), parameters={"length": 200})
    program.advance(minutes(2))
    assert program.unit().because == "first to run"
    program.tell(RunNow("bot", {"word": "by hand"}))
    program.engine.ask(lambda: program.engine.orchestrator.supervisor.starts.ask(program.unit(), Due("an event")))
    with pytest.raises(NotNow, match="still under way"):
        program.tell(RunNow("bot", {}))
    assert program.engine.orchestrator.supervisor.starts.count(program.unit()) == 1


def test_what_was_cancelled_is_not_owed(program: Program, end: End) -> None:
    program.start(Job, triggers=HOURLY, overlap=Overlap.QUEUED, parameters={"length": 30})
    for _ in range(3):
        program.tell(RunNow("bot", {}))
    program.tell(CancelProcess("bot"))
    program.advance(2)
    end(program)
    program.advance(minutes(1))
    assert len(started(program)) == 1
    assert program.wait(program.engine.journal.write(lambda tx: owed_to(tx, "bot"))) == Owed()


def test_a_run_that_comes_to_its_end_while_the_program_ends_is_not_run_again(program: Program) -> None:
    bot = Gated(program.clock.wakeup())
    program.start(Job, triggers=HOURLY, parameters={"length": 30})
    program.start(bot, "slow", heartbeat=minutes(9))
    program.tell(RunNow("bot", {}))
    program.advance(3)
    supervisor = program.engine.orchestrator.supervisor

    def closing() -> None:
        supervisor.closing = True

    program.engine.ask(closing)
    program.advance(40)
    assert len(program.events(Finished)) == 1
    program.restart()
    program.advance(minutes(2))
    assert len(started(program)) == 1
    assert program.state_of() is State.WAITING
    bot.gate.set()


def test_what_runs_is_resumed_by_one_word_after_the_end(program: Program, end: End) -> None:
    program.start(Job, parameters={"length": 60})
    program.advance(2)
    program.pause()
    end(program)
    program.tell(ResumeProcess("bot"))
    program.advance(2)
    assert program.state_of() is State.RUNNING


@pytest.mark.parametrize("bar", [{"fault": "its file is mistaken"}, {"awaits": "your approval"}])
@pytest.mark.parametrize("starts", [1, 2])
@pytest.mark.parametrize("mended", ["while it runs", "while it does not"])
def test_what_was_paused_stays_so_though_a_start_met_it_barred(
    program: Program, bar: dict[str, str], starts: int, mended: str
) -> None:
    program.start(Job, parameters={"length": 30})
    program.advance(2)
    program.pause()
    plan = program.plans["bot"]
    program.plans["bot"] = replace(plan, **bar)
    for _ in range(starts):
        program.killed()
    assert program.state_of() is not State.PAUSED
    if mended == "while it runs":
        program.engine.ask(lambda: program.engine.orchestrator.replan(plan, "its file changed"))
    else:
        program.plans["bot"] = plan
        program.killed()
    program.advance(2)
    assert (program.state_of(), program.unit().by) == (State.PAUSED, "user")


@pytest.mark.parametrize(
    ("bar", "stands"), [({"fault": "its file is mistaken"}, State.FAILED), ({"awaits": "your approval"}, State.WAITING)]
)
def test_what_was_paused_and_is_barred_goes_on_telling_so_when_it_is_cancelled(
    program: Program, bar: dict[str, str], stands: State
) -> None:
    program.start(Job, parameters={"length": 30})
    program.advance(2)
    program.pause()
    program.plans["bot"] = replace(program.plans["bot"], **bar)
    program.killed()
    program.tell(CancelProcess("bot"))
    assert (program.state_of(), program.unit().paused_by) == (stands, "user")


def test_what_a_guard_holds_stays_so_though_the_start_met_it_barred(program: Program) -> None:
    plan = program.plan_of(Job, "bot", parameters={"length": 30})
    orchestrator = program.engine.orchestrator
    orchestrator.held = lambda name: Hold("rule:stop", "the rule has stopped it", "re-arm the rule")
    program.engine.ask(lambda: orchestrator.begin(orchestrator.define(replace(plan, fault="its file is mistaken"))))
    program.engine.ask(lambda: orchestrator.replan(plan, "its file changed"))
    program.advance(2)
    assert (program.state_of(), program.unit().by) == (State.PAUSED, "rule:stop")
