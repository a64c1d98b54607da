"""The rule of a MACD strategy: what the closed bars up to now say to do."""

from datetime import datetime, timedelta

from services.trading.candles import Candle
from services.trading.fills import Side
from services.trading.macd import Cross, Macd, Reading
from services.trading.strategy import Strategy

MAX_MISSING = 3
"""More missing bars than these make the means stale: no entry until they are warm again."""


class MacdCrossing:
    """Long on a cross up, flat on a cross down. Missing bars are never invented."""

    def __init__(self, strategy: Strategy) -> None:
        spans = strategy.macd
        self._macd = Macd(spans.fast, spans.slow, spans.signal)
        self._bar: timedelta = strategy.bar
        self.latest: datetime | None = None
        self._cold = 0
        self.reading: Reading | None = None

    def missing_before(self, candle: Candle) -> int:
        """How many bars lack between the latest one and ``candle``."""
        return 0 if self.latest is None else (candle.time - self.latest) // self._bar - 1

    def breaks_off(self, candle: Candle) -> bool:
        """Whether so many bars lack before ``candle`` that what was read earlier says nothing about it."""
        return self.missing_before(candle) > MAX_MISSING

    def update(self, candle: Candle) -> None:
        """Take a closed bar."""
        if self.breaks_off(candle):
            self._cold = self._macd.first_decision
        elif self._cold:
            self._cold -= 1
        self.reading = self._macd.update(candle.close)
        self.latest = candle.time

    def side(self, holding: bool) -> Side | None:
        """What to do after the latest bar; an exit is never held back."""
        cross = self.reading.cross if self.reading else Cross.NONE
        if holding and cross is Cross.DOWN:
            return Side.SELL
        if not holding and cross is Cross.UP and not self._cold:
            return Side.BUY
        return None

    def because(self) -> dict[str, object]:
        """The evidence of the latest bar, for the ledger."""
        if self.reading is None or self.latest is None:
            return {}
        return {
            "rule": f"MACD crossed {self.reading.cross}",
            "bar": self.latest.isoformat(),
            "macd": self.reading.macd,
            "signal": self.reading.signal,
            "histogram": self.reading.histogram,
            "histogram before": self.reading.previous,
        }
