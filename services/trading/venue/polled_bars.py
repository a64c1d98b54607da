"""Closed bars of a market by asking for them when they are due."""

from collections.abc import Callable
from datetime import datetime, timedelta

from services.trading.venue.bar_line import BarLine
from services.trading.venue.freshness import Freshness
from services.trading.venue.live_bar import By, LiveBar, Source

SETTLED = timedelta(seconds=0.5)
"""How long after its end a bar is asked for: no measured clock is surer than that."""
_AGAIN = timedelta(seconds=1)
_MISSED = 2
"""Bars that may fail to come before the feed counts as stale."""


class PolledBars:
    """``last`` is the opening time of the last bar known. Whoever holds it waits ``due`` and then polls."""

    def __init__(self, source: Source, symbol: str, timeframe: timedelta, last: datetime) -> None:
        self._source, self._symbol, self._line = source, symbol, BarLine(timeframe, last)
        self._freshness = Freshness(_MISSED * timeframe + SETTLED, last + timeframe)
        self.unfilled = ""
        """Nothing is ever left out in silence here: what cannot be asked is raised."""

    @property
    def last(self) -> datetime:
        """The opening time of the last bar passed on."""
        assert self._line.last is not None
        return self._line.last

    def due(self) -> timedelta:
        """How long until asking makes sense: the end of the next bar; a moment where that has passed."""
        end = self.last + 2 * self._line.timeframe + SETTLED
        return max(end - self._source.now(), _AGAIN)

    def poll(self) -> list[LiveBar]:
        """The bars that closed since the last, with what was missed. Raises what the source raises."""
        timeframe = self._line.timeframe
        candles = self._source.bars(self._symbol, timeframe, self.last + timeframe)
        now = self._source.now()
        passed = [LiveBar(candle, timeframe, now, By.POLL) for candle in self._line.fill(candles)]
        if passed:
            self._freshness.told(self.last + timeframe)
        return passed

    def next(self, pause: Callable[[float], None]) -> list[LiveBar]:
        """Pause until they are due, then ask."""
        pause(self.due().total_seconds())
        return self.poll()

    def stale(self) -> bool:
        """Whether bars that should have closed by the exchange's clock have not come."""
        return self._freshness.stale(self._source.now())
