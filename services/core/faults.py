"""Fault points: named places where a test may kill, hang or break the real program.

``DREAMSCAPE_FAULTS="act.intended:kill,act.carried_out:hang"`` arms them; else a point costs one look-up.
"""

import os
import signal
import threading
from collections.abc import Callable

Fault = Callable[[], None]


def kill() -> None:
    """End this program at once, as ``kill -9`` does."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def _hang() -> None:
    threading.Event().wait()


_KINDS: dict[str, Fault] = {"kill": kill, "hang": _hang}
_ARMED: dict[str, Fault] = {}


def arm(name: str, fault: Fault | None) -> None:
    """Let ``fault`` happen at this point from now on; None disarms it."""
    if fault is None:
        _ARMED.pop(name, None)
    else:
        _ARMED[name] = fault


def fault_point(name: str) -> None:
    """Die, hang or break here if the point is armed."""
    fault = _ARMED.get(name)
    if fault is not None:
        fault()


for _part in filter(None, os.environ.get("DREAMSCAPE_FAULTS", "").split(",")):
    _name, _, _kind = _part.partition(":")
    if _kind not in _KINDS:
        raise ValueError(f"DREAMSCAPE_FAULTS: {_part!r} is no fault; write POINT:kill or POINT:hang")
    arm(_name, _KINDS[_kind])
