"""How the C library hands out memory: runs come and go in threads, and glibc would keep an arena for each of them."""

import ctypes
import sys

M_ARENA_MAX = -8
"""glibc's number for "at most so many arenas" (malloc.h)."""
ARENAS = 2


def settle() -> bool:
    """Keep threads to a few arenas, so that what one run frees the next one gets; tells whether that took effect.

    Without it a program that starts a thread for each run grows by megabytes a day that nothing holds.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and needs none
        return mallopt is not None and mallopt(M_ARENA_MAX, ARENAS) == 1
    else:
        return False
