"""Durations as they are written: ``seconds(10)`` in code, ``90s``, ``5m``, ``24h``, ``7d`` in the user's files."""

import re
from datetime import timedelta
from functools import lru_cache

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_WRITTEN = ((604800.0, "w"), (86400.0, "d"), (3600.0, "h"), (60.0, "m"), (1.0, "s"), (0.001, "ms"))
_LONGEST = 100 * 366 * 86400.0
"""Seconds. What is longer nobody means, and no calendar holds it."""
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@lru_cache(maxsize=256)
def parse_duration(text: str) -> timedelta:
    """Read ``1h30m`` or ``500ms``; raises ``ValueError`` that says what would have been right."""
    compact = text.strip().lower()
    parts = _PART.findall(compact)
    if not parts or _PART.sub("", compact).strip():
        raise ValueError(f"{text!r} is no duration; write a number and a unit, such as 90s, 5m, 24h or 7d")
    total = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if total > _LONGEST:
        raise ValueError(f"{text!r} is longer than 100 years")
    return timedelta(seconds=total)


def format_duration(duration: timedelta | float) -> str:
    """The shortest form a person reads at a glance: ``8 s``, ``2 min``, ``3 h 10 min``, ``4 d``."""
    total = duration.total_seconds() if isinstance(duration, timedelta) else duration
    if total < 1:
        return f"{total * 1000:.0f} ms"
    if total < 90:
        return f"{total:.0f} s"
    if total < 5400:
        return f"{total / 60:.0f} min"
    if total < 48 * 3600:
        whole, rest = divmod(round(total / 60), 60)
        return f"{whole} h {rest} min" if rest else f"{whole} h"
    return f"{total / 86400:.0f} d"


def write_duration(duration: timedelta) -> str:
    """The form that ``parse_duration`` reads: ``1h30m``, ``90ms``; the inverse to the millisecond."""
    left = round(duration.total_seconds(), 3)
    parts = []
    for size, unit in _WRITTEN:
        count = int((left + 1e-9) / size)
        if count:
            parts.append(f"{count}{unit}")
            left = round(left - count * size, 3)
    return "".join(parts) or "0s"
