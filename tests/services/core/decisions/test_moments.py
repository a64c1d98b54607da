"""The moments until which something can be put off, by the machine's own calendar."""

from datetime import datetime, timedelta

from services.core.decisions.moments import moments

WEDNESDAY = datetime(2026, 11, 18, 14, 30).astimezone()


def offered(now: datetime) -> dict[str, str]:
    return {moment.name: f"{moment.at.astimezone():%a %H:%M}" for moment in moments(now)}


def test_an_hour_the_evening_tomorrow_and_monday_are_offered_soonest_first() -> None:
    assert offered(WEDNESDAY) == {
        "hour": "Wed 15:30",
        "evening": "Wed 18:00",
        "tomorrow": "Thu 09:00",
        "next-week": "Mon 09:00",
    }


def test_an_evening_that_has_begun_is_not_offered() -> None:
    assert "evening" not in offered(WEDNESDAY + timedelta(hours=4))


def test_on_monday_next_week_is_the_one_after() -> None:
    (*_, last) = moments(WEDNESDAY - timedelta(days=2))
    assert last.at - (WEDNESDAY - timedelta(days=2)) > timedelta(days=6)
