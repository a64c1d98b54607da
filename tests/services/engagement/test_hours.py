from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from services.engagement.hours import Hours, parse_hours

BERLIN = ZoneInfo("Europe/Berlin")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 4, hour, minute, tzinfo=BERLIN)


def test_hours_hold_their_beginning_and_not_their_end() -> None:
    hours = parse_hours("07:00-23:00")
    assert at(7) in hours
    assert at(22, 59) in hours
    assert at(23) not in hours
    assert at(6, 59) not in hours


def test_hours_may_cross_midnight() -> None:
    hours = parse_hours("22:00-02:00")
    assert at(23) in hours
    assert at(1, 59) in hours
    assert at(2) not in hours
    assert hours.opening(at(3)) == at(22)


def test_equal_ends_mean_all_day() -> None:
    assert all(at(hour) in parse_hours("00:00-24:00") for hour in range(24))


def test_the_next_opening_is_now_or_today_or_tomorrow() -> None:
    hours = Hours(7 * 60, 23 * 60)
    assert hours.opening(at(12)) == at(12)
    assert hours.opening(at(3)) == at(7)
    assert hours.opening(at(23, 30)) == datetime(2026, 3, 5, 7, tzinfo=BERLIN)


@pytest.mark.parametrize("written", ["7-23", "25:00-26:00", "07:00", "07:60-08:00", "always"])
def test_what_are_no_hours_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="such as 07:00-23:00"):
        parse_hours(written)
