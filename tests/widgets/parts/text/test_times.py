"""Times and durations are told as a person would write them."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from widgets.parts.text import times

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_berlin(monkeypatch):
    if not hasattr(time, "tzset"):
        pytest.skip("this system has no zone of a process's own")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_what_expires_says_how_long_it_still_waits():
    assert times.expiry(NOW + timedelta(hours=2, minutes=10), NOW) == "expires in 2 h 10 min"
    assert times.expiry(NOW + timedelta(seconds=8), NOW) == "expires in 8 s"
    assert (times.expiry(NOW, NOW), times.expiry(None, NOW)) == ("expired", "")


def test_today_is_told_by_the_clock_alone_and_other_days_by_their_name():
    assert times.clock_time(NOW - timedelta(hours=3), NOW) == "10:00"
    assert times.clock_time(NOW - timedelta(days=1), NOW) == "yesterday 13:00"
    assert times.clock_time(NOW + timedelta(days=1), NOW) == "tomorrow 13:00"
    assert times.clock_time(NOW - timedelta(days=3), NOW) == "Wed 13:00"
    assert times.clock_time(NOW - timedelta(days=40), NOW) == "12 Oct 14:00"
    assert times.clock_time(NOW - timedelta(days=400), NOW) == "17 Oct 2025 14:00"
    assert times.clock_seconds(NOW + timedelta(seconds=7), NOW) == "13:00:07"


def test_the_whole_of_a_time_names_its_zone_and_utc():
    assert times.full_time(NOW) == "Sat 21 Nov 2026, 13:00:00 CET (12:00:00 UTC)"


def test_a_moment_that_was_written_for_programs_is_told_as_a_time():
    assert times.written_time("2026-11-21T12:00:07.225200+00:00") == "Sat 21 Nov 2026, 13:00:07"
    assert times.written_time("2026-11-21T12:00:00Z") == "Sat 21 Nov 2026, 13:00"
    for other in ("2026-11-21", "2026-11-21T12:00:00", "2026-13-21T12:00:00Z", "at 2026-11-21T12:00:00Z"):
        assert times.written_time(other) == other


def test_what_is_near_is_counted_down_and_what_is_far_has_a_time():
    assert times.until(NOW + timedelta(seconds=8), NOW) == "in 8 s"
    assert times.until(NOW + timedelta(minutes=47), NOW) == "13:47"
    assert times.until(NOW - timedelta(seconds=1), NOW) == "now"
    assert times.ago(NOW - timedelta(minutes=2), NOW) == "2 min ago"
    assert times.ago(NOW, NOW) == "just now"


def test_numbers_have_their_sign_and_fixed_digits():
    assert times.signed(1.836) == "+1.84"
    assert times.signed(-1234.5, 1) == "−1,234.5"
    assert times.signed(-0.001) == "0.00"


def test_what_took_long_is_told_short():
    assert times.took(3.14159) == "3.1 s"
    assert times.took(600) == "10 min"
