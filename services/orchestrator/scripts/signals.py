"""Signals to a script's process group: stop and go on where the system can, and being asked to end."""

import os
import signal
import sys
from contextlib import suppress

CAN_SUSPEND = sys.platform != "win32"
"""Whether a process can be suspended here."""
_NAMES = {int(each): each.name for each in signal.Signals}
_SENT_BY_OTHERS = frozenset({"SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"})
"""Signals that a program does not raise by a fault of its own."""


def suspend(leader: int) -> bool:
    """Suspend the group of ``leader``, which must not have been waited for; False where the system cannot."""
    return _send(leader, "SIGSTOP")


def go_on(leader: int) -> None:
    """Let a suspended group go on."""
    _send(leader, "SIGCONT")


def ask_to_end(leader: int, number: signal.Signals) -> bool:
    """Send the stop signal to the group; False where there are no groups, and the tree must be ended as a whole."""
    return _send(leader, number.name)


def end_in_words(code: int, *, ours: bool) -> str:
    """How a script ended, by its exit code; ``ours`` says that Dreamscape asked it to end, or killed it."""
    if code >= 0:
        return f"ended with exit code {code}"
    name = _NAMES.get(-code, "")
    sender = ", which Dreamscape did not send," if name in _SENT_BY_OTHERS and not ours else ""
    return f"was ended by signal {-code}" + (f" ({name})" if name else "") + sender


def _send(leader: int, name: str) -> bool:
    if sys.platform == "win32":
        return False
    else:
        with suppress(ProcessLookupError, PermissionError):  # it ended meanwhile; macOS refuses a group of zombies
            os.killpg(leader, signal.Signals[name])
        return True
