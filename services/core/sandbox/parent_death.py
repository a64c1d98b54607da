"""A child that ends with its parent, whatever the child is doing."""

import ctypes
import logging
import os
import signal
import sys

log = logging.getLogger(__name__)
_SET_PARENT_DEATH_SIGNAL = 1


def end_with_parent() -> None:
    """Have the kernel kill this process as soon as the thread that started it is gone.

    Only Linux can; where it cannot or will not, the caller needs another way to notice.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_SET_PARENT_DEATH_SIGNAL, ctypes.c_ulong(signal.SIGKILL)) != 0:
            log.info("the kernel does not end a child with its parent: %s", os.strerror(ctypes.get_errno()))
