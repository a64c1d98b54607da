"""One program per home: whoever holds the lock answers on the local socket while it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.control.answers import Answers
from app.control.lock import HomeLock
from app.control.server import ControlServer
from app.paths import Home
from app.program import Program


@contextmanager
def owning(home: Home) -> Iterator[HomeLock]:
    """Hold the home's lock. Raises ``HomeTaken`` if another program does."""
    home.create()
    with HomeLock(home).take() as lock:
        yield lock


def serve(lock: HomeLock, program: Program, on_quit: Callable[[], None], on_show: Callable[[], None]) -> ControlServer:
    """Answer on the socket from now on; close what is returned at the end."""
    return ControlServer(lock, Answers(program, on_quit, on_show)).start()
