"""A service that was stopped: all that runs of it ends, and nothing of it starts until a person resumes it."""

import pytest

from services.core.durations import minutes, seconds
from services.core.process import State
from services.core.process.context import Context
from services.orchestrator.commands import NotNow, PauseProcess, RunNow, StopService
from services.orchestrator.events import RunStarted
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Every
from tests.support.bots import Fails, Job
from tests.support.program import Program

OFTEN = (Every(seconds(5)),)
STOPPED = (State.PAUSED, "trading was stopped", "user")


class Trades(Job):
    service = "trading"


class Falters(Fails):
    service = "trading"


class Lingers(Job):
    """Reaches a checkpoint each ten seconds; between two it hears nothing."""

    service = "trading"
    heartbeat = seconds(60)

    def run(self, context: Context) -> None:
        while True:
            context.checkpoint()
            context.clock.wakeup().wait(10)


def stood(program: Program, name: str) -> tuple[State, str, str]:
    unit = program.unit(name)
    return unit.state, unit.because, unit.by


@pytest.fixture
def stopped(program: Program) -> Program:
    """Trading was stopped while one ran, one waited for its time, one was in back-off, and another service worked."""
    program.start(Trades, "runs", parameters={"length": 3000})
    program.start(Trades, "waits", triggers=OFTEN)
    program.start(Trades, "over", parameters={"length": 1})
    program.start(Job, "elsewhere", parameters={"length": 3000})
    program.advance(2)
    program.start(Falters, "falters")
    assert program.state_of("falters") is State.BACKOFF
    program.tell(StopService("trading"))
    program.advance(2)
    return program


def test_what_ran_waited_or_was_to_be_tried_again_is_paused_and_says_why(stopped: Program) -> None:
    assert {stood(stopped, name) for name in ("runs", "waits", "falters")} == {STOPPED}
    assert stopped.state_of("over") is State.STOPPED, "what has come to its end is not begun anew by a resume of all"
    assert stopped.state_of("elsewhere") is State.RUNNING


def test_nothing_of_it_starts_whatever_is_due_nor_after_a_restart(stopped: Program) -> None:
    begun = [event for event in stopped.events(RunStarted) if event.process != "elsewhere"]
    stopped.advance(minutes(10))
    stopped.restart()
    stopped.advance(minutes(10))
    assert [event for event in stopped.events(RunStarted) if event.process != "elsewhere"] == begun
    assert {stood(stopped, name) for name in ("runs", "waits", "falters")} == {STOPPED}


def test_it_goes_on_once_a_person_resumes_it(stopped: Program) -> None:
    stopped.resume("*")
    stopped.advance(6)
    assert stopped.state_of("runs") is State.RUNNING
    assert any(event.process == "waits" for event in stopped.events(RunStarted))


@pytest.mark.parametrize("since", ["stopped", "paused again", "restarted"])
def test_a_run_by_hand_is_refused_with_the_way_on_until_it_is_resumed(stopped: Program, since: str) -> None:
    if since == "paused again":
        stopped.tell(PauseProcess("runs"))
    elif since == "restarted":
        stopped.restart()
    with pytest.raises(NotNow, match="trading was stopped, until you resume it: 'dreamscape resume runs'"):
        stopped.tell(RunNow("runs", {}))
    stopped.advance(2)
    assert stopped.state_of("runs") is State.PAUSED
    stopped.resume("runs")
    stopped.advance(2)
    assert stopped.state_of("runs") is State.RUNNING


def test_what_comes_due_while_its_runs_still_end_does_not_start(program: Program) -> None:
    program.start(Lingers, "slow", triggers=OFTEN, overlap=Overlap.PARALLEL, most=9, at_once=True)
    program.tell(RunNow("slow", {}))
    program.advance(1)
    program.tell(StopService("trading"))
    begun = len(program.events(RunStarted))
    program.advance(minutes(1))
    assert len(program.events(RunStarted)) == begun
    assert stood(program, "slow") == STOPPED
