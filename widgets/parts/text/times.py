"""Times and durations as every page writes them: local, short, the whole of it with its zone on hover.

Nothing here reads a clock: a page says what moment it shows, now or past, and all is told from there.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from services.core.durations import format_duration

_DAY = timedelta(days=1)
_MINUS = "−"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
"""With its zone: without one it may be a time of anywhere."""


def clock_time(at: datetime, now: datetime | None = None) -> str:
    """``09:31``; with the day before it where that is another than the one of ``now``."""
    local = at.astimezone()
    if now is None or local.date() == now.astimezone().date():
        return f"{local:%H:%M}"
    return f"{_day(local, now.astimezone())} {local:%H:%M}"


def clock_seconds(at: datetime, now: datetime | None = None) -> str:
    """``09:31:07``, as logs have it; with the day as in ``clock_time``."""
    return f"{clock_time(at, now)}:{at.astimezone():%S}"


def full_time(at: datetime) -> str:
    """For a tooltip: the day, the second, the zone and the same moment in UTC."""
    local = at.astimezone()
    there = f"{local:%a} {local.day} {local:%b %Y, %H:%M:%S %Z}"
    return there if local.utcoffset() == timedelta(0) else f"{there} ({at.astimezone(UTC):%H:%M:%S} UTC)"


def written_time(text: str) -> str:
    """A text that is nothing but a moment in ISO 8601, as a person reads it: ``Sat 21 Nov 2026, 14:23:22``.

    Any other text is given back as it is.
    """
    if not _MOMENT.fullmatch(text):
        return text
    try:
        local = datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        return text
    return f"{local:%a} {local.day} {local:%b %Y}, {local:{'%H:%M:%S' if local.second else '%H:%M'}}"


def ago(at: datetime, now: datetime) -> str:
    """``8 s ago``, ``2 min ago``; ``just now`` within a second."""
    passed = now - at
    return "just now" if passed < timedelta(seconds=1) else f"{format_duration(passed)} ago"


def until(at: datetime, now: datetime) -> str:
    """How a person would say when: ``in 8 s`` while it can be counted down, then the time of day."""
    if at <= now:
        return "now"
    wait = at - now
    return f"in {format_duration(wait)}" if wait < timedelta(seconds=90) else clock_time(at, now)


def expiry(at: datetime | None, now: datetime) -> str:
    """``expires in 2 h 10 min``, or ``expired``; empty for what does not."""
    if at is None:
        return ""
    return f"expires in {format_duration(at - now)}" if at > now else "expired"


def took(seconds: float) -> str:
    """How long something took; tenths where it was quick."""
    return f"{seconds:.1f} s" if 1 <= seconds < 10 else format_duration(seconds)


def signed(value: float, digits: int = 2) -> str:
    """A number with its sign and fixed digits; zero has none."""
    text = f"{abs(value):,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        return text
    return f"{'+' if value > 0 else _MINUS}{text}"


def _day(local: datetime, now: datetime) -> str:
    apart = now.date() - local.date()
    if apart == _DAY:
        return "yesterday"
    if apart == -_DAY:
        return "tomorrow"
    if timedelta(0) < apart < 7 * _DAY:
        return f"{local:%a}"
    year = "" if local.year == now.year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"
