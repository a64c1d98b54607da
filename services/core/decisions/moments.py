"""Until when something may be put off: the few moments that window and command line offer alike."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

EVENING, MORNING = time(18), time(9)


@dataclass(frozen=True)
class Moment:
    """``name`` is what the command line calls it; ``at`` is in UTC."""

    name: str
    label: str
    at: datetime


def moments(now: datetime) -> tuple[Moment, ...]:
    """What is offered at ``now`` (aware), soonest first, by the calendar of the machine's own time zone.

    The first is what is meant where nothing is said.
    """
    today = now.astimezone().date()
    monday = today + timedelta(days=7 - today.weekday())
    offered = (
        Moment("hour", "In 1 hour", now + timedelta(hours=1)),
        Moment("evening", "This evening", _at(today, EVENING)),
        Moment("tomorrow", "Tomorrow", _at(today + timedelta(days=1), MORNING)),
        Moment("next-week", "Next week", _at(monday, MORNING)),
    )
    return tuple(moment for moment in offered if moment.at > now)


def _at(day: date, of_day: time) -> datetime:
    """A time of day as the machine's zone has it on that very day, whatever summer time says today."""
    return datetime.combine(day, of_day).astimezone(UTC)
