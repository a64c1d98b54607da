"""Another volatility than before: calm has become wild, or wild calm.

Page, "Continuous Inspection Schemes", Biometrika 41 (1954): two cumulative sums, of squared returns over their mean
before, each less what it may drift by, that begin anew at zero. A single jump is held to three deviations.
"""

import math
from collections import deque

from services.trading.anomalies.anomaly import Anomaly, Kind

_MOST = 9.0
"""Three deviations, squared."""


class Regime:
    """``window`` squared returns are what was usual; ``lag`` bars lie between them and now."""

    def __init__(self, window: int = 240, lag: int = 20, drift: float = 0.75, limit: float = 22.0) -> None:
        self._window, self._drift, self.limit = window, drift, limit
        self._recent: deque[float] = deque(maxlen=lag)
        self._usual: deque[float] = deque()
        self._sum = 0.0
        self._wild = self._calm = 0.0
        self._close: float | None = None

    def update(self, close: float, *, apart: bool = False) -> Anomaly | None:
        """Take the next close; ``apart`` where bars lack before it."""
        last, self._close = self._close, close
        if last is None or apart:
            return None
        square = math.log(close / last) ** 2
        found = self._judged(square)
        if found is not None:
            self._begin_anew()
            return found
        if len(self._recent) == self._recent.maxlen:
            self._learn(self._recent[0])
        self._recent.append(square)
        return None

    def _learn(self, square: float) -> None:
        self._usual.append(square)
        if len(self._usual) > self._window:
            self._usual.popleft()

    def _judged(self, square: float) -> Anomaly | None:
        if len(self._usual) < self._window:
            return None
        usual = math.fsum(self._usual) / self._window
        if usual <= 0:
            return None
        ratio = min(square / usual, _MOST)
        self._wild = max(0.0, self._wild + ratio - 1 - self._drift)
        self._calm = max(0.0, self._calm + 1 - ratio - self._drift)
        if self._wild > self.limit:
            return Anomaly(Kind.REGIME, self._wild, self.limit, up=True, what="volatility has risen")
        if self._calm > self.limit / 4:
            return Anomaly(Kind.REGIME, self._calm, self.limit / 4, up=False, what="volatility has fallen")
        return None

    def _begin_anew(self) -> None:
        """What is so now becomes what is usual."""
        self._wild = self._calm = 0.0
        self._usual.clear()
        self._recent.clear()
