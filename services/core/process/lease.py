"""The lease of a run: as long as it holds, the run may emit, decide and act; when it ends, nothing of it counts.

Ending a lease and beginning an act exclude each other, so an act that was only intended is withdrawn for certain, and
only one that had begun is left unknown.
"""

import threading
from dataclasses import dataclass, field

from services.core.process.running import Superseded


@dataclass
class Lease:
    """The right of one run of one process to be heard."""

    process: str
    epoch: int
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _begun: set[str] = field(default_factory=set)
    _ended: bool = False

    @property
    def ended(self) -> bool:
        return self._ended

    @property
    def acting(self) -> bool:
        """Whether an act has begun whose outcome is not on disk."""
        with self._lock:
            return bool(self._begun)

    def has_begun(self, act: str) -> bool:
        """Whether this act has begun and its outcome is not on disk."""
        with self._lock:
            return act in self._begun

    def check(self) -> None:
        """Raise ``Superseded`` once the lease has ended."""
        if self._ended:
            raise Superseded(f"epoch {self.epoch} of {self.process} has ended")

    def begin(self, act: str) -> None:
        """Mark an act as begun; from here it may happen outside. Raises ``Superseded``."""
        with self._lock:
            self.check()
            self._begun.add(act)

    def finish(self, act: str) -> None:
        """The act's outcome is on disk."""
        with self._lock:
            self._begun.discard(act)

    def end(self) -> frozenset[str]:
        """End it; returns the acts that had begun and are not finished."""
        with self._lock:
            self._ended = True
            return frozenset(self._begun)
