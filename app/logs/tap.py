"""The live log for windows: batches of lines to whoever subscribed."""

from __future__ import annotations

import threading
from collections.abc import Callable

from services.core.logs import LogLine

Subscriber = Callable[[tuple[LogLine, ...]], None]
MOST_FAULTS = 3


class Tap:
    """Calls each subscriber on the writer's thread; it must only hand the batch over."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._faults: dict[Subscriber, int] = {}

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Deliver batches from now on; call what is returned to end it."""
        with self._lock:
            self._faults[subscriber] = 0
        return lambda: self._drop(subscriber)

    def deliver(self, batch: tuple[LogLine, ...]) -> tuple[str, ...]:
        """Give everyone the batch; tells of each one that raised, and detaches it after repeats."""
        with self._lock:
            subscribers = tuple(self._faults)
        told: list[str] = []
        for subscriber in subscribers:
            try:
                subscriber(batch)
            except Exception as error:
                told.append(self._fault(subscriber, error))
        return tuple(told)

    def _fault(self, subscriber: Subscriber, error: Exception) -> str:
        with self._lock:
            faults = self._faults.get(subscriber, 0) + 1
            if subscriber in self._faults:
                self._faults[subscriber] = faults
        if faults >= MOST_FAULTS:
            self._drop(subscriber)
            return f"a log subscriber raised {error!r} and was detached"
        return f"a log subscriber raised {error!r}"

    def _drop(self, subscriber: Subscriber) -> None:
        with self._lock:
            self._faults.pop(subscriber, None)
