"""Durations in the user's files: read as ``1h30m``, written back the same way."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from services.core.durations import parse_duration, write_duration


def read_duration(given: Any) -> timedelta:
    """Accept a duration or its text; a bare number is refused, since nobody can tell its unit."""
    if isinstance(given, timedelta):
        return given
    if not isinstance(given, str):
        raise ValueError(f"{given!r} has no unit; write a number and a unit, such as {given}s or 5m")
    return parse_duration(given)


Duration = Annotated[timedelta, BeforeValidator(read_duration), PlainSerializer(write_duration, return_type=str)]
"""A duration as a pydantic field."""
