"""Time as a port: every wait and every reading of a clock in ``services/`` goes through here.

Wall time and monotonic time are kept apart: calendars use the wall, deadlines use the monotonic clock, and the
difference between the two tells of a sleeping laptop or a stepped clock. Tests use a manual clock that knows all
waiters, so a simulated week needs no sleep.
"""

import asyncio
import threading
import time
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Protocol, TypeVar

T = TypeVar("T")


class Wakeup(Protocol):
    """A flag that threads wait on; the part of ``threading.Event`` that a clock has to see."""

    def set(self) -> None: ...

    def clear(self) -> None: ...

    def is_set(self) -> bool: ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until set, at most ``timeout`` seconds of this clock; tell whether it is set."""
        ...


class Clock(Protocol):
    """What tells the time and what waiting is measured by."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary moment; never steps back."""
        ...

    def wakeup(self) -> Wakeup:
        """A new flag whose timed waits follow this clock."""
        ...

    def work(self) -> AbstractContextManager[object]:
        """Announce work that another thread is about to do; that thread enters it and leaves it when done.

        A manual clock moves on only when everything announced has ended or waits on the clock.
        """
        ...

    def result(self, future: "Future[T]", timeout: float | None = None) -> T:
        """Wait for a future as a wait on this clock; raises what the future raises, or ``TimeoutError``."""
        ...

    def new_loop(self) -> asyncio.AbstractEventLoop:
        """An event loop whose ``time()`` and timers follow this clock."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def wakeup(self) -> Wakeup:
        return threading.Event()

    def work(self) -> AbstractContextManager[object]:
        return nullcontext()

    def result(self, future: "Future[T]", timeout: float | None = None) -> T:
        return future.result(timeout)

    def new_loop(self) -> asyncio.AbstractEventLoop:
        # The selector loop on every system: the core loop watches no subprocess, and behaves alike everywhere.
        return asyncio.SelectorEventLoop()
