"""A process that gives way to every other one: what is computed is never what an order waits for."""

import os
import sys

_NICEST = 19
_IDLE_PRIORITY_CLASS = 0x40


def lowest() -> None:
    """Run this process only when nothing else wants the processor. What the system refuses, it refuses."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _IDLE_PRIORITY_CLASS)
    else:
        os.nice(_NICEST)
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
