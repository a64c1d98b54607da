"""When a cron expression fires next: a pure function, right on both days a year when the clock is changed.

The calendar is computed by APScheduler's ``CronTrigger`` over wall times without a zone, since with one it leaves out
a day after the clock was set forward and goes round in circles in the repeated hour of autumn. Wall times become
moments here: one that the clock leaps over fires an hour later, and one that happens twice fires once if its hour is
fixed. Weekday 0 is Sunday, and a day of the month *or* a day of the week suffices, as people know it from crontab.
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
_AROUND = timedelta(hours=3)
"""No zone sets its clock by more."""
_HALF_A_SEASON = timedelta(days=60)
"""Two changes of the clock may lie between moments that are further apart, and cancel each other out."""
_SHAPE = "write minute, hour, day of month, month, day of week, such as '30 6 * * 1-5', or a name such as @daily"


def next_cron(expression: str, zone: str, after: datetime) -> datetime | None:
    """The first time (UTC) strictly after ``after`` at which ``expression`` fires in ``zone``; None if it never does.

    Raises ``ValueError`` that says what would have been right.
    """
    triggers, fixed_hour = _parsed(expression)
    place = ZoneInfo(zone)
    after = after.astimezone(UTC)
    wall = _wall(after, place)
    found = _following(triggers, wall)
    if found is None or _offset_stays(after, found, place):
        return _moment(found, place) if found is not None else None
    return _across_change(triggers, fixed_hour, place, after)


def _across_change(
    triggers: "tuple[CronTrigger, ...]", fixed_hour: bool, place: ZoneInfo, after: datetime
) -> datetime | None:
    """Near a change of the clock: look at every wall time around it, in all the moments it stands for."""
    wall: datetime | None = _wall(after, place) - _AROUND
    best: datetime | None = None
    while wall is not None and (wall := _following(triggers, wall)) is not None:
        later = [moment for moment in _moments(wall, place, fixed_hour) if moment > after]
        best = min([*later, *([best] if best else [])], default=None)
        if best is not None and wall > _wall(best, place) + _AROUND:
            break
    return best


def _following(triggers: "tuple[CronTrigger, ...]", wall: datetime) -> datetime | None:
    """The next wall time strictly after ``wall``, both written as if they were UTC."""
    start = wall + timedelta(microseconds=1)
    times = [time for trigger in triggers if (time := trigger.get_next_fire_time(None, start)) is not None]
    return min(times, default=None)


def _offset_stays(after: datetime, wall: datetime, place: ZoneInfo) -> bool:
    """Whether the clock is changed nowhere between a little before ``after`` and a little after ``wall``."""
    moment = _moment(wall, place)
    return (after - _AROUND).astimezone(place).utcoffset() == (moment + _AROUND).astimezone(
        place
    ).utcoffset() and moment - after < _HALF_A_SEASON


def _moments(wall: datetime, place: ZoneInfo, fixed_hour: bool) -> list[datetime]:
    first, second = _moment(wall, place), _moment(wall, place, fold=1)
    return [first] if fixed_hour or second <= first else [first, second]


def _moment(wall: datetime, place: ZoneInfo, fold: int = 0) -> datetime:
    return wall.replace(tzinfo=place, fold=fold).astimezone(UTC)


def _wall(moment: datetime, place: ZoneInfo) -> datetime:
    return moment.astimezone(place).replace(tzinfo=UTC, fold=0)


def check_cron(expression: str, zone: str = "UTC") -> None:
    """Raise ``ValueError`` where the expression cannot be read, or names a date that no year has."""
    if next_cron(expression, zone, datetime(2000, 1, 1, tzinfo=UTC)) is None:
        raise ValueError(f"{expression!r} never fires: no year has such a day")


def keeps_to_hours(expression: str) -> bool:
    """Whether it fires at hours of the day that it names, rather than in every hour."""
    return _parsed(expression)[1]


@lru_cache(maxsize=512)
def _parsed(expression: str) -> "tuple[tuple[CronTrigger, ...], bool]":
    from apscheduler.triggers.cron import CronTrigger  # 70 ms, and only who has a calendar pays them

    fields = _MACROS.get(expression.strip().lower(), expression).split()
    if len(fields) != 5:
        raise ValueError(f"{expression!r} has {len(fields)} fields instead of five; {_SHAPE}")
    minute, hour, day, month, weekday = fields
    either = not day.startswith("*") and not weekday.startswith("*")
    days = [(day, "*"), ("*", weekday)] if either else [(day, weekday)]
    try:
        triggers = tuple(
            CronTrigger(minute=minute, hour=hour, day=d, month=month, day_of_week=_weekdays(w), timezone=UTC)
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
