"""Log lines as the page keeps them, and which of them pass its filter. No window is needed here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from services.core.logs.line import LogLine as CoreLine
from services.core.plain import plain
from services.core.words import counted, form
from widgets.parts.log import LogLine
from widgets.parts.text.times import clock_seconds

SEVERITY = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
PROGRAM = "dreamscape"
_SUPPRESSED = re.compile(r"^(\d+) similar suppressed: ")
_DROPPED = re.compile(r"^([\d,]+) lines? (?:(?:was|were) dropped|could not be written)\b")


@dataclass(frozen=True, slots=True)
class ShownLine(LogLine):
    """A line of the list with where it came from."""

    moment: datetime | None = None
    run: str = ""
    logger: str = ""

    @property
    def note(self) -> str:
        """What a reader must know about a line that stands for others; empty for ordinary ones."""
        if found := _SUPPRESSED.match(self.text):
            return f"{_lines(int(found[1]), 'like this one came within 10 s and')} counted instead of written"
        if _DROPPED.match(self.text) and self.source == PROGRAM:
            return "These lines are lost: more came than could be kept"
        return ""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What a line must be to be shown."""

    level: str = "DEBUG"
    process: str = ""
    needle: str = ""
    _folded: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "_folded", self.needle.casefold().strip())

    def accepts(self, line: LogLine) -> bool:
        if SEVERITY.get(line.level, 20) < SEVERITY[self.level] or (self.process and line.source != self.process):
            return False
        return not self._folded or self._folded in f"{line.source} {line.whole}".casefold()

    @property
    def narrows(self) -> bool:
        return self != LogFilter()


def shown(line: CoreLine) -> ShownLine:
    """A line of the program's log as this page keeps it."""
    first, _, rest = plain(line.text).partition("\n")
    return ShownLine(
        clock_seconds(line.at),
        line.level if line.level in SEVERITY else "INFO",
        line.process,
        first,
        rest.rstrip(),
        moment=line.at,
        run=line.run,
        logger=line.logger,
    )


def dropped(count: int, at: datetime) -> ShownLine:
    """The note that stands where lines are missing from the window; the log file has them."""
    text = f"{_lines(count)} dropped here: more came than the window could show; the log file has them"
    return ShownLine(clock_seconds(at), "WARNING", PROGRAM, text, moment=at)


def _lines(count: int, which: str = "") -> str:
    """So many lines, and the verb for what befell them."""
    return " ".join(filter(None, (counted(count, "line"), which, form(count, "was", "were"))))
