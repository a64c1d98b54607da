"""Turns: charts that change together are redrawn in different frames, so that no frame pays for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable

FRAME_MS = 33
AT_ONCE = 2
"""Charts redrawn in one frame: Overview's pair at once, ten charts in five frames."""


class Turns:
    """Promises frames, in order of asking. Who is redrawn without end asks anew each time, so all come round."""

    def __init__(self, monotonic: Callable[[], float] = time.perf_counter) -> None:
        self._monotonic = monotonic
        self._frame = 0
        """The last frame that was promised to anyone; frames are counted on the clock."""
        self._promised = 0

    def next_in(self) -> int:
        """Milliseconds until the first frame to come that has room; it is promised to the asker."""
        now = self._monotonic() * 1000
        coming = int(now // FRAME_MS) + 1
        if self._frame < coming:
            self._frame, self._promised = coming, 0
        elif self._promised >= AT_ONCE:
            self._frame, self._promised = self._frame + 1, 0
        self._promised += 1
        return int(self._frame * FRAME_MS - now) + 1


turns = Turns()
"""Those of the window: all its charts are painted by one thread."""
