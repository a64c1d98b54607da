"""Closed bars of a market from its stream; what the stream missed, and what it is silent about, is asked for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from services.trading.candles import Candle
from services.trading.venue.bar_line import BarLine
from services.trading.venue.bar_stream import Heard
from services.trading.venue.freshness import Freshness
from services.trading.venue.live_bar import By, LiveBar, Source
from services.trading.venue.venue import VenueRefused, VenueUnsure

SILENT = timedelta(seconds=60)
"""How old a stream's newest message may be by the exchange's clock; a living one speaks every few seconds."""
OVERDUE = timedelta(seconds=3)
"""How long after its end a bar that the stream has not told is asked for, and how soon it is asked for again."""


class Stream(Protocol):
    """What speaks by itself; see ``BarStream``."""

    opened: int

    def wait(self, seconds: float) -> list[Heard]: ...

    def reopen(self) -> None: ...

    def close(self) -> None: ...


class StreamedBars:
    """``last`` is the opening time of the last bar known."""

    def __init__(
        self,
        source: Source,
        stream: Stream,
        symbol: str,
        timeframe: timedelta,
        last: datetime,
        most: timedelta = SILENT,
    ) -> None:
        self._source, self._stream, self._symbol = source, stream, symbol
        self._line = BarLine(timeframe, last)
        self._freshness = Freshness(most, source.now())
        self._filled_for = 0
        self._asked = source.now()
        self.unfilled = ""
        """Why what is missing could not be asked for, where it could not."""

    @property
    def last(self) -> datetime | None:
        return self._line.last

    def wait(self, seconds: float) -> list[LiveBar]:
        """The bars that closed within so many seconds, in order, each once; after each opening with what was missed."""
        passed: list[LiveBar] = []
        for heard in self._stream.wait(seconds):
            self._freshness.told(heard.at)
            if heard.closed:
                passed += self._received(self._line.hear(heard.candle), By.STREAM)
        if self._freshness.stale(self._source.now()):
            self._stream.reopen()
            self._freshness.begin(self._source.now())
            self._filled_for = 0
        if self._line.gap or self._filled_for != self._stream.opened or self._overdue():
            passed += self._fill()
        return passed

    def next(self, pause: Callable[[float], None]) -> list[LiveBar]:
        """What comes within a second; the stream itself is what waits."""
        pause(0.0)
        return self.wait(1.0)

    def stale(self) -> bool:
        """Whether the newest word is too old by the exchange's own time."""
        return self._freshness.stale(self._source.now())

    def _overdue(self) -> bool:
        """Whether a bar should have come: a stream that cannot be opened leaves nobody without bars."""
        now, last = self._source.now(), self._line.last
        return last is not None and now - max(self._asked, last + 2 * self._line.timeframe) > OVERDUE

    def _fill(self) -> list[LiveBar]:
        timeframe, opened = self._line.timeframe, self._stream.opened
        self._asked = self._source.now()
        since = self._line.last + timeframe if self._line.last is not None else self._source.now() - timeframe
        try:
            candles = self._source.bars(self._symbol, timeframe, since)
        except (VenueRefused, VenueUnsure) as error:
            self.unfilled = str(error)
            return []
        self._filled_for, self.unfilled = opened, ""
        return self._received(self._line.fill(candles), By.FILL_IN)

    def _received(self, candles: list[Candle], by: By) -> list[LiveBar]:
        now = self._source.now()
        return [LiveBar(candle, self._line.timeframe, now, by) for candle in candles]
