"""A jump of the price: a return that its own volatility does not explain.

Lee and Mykland, "Jumps in Financial Markets: A New Nonparametric Test and Jump Dynamics", Review of Financial Studies
21 (2008): the return over the root of the bipower variation before it, against the law of the largest of n such.
"""

import math
from collections import deque

from services.trading.anomalies.anomaly import Anomaly, Kind

_C = math.sqrt(2 / math.pi)


class Jump:
    """``window`` returns tell the volatility; of ``n`` bars without a jump, one is told with probability ``alpha``."""

    def __init__(self, window: int = 240, n: int = 288, alpha: float = 0.01) -> None:
        self._products: deque[float] = deque(maxlen=window - 1)
        self._close: float | None = None
        self._before = 0.0
        self.limit = _limit(n, alpha)

    def update(self, close: float, *, apart: bool = False) -> Anomaly | None:
        """Take the next close; ``apart`` where bars lack before it, so that there is no return of one bar."""
        last, self._close = self._close, close
        if last is None or apart:
            self._before = 0.0
            return None
        move = math.log(close / last)
        found = self._judged(move)
        # What was found out as a jump is held to the limit: it must not hide the next one.
        held = move if found is None else math.copysign(self.limit * self._volatility, move)
        if self._before:
            self._products.append(abs(held) * abs(self._before))
        self._before = held
        return found

    @property
    def _volatility(self) -> float:
        return math.sqrt(math.fsum(self._products) / len(self._products)) if self._products else 0.0

    def _judged(self, move: float) -> Anomaly | None:
        volatility = self._volatility
        if len(self._products) < (self._products.maxlen or 0) or volatility <= 0:
            return None
        value = move / volatility
        if abs(value) <= self.limit:
            return None
        way = "up" if value > 0 else "down"
        return Anomaly(
            Kind.JUMP, value, self.limit, value > 0, f"price jumped {way} by {100 * math.expm1(move):+.2f} %"
        )


def _limit(n: int, alpha: float) -> float:
    """What the largest of ``n`` statistics without a jump stays below with probability 1 - ``alpha``."""
    root = math.sqrt(2 * math.log(n))
    centre = root / _C - (math.log(math.pi) + math.log(math.log(n))) / (2 * _C * root)
    return centre - math.log(-math.log(1 - alpha)) / (_C * root)
