"""One program per home: whoever holds the lock answers on the local socket while it runs."""

from collections.abc import Callable

from app.control.answers import Answers, Hooks
from app.control.lock import HomeLock
from app.control.server import ControlServer
from app.program import Program


def serve(
    lock: HomeLock, program: Program, on_quit: Callable[[], None], on_show: Callable[[], None] | None
) -> ControlServer:
    """Answer on the socket from now on; close what is returned at the end."""
    answers = Answers(program.engine, program.home, running=True, hooks=Hooks(on_show, on_quit))
    return ControlServer(lock, answers).start()
