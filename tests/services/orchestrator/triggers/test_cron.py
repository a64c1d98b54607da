"""A cron expression fires when people expect it, on the days when the clock is changed as well."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orchestrator.triggers.cron import check_cron, next_cron

NEW_YORK = "America/New_York"
FALL = "2026-11-01T00:00-04:00"
SPRING = "2026-03-08T00:00-05:00"


def fires(expression: str, zone: str, after: str, count: int) -> list[str]:
    """The next times as UTC, ``day hour:minute``."""
    time: datetime | None = datetime.fromisoformat(after)
    found = []
    for _ in range(count):
        assert time is not None
        time = next_cron(expression, zone, time)
        assert time is not None
        found.append(f"{time:%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        # 01:30 exists twice: it fires in summer time, and not again an hour later.
        ("30 1 * * *", FALL, ["01 05:30", "02 06:30", "03 06:30"]),
        # What goes on every hour goes on through the hour that is repeated.
        ("30 * * * *", FALL, ["01 04:30", "01 05:30", "01 06:30", "01 07:30"]),
        ("*/30 * * * *", "2026-11-01T01:20-04:00", ["01 05:30", "01 06:00", "01 06:30", "01 07:00"]),
        ("*/30 */2 * * *", FALL, ["01 04:30", "01 07:00", "01 07:30", "01 09:00"]),
        # 02:30 does not exist: it fires once, an hour later by the clock on the wall.
        ("30 2 * * *", SPRING, ["08 07:30", "09 06:30", "10 06:30"]),
        ("*/30 * * * *", "2026-03-08T01:20-05:00", ["08 06:30", "08 07:00", "08 07:30"]),
    ],
)
def test_the_days_on_which_the_clock_is_changed(expression: str, after: str, expected: list[str]) -> None:
    assert fires(expression, NEW_YORK, after, len(expected)) == expected


def test_half_an_hour_of_summer_time_is_no_trouble_either() -> None:
    assert fires("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00+11:00", 2) == ["03 14:45", "04 14:45"]


def test_asking_in_the_repeated_hour_with_a_local_time_goes_on() -> None:
    second = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo(NEW_YORK), fold=1)
    assert next_cron("*/30 * * * *", NEW_YORK, second) == datetime(2026, 11, 1, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("weekdays", "days"),
    [
        ("0", ["Sun", "Sun"]),
        ("7", ["Sun", "Sun"]),
        ("1", ["Mon", "Mon"]),
        ("1-5", ["Mon", "Tue", "Wed", "Thu", "Fri", "Mon"]),
        ("5-7", ["Fri", "Sat", "Sun", "Fri"]),
        ("sat-mon", ["Sat", "Sun", "Mon", "Sat"]),
        ("*/2", ["Sun", "Tue", "Thu", "Sat", "Sun"]),
        ("MON,thu", ["Mon", "Thu", "Mon"]),
    ],
)
def test_weekdays_count_from_sunday_as_in_every_crontab(weekdays: str, days: list[str]) -> None:
    time: datetime | None = datetime(2026, 11, 21 if days[0] in ("Sun", "Mon") else 19, 23, tzinfo=UTC)
    if days[0] == "Mon":
        time = datetime(2026, 11, 22, 23, tzinfo=UTC)
    found = []
    for _ in days:
        assert time is not None
        time = next_cron(f"0 9 * * {weekdays}", "UTC", time)
        found.append(f"{time:%a}")
    assert found == days


def test_a_day_of_the_month_or_a_day_of_the_week_suffices() -> None:
    assert fires("0 9 1 * fri", "UTC", "2026-11-21T00:00+00:00", 3) == ["27 09:00", "01 09:00", "04 09:00"]


def test_a_zone_is_kept() -> None:
    assert fires("0 9 * * *", "Europe/Berlin", "2026-11-21T00:00+00:00", 1) == ["21 08:00"]


def test_named_schedules() -> None:
    assert fires("@daily", "UTC", "2026-11-21T10:00+00:00", 1) == ["22 00:00"]


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("* * * *", "4 fields instead of five"),
        ("61 * * * *", "is no cron expression"),
        ("0 0 31 2 *", "never fires"),
        ("0 0 * * funday", "'funday' is no weekday"),
        ("0 0 * * 1/0", "no whole step"),
        ("@sometimes", "1 fields instead of five"),
    ],
)
def test_a_mistake_is_told(expression: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        check_cron(expression)


@given(
    minute=st.integers(0, 59),
    hour=st.integers(0, 23),
    start=st.timedeltas(timedelta(0), timedelta(days=1500)).map(lambda gap: datetime(2024, 1, 1, tzinfo=UTC) + gap),
    zone=st.sampled_from([NEW_YORK, "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_a_daily_time_fires_once_a_day_in_every_zone(minute: int, hour: int, start: datetime, zone: str) -> None:
    times = [start]
    for _ in range(5):
        following = next_cron(f"{minute} {hour} * * *", zone, times[-1])
        assert following is not None
        times.append(following)
    gaps = [later - earlier for earlier, later in pairwise(times[1:])]
    assert all(timedelta(hours=23) <= gap <= timedelta(hours=25) for gap in gaps), times
    assert start < times[1] <= start + timedelta(hours=25)
