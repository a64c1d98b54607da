"""Workers in a QThreadPool of our own: the global pool has as many threads as cores, and endless work would fill it."""

import threading
from collections.abc import Callable

from PyQt6.QtCore import QRunnable, QThreadPool

from services.core.workers import guarded


class _Task(QRunnable):
    """One piece of work. Not deleted by the pool: Python may still hold it when it has run."""

    def __init__(self, name: str, work: Callable[[], None], ended: "Callable[[_Task], None]") -> None:
        super().__init__()
        self.setAutoDelete(False)
        self.name = name
        self.thread: int | None = None
        self.abandoned = False
        self._work = work
        self._ended = ended

    def run(self) -> None:
        self.thread = threading.get_ident()
        try:
            guarded(self.name, self._work)
        finally:
            self.thread = None
            self._ended(self)


class QtWorkers:
    """Implements ``Workers``. The pool grows with the work, since a run that waits for a thread would look dead."""

    SPARE = 8

    def __init__(self, threads: int = 32) -> None:
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(threads)
        self._pool.setExpiryTimeout(30_000)
        self._lock = threading.Lock()
        self._tasks: dict[str, _Task] = {}
        self._held: set[_Task] = set()

    def start(self, name: str, work: Callable[[], None]) -> None:
        task = _Task(name, work, self._ended)
        with self._lock:
            self._tasks[name] = task
            self._held.add(task)
            if len(self._held) + self.SPARE > self._pool.maxThreadCount():
                self._pool.setMaxThreadCount(len(self._held) + self.SPARE)
        self._pool.start(task)

    def abandon(self, name: str) -> None:
        with self._lock:
            task = self._tasks.pop(name, None)
            if task is not None and task in self._held:
                task.abandoned = True

    @property
    def abandoned(self) -> int:
        with self._lock:
            return sum(1 for task in self._held if task.abandoned)

    @property
    def busy(self) -> int:
        """Pieces of work that have not ended."""
        with self._lock:
            return len(self._held)

    def thread_of(self, name: str) -> int | None:
        with self._lock:
            task = self._tasks.get(name)
        return task.thread if task is not None else None

    def wait(self, milliseconds: int) -> bool:
        """Wait for all work to end; a stuck piece keeps Qt from ending, so the caller must then leave by force."""
        return self._pool.waitForDone(milliseconds)

    def _ended(self, task: _Task) -> None:
        with self._lock:
            self._held.discard(task)
            if self._tasks.get(task.name) is task:
                del self._tasks[task.name]
