"""The entry of ``dreamscape run``: in a window where there is a display, else without one, and it says so."""

import json
import os
import sys
import threading
from typing import TYPE_CHECKING

from app.paths import Home

if TYPE_CHECKING:
    from app.runtime.options import Options


def main(home: Home, options: "Options") -> int:
    """Run until told to end; returns the exit code. Raises ``UserError`` for what the user can mend."""
    from app.runtime import memory
    from app.runtime.qt import guards

    guards.install()
    memory.settle()
    if options.headless or not has_display():
        if not options.headless:
            sys.stderr.write("There is no display, so Dreamscape runs without its window (as with --headless).\n")
        return _headless(home, options)
    from app.runtime.window.window import run_window

    return run_window(home, options)


def has_display() -> bool:
    """Whether a window could be shown here."""
    named = any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"))
    return named or sys.platform in ("win32", "darwin")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _headless(home: Home, options: "Options") -> int:
    from app.program import open_program
    from app.runtime.headless import run

    # Nobody is there to choose: what is mistaken is told and stands at its default, and the rest goes on.
    program = open_program(home, **options.of_program, with_mistakes=True)
    told = run(program, options.lock, threading.Event(), options.seconds, None if options.as_json else _say)
    if options.as_json:
        sys.stdout.write(json.dumps(told) + "\n")
    return 0 if told["flushed"] else 1
