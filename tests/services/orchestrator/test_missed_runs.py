"""What was missed while the program was off, or the machine asleep, follows the policy of each process."""

import pytest

from services.core.durations import hours, minutes, seconds
from services.core.process import State
from services.orchestrator.events import Alert, RunEnded, RunStarted, StallSeen
from services.orchestrator.triggers.misfire import Misfire
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Cron, Every, Trigger
from tests.support.bots import Gated, Job
from tests.support.manual_clock import START, ManualClock
from tests.support.program import Program

FIVE: list[Trigger] = [Every(minutes(5)), Cron("*/5 * * * *")]
MISSED = [(Misfire.SKIP, 0), (Misfire.ONCE, 1), (Misfire.ALL, 3)]


def runs(program: Program) -> int:
    return len(program.events(RunStarted))


def start(program: Program, trigger: Trigger, misfire: Misfire) -> None:
    policy = {"misfire": misfire, "grace": minutes(1), "overlap": Overlap.QUEUED}
    program.start(Job, triggers=(trigger,), parameters={"length": 1}, **policy)


@pytest.mark.parametrize("trigger", FIVE)
@pytest.mark.parametrize(("misfire", "caught_up"), MISSED)
def test_what_was_missed_while_the_program_was_off(
    program: Program, trigger: Trigger, misfire: Misfire, caught_up: int
) -> None:
    start(program, trigger, misfire)
    program.advance(minutes(2))
    program.restart(later=minutes(15))
    program.advance(10)
    assert runs(program) == caught_up
    program.advance(minutes(5))
    assert runs(program) == caught_up + 1, "the next regular time comes as planned"


def test_what_cannot_be_caught_up_is_told(program: Program) -> None:
    policy = {"misfire": Misfire.ALL, "overlap": Overlap.QUEUED, "most": 2}
    program.start(Job, triggers=(Every(minutes(5)),), parameters={"length": 1}, **policy)
    program.advance(minutes(2))
    program.restart(later=minutes(30))
    program.advance(10)
    assert runs(program) == 3, "one runs at once, two may wait"
    (alert,) = program.events(Alert)
    assert "3 of 6 missed runs are not caught up" in alert.what


def test_missed_runs_beyond_what_is_ever_caught_up_are_told(program: Program) -> None:
    policy = {"misfire": Misfire.ALL, "overlap": Overlap.QUEUED, "most": 200}
    program.start(Job, triggers=(Every(minutes(5)),), parameters={"length": 1}, **policy)
    program.advance(minutes(2))
    program.restart(later=hours(12))
    (alert,) = program.events(Alert)
    assert "only the newest 100 of its missed runs count" in alert.what


@pytest.mark.parametrize("trigger", FIVE)
@pytest.mark.parametrize(("misfire", "caught_up"), MISSED)
def test_what_was_missed_while_the_machine_slept(
    program: Program, clock: ManualClock, trigger: Trigger, misfire: Misfire, caught_up: int
) -> None:
    start(program, trigger, misfire)
    program.advance(minutes(2))
    clock.sleep_machine(minutes(15))
    program.advance(10)
    assert runs(program) == caught_up
    program.advance(minutes(5))
    assert runs(program) == caught_up + 1


@pytest.mark.parametrize("trigger", FIVE)
@pytest.mark.parametrize(("misfire", "caught_up"), MISSED)
def test_what_was_missed_where_the_monotonic_clock_goes_on_in_sleep(
    program: Program, clock: ManualClock, trigger: Trigger, misfire: Misfire, caught_up: int
) -> None:
    start(program, trigger, misfire)
    program.advance(minutes(2))
    clock.leap(minutes(15))
    program.advance(10)
    assert runs(program) == caught_up
    program.advance(minutes(5))
    assert runs(program) == caught_up + 1


@pytest.mark.parametrize("leaps", [False, True])
def test_nobody_is_taken_for_stalled_because_the_machine_slept(
    program: Program, clock: ManualClock, leaps: bool
) -> None:
    bot = Gated(clock.wakeup())
    program.start(bot)
    program.advance(2)
    if leaps:
        clock.leap(hours(8))
    else:
        clock.sleep_machine(hours(8))
    program.advance(4)
    bot.gate.set()
    program.advance(4)
    assert program.state_of() is State.RUNNING
    assert program.events(StallSeen) == []
    assert program.events(RunEnded) == []


@pytest.mark.parametrize("trigger", FIVE)
def test_a_wall_clock_set_back_an_hour_silences_nothing_that_comes_every_hour(
    program: Program, clock: ManualClock, trigger: Trigger
) -> None:
    start(program, trigger, Misfire.ONCE)
    program.advance(minutes(5) + seconds(10))
    assert runs(program) == 1
    clock.step_wall(-hours(1))
    program.advance(minutes(10))
    assert runs(program) == 3
    until = program.unit().until
    assert until is not None
    assert until - clock.now() <= minutes(5), "what is shown is by the clock as it is now"


def test_a_wall_clock_set_back_runs_no_daily_time_twice(program: Program, clock: ManualClock) -> None:
    start(program, Cron("5 9 * * *"), Misfire.ONCE)
    program.advance(minutes(6))
    clock.step_wall(-minutes(10))
    program.advance(minutes(15))
    assert clock.now() > START + minutes(10)
    assert runs(program) == 1
