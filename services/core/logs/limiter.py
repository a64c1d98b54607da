"""A log that a loop cannot flood: of many similar lines the first are written and the others counted."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from msgspec.structs import replace

from services.core.logs.line import LogLine

MOST_KINDS = 1000


@dataclass(slots=True)
class _Window:
    """One kind's lines since a moment; `last` is the newest that was held back."""

    since: float
    let_through: int = 0
    held_back: int = 0
    last: LogLine | None = None


class Limiter:
    """Lets `most` lines of a kind through in each window, then says how many similar ones it held back."""

    def __init__(self, most: int = 20, window: float = 10.0) -> None:
        self._most = most
        self._window = window
        self._lock = threading.RLock()
        self._kinds: OrderedDict[tuple[str, str, str], _Window] = OrderedDict()

    def admit(self, line: LogLine, monotonic: float) -> tuple[LogLine, ...]:
        """What to write for this line: nothing, itself, or the count of those before it and itself."""
        with self._lock:
            told: list[LogLine] = []
            window = self._kinds.get(line.kind)
            if window is None or monotonic - window.since >= self._window:
                told += _summary(window)
                window = self._kinds[line.kind] = _Window(monotonic)
                self._kinds.move_to_end(line.kind)
                if len(self._kinds) > MOST_KINDS:
                    told += _summary(self._kinds.popitem(last=False)[1])
            if window.let_through < self._most:
                window.let_through += 1
                told.append(line)
            else:
                window.held_back += 1
                window.last = line
            return tuple(told)

    def summaries(self, monotonic: float, *, closing: bool = False) -> tuple[LogLine, ...]:
        """The counts of windows that are over, or of all when the log closes."""
        with self._lock:
            over = [kind for kind, window in self._kinds.items() if closing or monotonic - window.since >= self._window]
            return tuple(line for kind in over for line in _summary(self._kinds.pop(kind)))


def _summary(window: _Window | None) -> tuple[LogLine, ...]:
    if window is None or window.last is None:
        return ()
    similar = f"{window.held_back} similar suppressed: {window.last.text}"
    return (replace(window.last, text=similar),)
