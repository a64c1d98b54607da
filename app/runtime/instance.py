"""One program per home: whoever holds the lock answers on the local socket while it runs."""

from collections.abc import Callable
from dataclasses import asdict

from app.control.answers import Answers, Hooks
from app.control.lock import HomeLock
from app.control.protocol import Document
from app.control.server import ControlServer
from app.program import Program
from app.surroundings import told


def serve(
    lock: HomeLock, program: Program, on_quit: Callable[[], None], on_show: Callable[[], None] | None
) -> ControlServer:
    """Answer on the socket from now on; close what is returned at the end."""
    hooks = Hooks(on_show, on_quit, lambda: standing(program))
    answers = Answers(program.engine, program.home, running=True, hooks=hooks)
    return ControlServer(lock, answers).start()


def standing(program: Program) -> Document:
    """What the program takes itself for, as its arguments have it too, and how its account reaches the exchange."""
    environment = told(program.environment) if program.environment is not None else None
    contact = program.door.contact() if program.door is not None else None
    return {
        "environment": environment,
        "safe_mode": program.safe_mode,
        "exchange": asdict(contact) if contact else None,
    }
