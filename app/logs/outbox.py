"""The bounded queue between those who log and the one who writes."""

from __future__ import annotations

import logging
import threading
from collections import deque

from services.core.logs import LogLine

_RANKS = ("debug", "info", "warning")


class Outbox:
    """Never blocks and never grows beyond its capacity: DEBUG goes first, then INFO; drops are counted."""

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._change = threading.Condition()  # reentrant: a signal handler may log while its thread puts
        self._queues: tuple[deque[tuple[int, LogLine]], ...] = (deque(), deque(), deque())
        self._number = 0
        self._dropped = dict.fromkeys(_RANKS, 0)
        self._closed = False
        self._woken = False

    def put(self, line: LogLine) -> None:
        """Queue a line; when full, the oldest of the least important is dropped, or this one."""
        rank = _rank(line.severity)
        with self._change:
            if sum(map(len, self._queues)) >= self._capacity and not self._make_room(rank):
                self._dropped[_RANKS[rank]] += 1
                return
            self._number += 1
            self._queues[rank].append((self._number, line))
            self._change.notify()

    def take_all(self, timeout: float | None = None) -> tuple[LogLine, ...]:
        """Wait for lines and take them in order; none after the timeout, or at once when closed and empty."""
        with self._change:
            self._change.wait_for(lambda: self._closed or self._woken or any(self._queues), timeout)
            self._woken = False
            batch = sorted((each for queue in self._queues for each in queue), key=lambda numbered: numbered[0])
            for queue in self._queues:
                queue.clear()
        return tuple(line for _, line in batch)

    def wake(self) -> None:
        """Let the writer look around though nothing was put."""
        with self._change:
            self._woken = True
            self._change.notify()

    def close(self) -> None:
        """Let the writer finish; later lines are still queued, for whoever drains last."""
        with self._change:
            self._closed = True
            self._change.notify_all()

    @property
    def closed(self) -> bool:
        return self._closed

    def dropped(self) -> dict[str, int]:
        """How many lines were dropped, by rank: debug, info, warning and above."""
        with self._change:
            return dict(self._dropped)

    def _make_room(self, rank: int) -> bool:
        victim = next((lower for lower in range(rank) if self._queues[lower]), None)
        if victim is None:
            return False
        self._queues[victim].popleft()
        self._dropped[_RANKS[victim]] += 1
        return True


def _rank(severity: int) -> int:
    return 2 if severity >= logging.WARNING else 1 if severity >= logging.INFO else 0
