"""A crash at a fault point that leaves the test alive: who comes there goes no further while the program lives."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from services.core import faults

PATIENCE = 40.0


class Stuck:
    """Holds whoever comes to the point until the program has ended."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._gone = threading.Event()

    def hold(self) -> None:
        self._reached.set()
        self._gone.wait()

    def wait(self) -> None:
        """Wait until somebody has come to the point."""
        assert self._reached.wait(PATIENCE), "nobody came to the point"

    def let_go(self) -> None:
        self._gone.set()


@contextmanager
def stuck_at(point: str) -> Iterator[Stuck]:
    """What comes to the point hangs there; end the program within, so that its journal is closed before it goes on."""
    stuck = Stuck()
    faults.arm(point, stuck.hold)
    try:
        yield stuck
    finally:
        faults.arm(point, None)
        stuck.let_go()
