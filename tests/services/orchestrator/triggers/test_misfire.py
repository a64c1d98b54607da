"""What is due after planned times went by unheeded."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.durations import hours, minutes, seconds
from services.orchestrator.triggers.misfire import MOST, Misfire, due, following
from services.orchestrator.triggers.trigger import Cron, Every, Once, Trigger

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIVE = Every(minutes(5))
CALENDAR = Cron("*/5 * * * *")
GRACE = minutes(1)


def late(by: timedelta, misfire: Misfire, trigger: Trigger = FIVE) -> list[timedelta]:
    """What is due, as time after the first planned one."""
    return [time - NOON for time in due(NOON, NOON + by, misfire, GRACE, trigger)]


@pytest.mark.parametrize("misfire", list(Misfire))
def test_nothing_is_due_ahead_of_its_time(misfire: Misfire) -> None:
    assert due(NOON, NOON - seconds(1), misfire, GRACE, FIVE) == []


@pytest.mark.parametrize("misfire", list(Misfire))
@pytest.mark.parametrize("by", [seconds(0), seconds(59), minutes(1)])
def test_what_is_late_within_the_grace_is_run(misfire: Misfire, by: timedelta) -> None:
    assert late(by, misfire) == [timedelta(0)]


@pytest.mark.parametrize("trigger", [FIVE, CALENDAR])
def test_after_a_gap_each_policy_does_what_it_says(trigger: Trigger) -> None:
    by = minutes(17)
    assert late(by, Misfire.SKIP, trigger) == []
    assert late(by, Misfire.ONCE, trigger) == [minutes(15)]
    assert late(by, Misfire.ALL, trigger) == [minutes(0), minutes(5), minutes(10), minutes(15)]


def test_skip_runs_the_newest_time_when_that_is_not_late() -> None:
    assert late(minutes(15) + seconds(30), Misfire.SKIP) == [minutes(15)]


def test_a_single_moment_that_was_missed() -> None:
    assert late(hours(3), Misfire.SKIP, Once(NOON)) == []
    assert late(hours(3), Misfire.ONCE, Once(NOON)) == [timedelta(0)]
    assert late(hours(3), Misfire.ALL, Once(NOON)) == [timedelta(0)]
    assert following(NOON, NOON + hours(3), Once(NOON)) is None


@pytest.mark.parametrize("trigger", [FIVE, CALENDAR, Every(seconds(1))])
def test_a_month_off_is_no_flood(trigger: Trigger) -> None:
    caught_up = due(NOON, NOON + timedelta(days=30), Misfire.ALL, GRACE, trigger)
    assert len(caught_up) == MOST
    assert caught_up == sorted(set(caught_up))
    assert caught_up[-1] == NOON + timedelta(days=30)


@pytest.mark.parametrize("trigger", [FIVE, CALENDAR])
def test_the_plan_goes_on_where_it_would_have_been(trigger: Trigger) -> None:
    assert following(NOON, NOON + minutes(17), trigger) == NOON + minutes(20)
    assert following(NOON, NOON - minutes(1), trigger) == NOON


def test_a_wall_clock_step_of_an_hour_forth_is_one_catch_up_and_back_is_none() -> None:
    assert late(hours(1), Misfire.ONCE, CALENDAR) == [hours(1)]
    assert late(-hours(1), Misfire.ONCE, CALENDAR) == []


@given(
    gap=st.timedeltas(timedelta(0), timedelta(days=3)),
    most=st.integers(1, 20),
    trigger=st.sampled_from([FIVE, CALENDAR, Cron("7 3,15 * * *", "America/New_York"), Once(NOON)]),
)
def test_from_the_end_or_from_the_beginning_the_newest_are_the_same(
    gap: timedelta, most: int, trigger: Trigger
) -> None:
    now, time, every = NOON + gap, following(NOON, NOON - seconds(1), trigger), []
    while time is not None and time <= now:
        every.append(time)
        time = following(time, time, trigger)
    assert due(NOON, now, Misfire.ALL, GRACE, trigger, most) == every[-most:]
