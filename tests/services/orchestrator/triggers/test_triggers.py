"""Triggers say when, whatever happens to the wall clock."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.core.durations import minutes, seconds
from services.orchestrator.triggers.trigger import (
    Cron,
    Every,
    Once,
    OnEvent,
    OnFiles,
    describe,
    first_wait,
    next_deadline,
    next_time,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_an_interval_follows_its_last_planned_time() -> None:
    assert next_time(Every(minutes(5)), NOON) == NOON + minutes(5)


def test_a_moment_comes_once() -> None:
    assert next_time(Once(NOON), NOON - seconds(1)) == NOON
    assert next_time(Once(NOON), NOON) is None


def test_events_and_files_have_no_time() -> None:
    assert next_time(OnEvent("a.b"), NOON) is None
    assert next_time(OnFiles(("src",)), NOON) is None


def test_a_calendar_is_asked_for_what_comes_after() -> None:
    assert next_time(Cron("0 12 * * *"), NOON) == NOON + timedelta(days=1)


@given(every=st.floats(1, 1e6), planned=st.floats(0, 1e9), late=st.floats(0, 1e9))
def test_a_deadline_is_ahead_by_at_most_one_interval(every: float, planned: float, late: float) -> None:
    now = planned + late
    deadline = next_deadline(Every(timedelta(seconds=every)), planned, now)
    assert now < deadline <= now + every + 1e-3


def test_deadlines_do_not_drift() -> None:
    assert next_deadline(Every(seconds(10)), planned=100.0, now=100.2) == 110.0
    assert next_deadline(Every(seconds(10)), planned=100.0, now=137.0) == 140.0
    assert next_deadline(Every(seconds(10)), planned=100.0, now=110.0) == 120.0


def test_a_wall_clock_that_was_set_back_or_forth_silences_no_interval() -> None:
    five = Every(minutes(5))
    assert first_wait(five, planned=NOON + minutes(2), now=NOON) == minutes(2)
    assert first_wait(five, planned=NOON + timedelta(hours=1), now=NOON) == minutes(5)
    assert first_wait(five, planned=None, now=NOON) == minutes(5)


def test_an_interval_that_passed_while_the_program_was_off_is_overdue() -> None:
    assert first_wait(Every(minutes(5)), planned=NOON, now=NOON + minutes(7)) == -minutes(7)


def test_a_trigger_reads_as_one_line() -> None:
    assert describe(Every(minutes(90))) == "every 1h30m"
    assert describe(Cron("0 6 * * 1", "Europe/Berlin")) == "cron 0 6 * * 1 (Europe/Berlin)"
    assert describe(OnFiles(("src/**/*.py", "tests"))) == "files src/**/*.py, tests"
