"""A process that computes for long gives way to every other: to the window, and to what trades."""

import os
import sys
from contextlib import suppress

_NICEST = 19
_IDLE_PRIORITY_CLASS = 0x40


def give_way() -> None:
    """Have this process run only where nobody else wants to. A system that refuses it changes nothing."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _IDLE_PRIORITY_CLASS)
    else:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, _NICEST)
