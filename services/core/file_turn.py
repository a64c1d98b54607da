"""A file that one process at a time holds locked: the system frees it when its holder is gone, killed or not."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.core.clock import Clock

LOOK = 0.1
"""Seconds between two looks at whether it is free."""

if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int) -> bool:
        """Lock an open file for this process; tells whether nobody else had."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Lock an open file for this process; tells whether nobody else had."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def turn(path: Path, clock: Clock, patience: float) -> Iterator[bool]:
    """Wait until no other process is within this for the same ``path``, at most ``patience`` seconds; gives whether it
    came to that. The file stays: one that is removed could be locked by two."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until, wakeup = clock.monotonic() + patience, clock.wakeup()
        while not (mine := try_lock(descriptor)) and clock.monotonic() < until:
            wakeup.wait(LOOK)
        yield mine
    finally:
        os.close(descriptor)
