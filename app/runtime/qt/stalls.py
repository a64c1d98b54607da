"""Does the window's thread keep up? A thread outside of it looks, and says where it stands when it does not."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from services.orchestrator.supervision.watchdog import frame_of

log = logging.getLogger(__name__)
LIMIT = 0.25
"""Seconds without a beat of the window's thread that count as a stall."""
LOOK_EVERY = 0.05


@dataclass(frozen=True)
class Stall:
    """The window's thread did not beat: since ``at``, and where it stood when that was noticed.

    ``seconds`` is how long that was when it was noticed, and in the end how long it was.
    """

    at: datetime
    seconds: float
    where: str


class GuiWatch:
    """Told by the window's timer that it lives; looks from a daemon thread, and tells of each stall once it is over."""

    def __init__(self, thread: int, stalled: Callable[[Stall], None]) -> None:
        self._thread = thread
        self._stalled = stalled
        self._beat = time.monotonic()
        self._seen = True
        self._lasted: deque[float] = deque(maxlen=1)
        """How long the stall was that the last beat ended; append and pop of a deque are atomic."""
        self._standing: float | None = None
        """Since which beat it stands still, if it does."""
        self._stop = threading.Event()
        self.stalls = 0
        self.last: Stall | None = None

    def start(self) -> None:
        threading.Thread(target=self._look, name="gui-watch", daemon=True).start()

    def beat(self, *, seen: bool = True) -> None:
        """The window's thread lives. What it does until the next beat is no stall where nobody has ``seen`` it."""
        now = time.monotonic()
        if self._standing is not None:
            self._lasted.append(now - self._standing)
            self._standing = None
        self._beat, self._seen = now, seen

    def stop(self) -> None:
        self._stop.set()

    def _look(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            if self._lasted and self.last is not None:
                self._tell(replace(self.last, seconds=self._lasted.pop()))
            since = self._beat
            silent = time.monotonic() - since
            if silent > LIMIT and self._seen and self._standing is None:
                self._standing = since
                self.last = Stall(datetime.now(UTC) - timedelta(seconds=silent), silent, frame_of(self._thread))
                self.stalls += 1  # at last: whoever sees it counted finds it described

    def _tell(self, stall: Stall) -> None:
        self.last = stall
        log.warning("the window stood still for %.0f ms, at %s", 1000 * stall.seconds, stall.where)
        self._stalled(stall)
