"""Children that run our own code: begun anew by multiprocessing, with no secret in their environment.

They inherit the rest: unlike foreign code they need what steers our interpreter and a frozen build.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess

from services.core.sandbox.environment import looks_secret

_HIDDEN = threading.Lock()


@contextmanager
def without_secrets() -> Iterator[None]:
    """What this process starts meanwhile, from any thread, inherits no variable that looks like a secret."""
    with _HIDDEN:
        hidden = {name: value for name, value in os.environ.items() if looks_secret(name, value)}
        for name in hidden:
            del os.environ[name]
        try:
            yield
        finally:
            os.environ.update(hidden)


@contextmanager
def _beyond_ctrl_c() -> Iterator[None]:
    """What this thread starts meanwhile is never interrupted from the terminal, which tells all processes of a command:
    its parent sees to its end, and it has no other words for it than a traceback."""
    if sys.platform == "win32":
        yield
    else:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Child(SpawnProcess):
    def start(self) -> None:
        with without_secrets(), _beyond_ctrl_c():
            super().start()


class _Spawning(SpawnContext):
    Process = _Child


def spawning() -> SpawnContext:
    """The context for executors of our own children."""
    if sys.platform != "win32":
        from multiprocessing.resource_tracker import ensure_running

        with without_secrets():
            ensure_running()  # a process too, which the first lock of the context would start
    return _Spawning()
