"""One program per home: owns the lock, and answers on the local socket while it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.control.answers import Answers
from app.control.lock import hold
from app.control.server import ControlServer
from app.program import Program


@contextmanager
def owning(program: Program, on_quit: Callable[[], None], on_show: Callable[[], None]) -> Iterator[ControlServer]:
    """Hold the home's lock; serve from when the program is up until the end. Raises ``UserError`` if it is held."""
    program.home.create()
    with hold(program.home):
        server = ControlServer(program.home, Answers(program, on_quit, on_show))
        server.start()
        try:
            yield server
        finally:
            server.stop()
