"""What must stand before any slot can run: nothing unhandled aborts the program or goes unseen.

Without ``sys.excepthook`` an exception in a slot or a runnable aborts the whole process.
"""

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from services.core.private import own_file

log = logging.getLogger(__name__)
_told: list[Callable[[str], None]] = []
_crash_file: list[TextIO] = []


def install() -> None:
    """Take over what Python does with unhandled and unraisable errors, in any thread."""
    sys.excepthook = _unhandled
    threading.excepthook = _unhandled_in_thread
    sys.unraisablehook = _unraisable
    _crashes_to_the_terminal()


def tell(shower: Callable[[str], None]) -> None:
    """Also give a one-line account of unhandled errors to ``shower``, in whatever thread they happen."""
    _told.append(shower)


def crash_file(path: Path) -> None:
    """Write the stacks of a crash in C code to ``path``, since the logs cannot."""
    file = own_file(path).open("a", encoding="utf-8")
    _crash_file[:] = [file]
    faulthandler.enable(file)


def watch_hard_stalls(seconds: float) -> None:
    """Have the stacks written if this is not called again within ``seconds``: also while C code holds the lock."""
    if _crash_file:
        faulthandler.dump_traceback_later(seconds, repeat=False, file=_crash_file[0])


def rest() -> None:
    """The program ends: no more watching; crashes go to standard error again."""
    faulthandler.cancel_dump_traceback_later()
    _told.clear()
    while _crash_file:
        _crashes_to_the_terminal()
        _crash_file.pop().close()


def _crashes_to_the_terminal() -> None:
    """Where there is one: started at login on Windows, or as a windowed build, the program has no standard error."""
    if sys.stderr is None:
        faulthandler.disable()
    else:
        faulthandler.enable()


def _unhandled(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("unhandled %s: %s", kind.__name__, error, exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)  # whoever started it from a terminal is to see it too
    _tell(f"{kind.__name__}: {error}")


def _unhandled_in_thread(arguments: Any) -> None:
    if arguments.exc_type is SystemExit:
        return
    name = arguments.thread.name if arguments.thread else "a thread"
    details = (arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
    log.critical("unhandled in %s", name, exc_info=details)
    _tell(f"{arguments.exc_type.__name__} in {name}: {arguments.exc_value}")


def _unraisable(arguments: Any) -> None:
    details = (arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
    log.error("%s: %r", arguments.err_msg or "an error could not be raised", arguments.object, exc_info=details)


def _tell(text: str) -> None:
    for shower in _told:
        shower(text)
