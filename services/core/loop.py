"""The core loop: one plain asyncio loop in a thread of its own, the same in the window, headless and in tests."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from services.core.clock import Clock

T = TypeVar("T")


class CoreLoop:
    """Owns states, schedules, the watchdog, rules and dispatch. Nothing on it blocks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._loop = clock.new_loop()
        self._thread: threading.Thread | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin, in a thread named ``core``."""
        work = self._clock.work()

        def run() -> None:
            with work:
                asyncio.set_event_loop(self._loop)
                self._loop.run_forever()

        self._thread = threading.Thread(target=run, name="core", daemon=True)
        self._thread.start()

    def post(self, call: Callable[..., Any], *args: Any) -> None:
        """Run ``call`` on the core thread soon. From any thread; after the end it does nothing."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *args)

    def ask(self, call: Callable[[], T]) -> "Future[T]":
        """Run ``call`` on the core thread; the future gives its result."""
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(call())
            except Exception as error:
                future.set_exception(error)

        self.post(run)
        return future

    def later(self, seconds: float, call: Callable[[], Any]) -> asyncio.TimerHandle:
        """Run ``call`` after ``seconds``. Only from the core thread."""
        return self._loop.call_later(max(0.0, seconds), call)

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine on the loop. Only from the core thread; a fault is raised into the loop's handler."""
        task = self._loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def wrap(self, future: "Future[T]") -> "asyncio.Future[T]":
        """Await a thread's future on the loop."""
        return asyncio.wrap_future(future, loop=self._loop)

    def stop(self, patience: float = 2.0) -> None:
        """End the loop and its tasks."""
        if self._thread is None:
            self._loop.close()
            return
        self.post(self._halt)
        self._thread.join(patience)
        if not self._thread.is_alive() and not self._loop.is_closed():
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def _halt(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        self._loop.call_soon(self._loop.stop)

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._loop.call_exception_handler({"message": "a task of the core loop failed", "exception": error})
