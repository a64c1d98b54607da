"""Durations in the user's files: read as ``1h30m``, written back the same way."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from services.core.durations import parse_duration

_UNITS = ((604800.0, "w"), (86400.0, "d"), (3600.0, "h"), (60.0, "m"), (1.0, "s"), (0.001, "ms"))


def write_duration(duration: timedelta) -> str:
    """The form that ``parse_duration`` reads: ``1h30m``, ``90ms``; the inverse to the millisecond."""
    left = round(duration.total_seconds(), 3)
    parts = []
    for size, unit in _UNITS:
        count = int((left + 1e-9) / size)
        if count:
            parts.append(f"{count}{unit}")
            left = round(left - count * size, 3)
    return "".join(parts) or "0s"


def read_duration(given: Any) -> timedelta:
    """Accept a duration or its text; a bare number is refused, since nobody can tell its unit."""
    if isinstance(given, timedelta):
        return given
    if not isinstance(given, str):
        raise ValueError(f"{given!r} has no unit; write a number and a unit, such as {given}s or 5m")
    return parse_duration(given)


Duration = Annotated[timedelta, BeforeValidator(read_duration), PlainSerializer(write_duration, return_type=str)]
"""A duration as a pydantic field."""
