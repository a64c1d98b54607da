"""The last lines of every run, kept in memory at any level until something goes wrong."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque

from services.core.logs.line import LogLine

MOST_RUNS = 256
GLOBAL_LINES = 5000
GLOBAL_SECONDS = 30.0

_Stamped = tuple[int, float, LogLine]  # number, monotonic seconds, line


class Rings:
    """A ring per run, and one of all lines of the last 30 s. Safe to use from any thread."""

    def __init__(self, size: int = 200) -> None:
        self._size = size
        self._lock = threading.RLock()
        self._number = 0
        self._of_run: OrderedDict[str, deque[_Stamped]] = OrderedDict()
        self._of_all: deque[_Stamped] = deque(maxlen=GLOBAL_LINES)

    def add(self, line: LogLine, monotonic: float) -> None:
        """Keep a line. When too many runs are known, the ring of the one that was silent longest goes."""
        with self._lock:
            self._number += 1
            stamped = (self._number, monotonic, line)
            self._of_all.append(stamped)
            if line.run:
                ring = self._of_run.setdefault(line.run, deque(maxlen=self._size))
                ring.append(stamped)
                self._of_run.move_to_end(line.run)
                if len(self._of_run) > MOST_RUNS:
                    self._of_run.popitem(last=False)

    def lines(self, run: str, monotonic: float) -> tuple[LogLine, ...]:
        """A run's ring together with what everyone said in the last 30 s, in the order it was said."""
        with self._lock:
            recent = [each for each in self._of_all if monotonic - each[1] <= GLOBAL_SECONDS]
            both = {each[0]: each[2] for each in (*self._of_run.get(run, ()), *recent)}
        return tuple(both[number] for number in sorted(both))

    def forget(self, run: str) -> None:
        """Drop the ring of a run that ended well."""
        with self._lock:
            self._of_run.pop(run, None)
