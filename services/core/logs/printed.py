"""What a script prints is kept whole; only equal lines in a row are counted, and of a flood the end is kept."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from msgspec.structs import replace

from services.core.logs.line import LogLine
from services.core.words import counted, form

MOST_PROCESSES = 256
AT_ONCE = 1_000_000
A_MINUTE = 200_000
"""Bytes of the log that one process may print at once, and how many of them come back in a minute."""
LAST_LINES = 20
EQUAL = 20
_LAST_CHARACTERS = 16_000
_BESIDE = 150
"""Bytes that stand in a row beside its text."""
_WINDOW = 10.0
"""Seconds for which equal lines are counted before that is told."""
_QUIET = 2.0
"""Seconds of silence after which the end of a flood is written."""
_RESUMES = 60.0
"""Seconds after which of a flood that goes on as much is written again as has come back."""
_BEGINS = f"more is printed than the log keeps: lines are left out from here to the last {LAST_LINES}"


class Printed:
    """Lets lines through while their process has bytes left, and says what it held back."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._of_process: OrderedDict[str, _Output] = OrderedDict()

    def admit(self, line: LogLine, monotonic: float) -> tuple[LogLine, ...]:
        """What to write for this line: nothing, itself, or what is to be told before it and itself."""
        with self._lock:
            told: tuple[LogLine, ...] = ()
            if line.process not in self._of_process:
                self._of_process[line.process] = _Output(monotonic)
                if len(self._of_process) > MOST_PROCESSES:
                    told = self._of_process.popitem(last=False)[1].over()
            self._of_process.move_to_end(line.process)
            return (*told, *self._of_process[line.process].admit(line, monotonic))

    def summaries(self, monotonic: float, *, closing: bool = False) -> tuple[LogLine, ...]:
        """What is to be told by now of lines that were held back; all of it when the log closes."""
        with self._lock:
            outputs = tuple(self._of_process.values())
            return tuple(line for output in outputs for line in (output.over() if closing else output.due(monotonic)))


@dataclass(slots=True)
class _Equals:
    """A line and how often it was said in a row since a moment."""

    line: LogLine
    since: float
    times: int = 0

    def covers(self, line: LogLine) -> bool:
        mine = self.line
        return (mine.run, mine.level, mine.text) == (line.run, line.level, line.text)

    def told(self) -> tuple[LogLine, ...]:
        more = self.times - EQUAL
        return (replace(self.line, text=f"{more} similar suppressed: {self.line.text}"),) if more > 0 else ()


@dataclass(slots=True)
class _Flood:
    """What is left out since a moment; the newest lines of it wait to be written."""

    since: float
    lines: int = 0
    characters: int = 0
    last: deque[LogLine] = field(default_factory=deque)
    _kept: int = 0

    def hold(self, line: LogLine) -> None:
        self.last.append(line)
        self._kept += len(line.text)
        while len(self.last) > 1 and (len(self.last) > LAST_LINES or self._kept > _LAST_CHARACTERS):
            gone = self.last.popleft()
            self._kept -= len(gone.text)
            self.lines += 1
            self.characters += len(gone.text)

    def told(self) -> tuple[LogLine, ...]:
        if not self.lines:
            return tuple(self.last)
        many, kilobytes = counted(self.lines, "printed line"), f"{max(1, round(self.characters / 1000)):,} kB"
        return (_notice(self.last[0], f"{many} ({kilobytes}) {form(self.lines, 'was', 'were')} left out"), *self.last)


class _Output:
    """What one process prints."""

    def __init__(self, monotonic: float) -> None:
        self._left = float(AT_ONCE)
        self._counted_at = self._said_at = monotonic
        self._equals: _Equals | None = None
        self._flood: _Flood | None = None

    def admit(self, line: LogLine, monotonic: float) -> tuple[LogLine, ...]:
        told = self.due(monotonic)
        self._said_at = monotonic
        if self._flood is not None:
            self._flood.hold(line)
            return told
        if self._equals is None or not self._equals.covers(line):
            told += self.over()
            self._equals = _Equals(line, monotonic)
        self._equals.times += 1
        return told if self._equals.times > EQUAL else told + self._spend(line, monotonic)

    def due(self, monotonic: float) -> tuple[LogLine, ...]:
        """What is to be told by now, whether or not another line comes."""
        flood, equals = self._flood, self._equals
        ended = flood is not None and (monotonic - self._said_at >= _QUIET or monotonic - flood.since >= _RESUMES)
        return self.over() if ended or (equals is not None and monotonic - equals.since >= _WINDOW) else ()

    def over(self) -> tuple[LogLine, ...]:
        """All that is held back."""
        told = self._equals.told() if self._equals is not None else ()
        if self._flood is not None:
            told += self._flood.told()
            self._left -= sum(map(_cost, self._flood.last))
        self._equals = self._flood = None
        return told

    def _spend(self, line: LogLine, monotonic: float) -> tuple[LogLine, ...]:
        """Write the line if there is room for it; else begin to leave out."""
        self._left = min(AT_ONCE, self._left + (monotonic - self._counted_at) * A_MINUTE / 60)
        self._counted_at = monotonic
        if self._left >= _cost(line):
            self._left -= _cost(line)
            return (line,)
        self._equals, self._flood = None, _Flood(monotonic)
        self._flood.hold(line)
        return (_notice(line, _BEGINS),)


def _cost(line: LogLine) -> int:
    return len(line.text.encode(errors="replace")) + _BESIDE


def _notice(about: LogLine, text: str) -> LogLine:
    return replace(about, level="WARNING", text=text)
