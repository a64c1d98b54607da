"""When a cron expression fires next: a pure function, right on both days a year when the clock is changed.

The calendar is computed by APScheduler's ``CronTrigger``, which is handed UTC only: fed with local times it goes round
in circles in the repeated hour of autumn. Three things differ between it and the crontab that people know, and are
mended here: weekday 0 is Sunday, a day of the month *or* a day of the week suffices, and a fixed hour that happens
twice in autumn fires once.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_SHAPE = "write minute, hour, day of month, month, day of week, such as '30 6 * * 1-5', or a name such as @daily"


def next_cron(expression: str, zone: str, after: datetime) -> datetime | None:
    """The first time (UTC) strictly after ``after`` at which ``expression`` fires in ``zone``; None if it never does.

    Raises ``ValueError`` that says what would have been right.
    """
    triggers, fixed_hour = _parsed(expression, zone)
    while True:
        start = after.astimezone(UTC) + timedelta(microseconds=1)
        times = [time for trigger in triggers if (time := trigger.get_next_fire_time(None, start)) is not None]
        if not times:
            return None
        first: datetime = min(times, key=lambda time: time.astimezone(UTC))
        if not (fixed_hour and first.fold):
            return first.astimezone(UTC)
        # The same local date and time fired an hour ago, before the clock was set back.
        after = first


def check_cron(expression: str, zone: str = "UTC") -> None:
    """Raise ``ValueError`` where the expression cannot be read, or names a date that no year has."""
    if next_cron(expression, zone, datetime(2000, 1, 1, tzinfo=UTC)) is None:
        raise ValueError(f"{expression!r} never fires: no year has such a day")


@lru_cache(maxsize=512)
def _parsed(expression: str, zone: str) -> "tuple[tuple[CronTrigger, ...], bool]":
    from apscheduler.triggers.cron import CronTrigger  # 70 ms, and only who has a calendar pays them

    fields = _MACROS.get(expression.strip().lower(), expression).split()
    if len(fields) != 5:
        raise ValueError(f"{expression!r} has {len(fields)} fields instead of five; {_SHAPE}")
    minute, hour, day, month, weekday = fields
    either = not day.startswith("*") and not weekday.startswith("*")
    days = [(day, "*"), ("*", weekday)] if either else [(day, weekday)]
    try:
        triggers = tuple(
            CronTrigger(minute=minute, hour=hour, day=d, month=month, day_of_week=_weekdays(w), timezone=ZoneInfo(zone))
            for d, w in days
        )
    except ValueError as error:
        raise ValueError(f"{expression!r} is no cron expression ({error}); {_SHAPE}") from error
    return triggers, "*" not in hour


def _weekdays(field: str) -> str:
    """Spell the weekdays out, because the two count from different days (0 and 7 are Sunday here)."""
    if field == "*":
        return field
    days: set[int] = set()
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        first, dash, last = ("0", "-", "6") if span == "*" else span.partition("-")
        start = _weekday(first)
        end = _weekday(last) if dash else 6 if step else start
        if end < start:
            end += 7
        if step and (not step.isdecimal() or step == "0"):
            raise ValueError(f"{part!r} has no whole step above zero")
        days.update(day % 7 for day in range(start, end + 1, int(step or 1)))
    return ",".join(_DAYS[day] for day in sorted(days))


def _weekday(text: str) -> int:
    if text.isdecimal() and int(text) <= 7:
        return int(text)
    if text in _DAYS:
        return _DAYS.index(text)
    raise ValueError(f"{text!r} is no weekday; write 0-7 (0 and 7 are Sunday) or {', '.join(_DAYS)}")
