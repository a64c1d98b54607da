"""The sentiment goes against the price: both have moved far over the same bars, and apart.

Each move is measured in deviations of the moves of as many bars before it (Bollinger, "Bollinger on Bollinger Bands",
2001, measures a price so); a divergence (Wilder, "New Concepts in Technical Trading Systems", 1978) is both beyond the
limit with opposite signs.
"""

import math
from collections import deque

from services.trading.anomalies.anomaly import Anomaly, Kind


class _Moves:
    """The move over ``span`` bars in deviations of the ``window`` moves before that do not overlap with it."""

    def __init__(self, span: int, window: int) -> None:
        self._span, self._window = span, window
        self._values: deque[float] = deque(maxlen=span + 1)
        self._held_back: deque[float] = deque(maxlen=span)
        self._moves: deque[float] = deque(maxlen=window)

    def update(self, value: float) -> float:
        """NaN while there is nothing to measure with."""
        self._values.append(value)
        if len(self._values) <= self._span:
            return math.nan
        move = value - self._values[0]
        score = self._score(move)
        if len(self._held_back) == self._span:
            self._moves.append(self._held_back[0])
        self._held_back.append(move)
        return score

    def forget_values(self) -> None:
        """Something lacks: no move goes over it."""
        self._values.clear()
        self._held_back.clear()

    def _score(self, move: float) -> float:
        if len(self._moves) < self._window:
            return math.nan
        mean = math.fsum(self._moves) / self._window
        deviation = math.sqrt(math.fsum((each - mean) ** 2 for each in self._moves) / self._window)
        return (move - mean) / deviation if deviation > 0 else math.nan


class Divergence:
    """Told where both pass ``limit`` deviations over ``span`` bars, one up and one down."""

    def __init__(self, span: int = 12, window: int = 240, limit: float = 2.0) -> None:
        self._price, self._mood = _Moves(span, window), _Moves(span, window)
        self.limit = limit

    def update(self, close: float, sentiment: float, *, apart: bool = False) -> Anomaly | None:
        """Take the next bar; a ``sentiment`` that is NaN says nothing."""
        if apart or math.isnan(sentiment):
            self._price.forget_values()
            self._mood.forget_values()
            if math.isnan(sentiment):
                return None
        price, mood = self._price.update(math.log(close)), self._mood.update(sentiment)
        if math.isnan(price) or math.isnan(mood) or price * mood >= 0:
            return None
        value = min(abs(price), abs(mood))
        if value <= self.limit:
            return None
        what = "sentiment rises while the price falls" if mood > 0 else "sentiment falls while the price rises"
        return Anomaly(Kind.DIVERGENCE, value, self.limit, up=mood > 0, what=what)
