"""A line of the program's log as the window shows it."""

from __future__ import annotations

from collections.abc import Iterable

from services.core import logs
from widgets.parts.log.model import LEVELS, LogLine
from widgets.parts.times import clock_seconds

_LONGEST = 2_000


def shown(lines: Iterable[logs.LogLine]) -> tuple[LogLine, ...]:
    """Local clock time, level, whose line it is, and its text: what is longer or has more lines is cut here."""
    return tuple(
        LogLine(
            clock_seconds(line.at),
            line.level if line.level in LEVELS else "INFO",
            line.process,
            " ".join(line.text.split())[:_LONGEST],
        )
        for line in lines
    )
