"""Workers: where runs and blocking acts live. A port: threads here, a QThreadPool where Qt is (``app/runtime``)."""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from services.core.clock import Clock

log = logging.getLogger(__name__)


class Workers(Protocol):
    """Gives threads. A thread that is given up cannot be killed; it is counted, and another is given for it."""

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Run ``work`` in a thread soon; what it raises is logged, never lost and never fatal."""
        ...

    def abandon(self, name: str) -> None:
        """Give up the thread that runs the work of this name; its place is made up for."""
        ...

    @property
    def abandoned(self) -> int:
        """Threads given up that have not ended since."""
        ...

    def thread_of(self, name: str) -> int | None:
        """The identity of the thread that runs the work of this name."""
        ...


class ThreadWorkers:
    """A thread for each piece of work: daemons, so that a stuck one does not keep the program from ending."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._threads: dict[str, threading.Thread] = {}
        self._abandoned: set[threading.Thread] = set()

    def start(self, name: str, work: Callable[[], None]) -> None:
        announced = self._clock.work()

        def run() -> None:
            with announced:
                guarded(name, work)
                self._ended(name)

        thread = threading.Thread(target=run, name=name, daemon=True)
        with self._lock:
            self._threads[name] = thread
        thread.start()

    def abandon(self, name: str) -> None:
        with self._lock:
            thread = self._threads.pop(name, None)
            if thread is not None:
                self._abandoned.add(thread)

    @property
    def abandoned(self) -> int:
        with self._lock:
            return len(self._abandoned)

    @property
    def busy(self) -> int:
        """Pieces of work that have not ended."""
        with self._lock:
            return len(self._threads) + len(self._abandoned)

    def thread_of(self, name: str) -> int | None:
        thread = self._threads.get(name)
        return thread.ident if thread is not None and thread.is_alive() else None

    def _ended(self, name: str) -> None:
        """Forget the thread: runs come and go for as long as the program lives."""
        thread = threading.current_thread()
        with self._lock:
            self._abandoned.discard(thread)
            if self._threads.get(name) is thread:
                del self._threads[name]


def guarded(name: str, work: Callable[[], None]) -> None:
    """Run ``work``; log what it raises, since nobody stands above a thread."""
    try:
        work()
    except Exception:
        log.exception("worker %s failed", name)
