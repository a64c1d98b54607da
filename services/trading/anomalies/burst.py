"""A burst of volume: a bar's volume far above that of the bars before.

Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993): the modified z-score, by median and median absolute
deviation. Of the logarithm, for volume is nearly log-normal; the bar itself is not part of its baseline.
"""

import math
from bisect import bisect_left, insort
from collections import deque

from services.trading.anomalies.anomaly import Anomaly, Kind

_NORMAL = 0.6745
"""The median absolute deviation of a normal variable with deviation 1."""


class Burst:
    """Told above ``limit``. A bar without volume has no logarithm: it is none, and no part of a baseline."""

    def __init__(self, window: int = 100, limit: float = 5.0) -> None:
        self._recent: deque[float] = deque()
        self._sorted: list[float] = []
        self._window = window
        self.limit = limit

    def update(self, volume: float) -> Anomaly | None:
        """Take the next bar's volume."""
        if not volume > 0:
            return None
        value = math.log(volume)
        found = self._judged(value, volume)
        self._recent.append(value)
        insort(self._sorted, value)
        if len(self._recent) > self._window:
            del self._sorted[bisect_left(self._sorted, self._recent.popleft())]
        return found

    def _judged(self, value: float, volume: float) -> Anomaly | None:
        if len(self._recent) < self._window or value <= self._sorted[-1 - self._window // 20]:
            return None  # nothing that as many as one in twenty are above is far out, and the deviation costs time
        middle = _median(self._sorted)
        spread = _median(sorted(abs(each - middle) for each in self._sorted))
        if spread <= 0:
            return None
        score = _NORMAL * (value - middle) / spread
        if score <= self.limit:
            return None
        times = volume / math.exp(middle)
        return Anomaly(Kind.VOLUME, score, self.limit, up=True, what=f"volume {times:.1f} times the usual")


def _median(ordered: list[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
