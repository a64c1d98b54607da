"""Fault points: named places where a test may kill or hang the real program.

``DREAMSCAPE_FAULTS="act.intended:kill,act.carried_out:hang"`` arms them; else a point costs one look-up.
"""

import os
import signal
import threading

_ARMED = dict(part.split(":", 1) for part in os.environ.get("DREAMSCAPE_FAULTS", "").split(",") if part.count(":") == 1)


def fault_point(name: str) -> None:
    """Die or hang here if the environment says so."""
    what = _ARMED.get(name)
    if what == "kill":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    elif what == "hang":
        threading.Event().wait()
