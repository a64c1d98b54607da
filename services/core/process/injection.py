"""Faults on purpose: what a developer lets go wrong in a run, to see it heal."""

import threading
from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong; all but ``KILL`` do at the run's next beat, in its own code."""

    CRASH = "crash"
    HANG = "hang"
    HOLD_GIL = "hold-gil"
    KILL = "kill"


class InjectedFault(RuntimeError):
    """A crash that a developer asked for."""


def strike(fault: Fault) -> None:
    """Let it happen to the calling thread; only a crash comes back, as ``InjectedFault``."""
    match fault:
        case Fault.HANG:
            threading.Event().wait()
        case Fault.HOLD_GIL:
            sum(range(10**18))  # C code that never gives the interpreter's lock away
    raise InjectedFault("it was told to crash")
