"""A clock that a test moves by hand and that knows all who wait on it.

``advance`` goes deadline by deadline. Before each step it lets everything that works come to rest: every announced
thread has ended or waits on this clock, and the core loop waits for its next timer. So a week passes in seconds and
no test sleeps.
"""

import asyncio
import selectors
import threading
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PATIENCE = 60.0
"""Real seconds after which a test that does not come to rest is told so, with who still works."""


class _Waiter:
    """Someone who waits: until ``deadline`` of the clock, or until woken."""

    def __init__(self, name: str, deadline: float | None, counted: bool) -> None:
        self.name = name
        self.deadline = deadline
        self.counted = counted
        self.woken = False
        self.wake: Any = None


class ManualClock:
    """Implements ``Clock``."""

    def __init__(self, start: datetime = START) -> None:
        self._changed = threading.Condition()
        self._monotonic = 1_000.0
        self._origin = start
        self._wall = start
        self._busy = 0
        self._workers: set[str] = set()
        self._waiters: set[_Waiter] = set()
        self._local = threading.local()

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._monotonic

    def wakeup(self) -> "ManualWakeup":
        return ManualWakeup(self)

    def work(self) -> AbstractContextManager[object]:
        return _Work(self)

    def result(self, future: "Future[T]", timeout: float | None = None) -> T:
        flag = self.wakeup()
        future.add_done_callback(lambda done: flag.set())
        if not flag.wait(timeout):
            raise TimeoutError
        return future.result()

    def new_loop(self) -> asyncio.AbstractEventLoop:
        return _ManualLoop(self)

    def advance(self, duration: timedelta | float) -> None:
        """Let ``duration`` pass, waking each waiter at its time, in order."""
        seconds = duration.total_seconds() if isinstance(duration, timedelta) else duration
        target = self._monotonic + seconds
        self.rest()
        while (deadline := self._next_deadline(target)) is not None:
            self._move_to(deadline)
            self.rest()
        self._move_to(target)
        self.rest()

    def step_wall(self, duration: timedelta) -> None:
        """Set the wall clock without the monotonic noticing (a person, or a time server)."""
        with self._changed:
            self._origin += duration
            self._wall += duration

    def sleep_machine(self, duration: timedelta) -> None:
        """The laptop sleeps: the wall goes on, the monotonic clock does not."""
        self.step_wall(duration)

    def leap(self, duration: timedelta) -> None:
        """The machine sleeps where the monotonic clock goes on: both clocks leap, and all deadlines are met at once."""
        self.rest()
        self._move_to(self._monotonic + duration.total_seconds())
        self.rest()

    def rest(self) -> None:
        """Wait (in real time) until everything that works has come to rest."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._busy == 0, PATIENCE):
                raise AssertionError(f"{self._busy} do not come to rest; announced: {sorted(self._workers)}")

    def _next_deadline(self, target: float) -> float | None:
        with self._changed:
            deadlines = [waiter.deadline for waiter in self._waiters if waiter.deadline is not None]
        first = min(deadlines, default=None)
        return first if first is not None and first <= target else None

    def _move_to(self, monotonic: float) -> None:
        with self._changed:
            if monotonic > self._monotonic:
                # From the beginning each time: summed up, steps under a microsecond would be lost.
                self._wall = self._origin + timedelta(seconds=monotonic - 1_000.0)
                self._monotonic = monotonic
            for waiter in tuple(self._waiters):
                if waiter.deadline is not None and waiter.deadline <= self._monotonic:
                    self._wake(waiter)

    def _park(self, waiter: _Waiter) -> None:
        self._waiters.add(waiter)
        if waiter.counted:
            self._busy -= 1
            self._changed.notify_all()

    def _wake(self, waiter: _Waiter) -> None:
        """With the lock held: the waiter works again from this moment, not from when its thread gets to run."""
        if waiter in self._waiters:
            self._waiters.discard(waiter)
            waiter.woken = True
            if waiter.counted:
                self._busy += 1
            if waiter.wake is not None:
                waiter.wake()
            self._changed.notify_all()

    def _begin(self, name: str) -> None:
        with self._changed:
            self._busy += 1
            self._workers.add(name)

    def _end(self, name: str) -> None:
        with self._changed:
            self._busy -= 1
            self._workers.discard(name)
            self._changed.notify_all()

    @property
    def _counted(self) -> bool:
        return getattr(self._local, "depth", 0) > 0


class _Work:
    """Announced work: busy from its announcement to its end."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._name = f"announced by {threading.current_thread().name} #{id(self)}"
        clock._begin(self._name)

    def __enter__(self) -> "_Work":
        self._clock._local.depth = getattr(self._clock._local, "depth", 0) + 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clock._local.depth -= 1
        self._clock._end(self._name)


class ManualWakeup:
    """A flag whose timed waits end when the clock is moved past them."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._set = False
        self._waiting: set[_Waiter] = set()

    def set(self) -> None:
        with self._clock._changed:
            self._set = True
            for waiter in tuple(self._waiting):
                self._clock._wake(waiter)

    def clear(self) -> None:
        with self._clock._changed:
            self._set = False

    def is_set(self) -> bool:
        return self._set

    def wait(self, timeout: float | None = None) -> bool:
        clock = self._clock
        with clock._changed:
            if self._set or (timeout is not None and timeout <= 0):
                return self._set
            deadline = None if timeout is None else clock._monotonic + timeout
            waiter = _Waiter(threading.current_thread().name, deadline, clock._counted)
            self._waiting.add(waiter)
            clock._park(waiter)
            try:
                while not waiter.woken:
                    clock._changed.wait()
            finally:
                self._waiting.discard(waiter)
            return self._set


class _ManualLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers follow the manual clock."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._waiter: _Waiter | None = None
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self._clock.monotonic()

    def call_soon_threadsafe(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:
        handle = super().call_soon_threadsafe(callback, *args, context=context)
        with self._clock._changed:
            if self._waiter is not None:
                self._clock._wake(self._waiter)
        return handle

    def park(self, timeout: float | None) -> None:
        """The loop has nothing to do for ``timeout`` seconds."""
        clock = self._clock
        with clock._changed:
            if self._ready:  # type: ignore[attr-defined]
                return
            deadline = None if timeout is None else clock._monotonic + timeout
            self._waiter = _Waiter("core loop", deadline, clock._counted)
            self._waiter.wake = self._write_to_self  # type: ignore[attr-defined]
            clock._park(self._waiter)

    def unpark(self) -> None:
        with self._clock._changed:
            if self._waiter is not None:
                self._clock._wake(self._waiter)
                self._waiter = None


class _Selector(selectors.DefaultSelector):  # type: ignore[misc,valid-type]
    """Waits for files for as long as the clock stands still."""

    def __init__(self, loop: _ManualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout is not None and timeout <= 0:
            return super().select(0)
        self._loop.park(timeout)
        if self._loop._waiter is None:
            return super().select(0)
        try:
            return super().select(None)
        finally:
            self._loop.unpark()
