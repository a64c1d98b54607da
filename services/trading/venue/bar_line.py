"""One market's closed bars, each once and in order, whatever order they are heard in. Bars are never invented."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.trading.candles import Candle


class BarLine:
    """Knows the last bar that was passed on. What comes too early waits for what lies between."""

    def __init__(self, timeframe: timedelta, last: datetime | None = None) -> None:
        self.timeframe, self.last = timeframe, last
        self.repeated = 0
        """How many were told again, after they had been passed on."""
        self._early: dict[datetime, Candle] = {}

    @property
    def gap(self) -> bool:
        """Whether something is missing before bars that are here already."""
        return bool(self._early)

    def hear(self, candle: Candle) -> list[Candle]:
        """One of a stream: what can be passed on now."""
        if self.last is not None and candle.time <= self.last:
            self.repeated += 1
            return []
        self._early.setdefault(candle.time, candle)
        return self._connected()

    def fill(self, candles: Iterable[Candle]) -> list[Candle]:
        """All there are since the last, as the exchange tells them when asked: what they leave out never was."""
        told = [candle for candle in candles if self.last is None or candle.time > self.last]
        passed = []
        for candle in sorted(told, key=lambda each: each.time):
            self._early.pop(candle.time, None)
            if self.last is None or candle.time > self.last:
                self.last = candle.time
                passed.append(candle)
        self._early = {time: each for time, each in self._early.items() if self.last is None or time > self.last}
        return passed + (self._connected() if passed else [])

    def _connected(self) -> list[Candle]:
        passed: list[Candle] = []
        while self._early and (self.last is None or self.last + self.timeframe in self._early):
            time = min(self._early) if self.last is None else self.last + self.timeframe
            passed.append(self._early.pop(time))
            self.last = time
        return passed
