"""Does the window's thread keep up? A thread outside of it looks, and says where it stands when it does not."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.orchestrator.supervision.watchdog import frame_of

log = logging.getLogger(__name__)
LIMIT = 0.25
"""Seconds without a beat of the window's thread that count as a stall."""
LOOK_EVERY = 0.05


@dataclass(frozen=True)
class Stall:
    """The window's thread did not beat: since ``at``, for so long when it was noticed, and where it stood."""

    at: datetime
    seconds: float
    where: str


class GuiWatch:
    """Told by the window's timer that it lives; looks from a daemon thread."""

    def __init__(self, thread: int, stalled: Callable[[float, str], None]) -> None:
        self._thread = thread
        self._stalled = stalled
        self._beat = time.monotonic()
        self._told = False
        self._stop = threading.Event()
        self.stalls = 0
        self.last: Stall | None = None

    def start(self) -> None:
        threading.Thread(target=self._look, name="gui-watch", daemon=True).start()

    def beat(self) -> None:
        """The window's thread lives."""
        self._beat = time.monotonic()
        self._told = False

    def stop(self) -> None:
        self._stop.set()

    def _look(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            silent = time.monotonic() - self._beat
            if silent > LIMIT and not self._told:
                self._told = True
                self.stalls += 1
                where = frame_of(self._thread)
                self.last = Stall(datetime.now(UTC) - timedelta(seconds=silent), silent, where)
                log.warning("the window has not painted for %.0f ms; it stands at %s", 1000 * silent, where)
                self._stalled(silent, where)
