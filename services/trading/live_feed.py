"""The market as it is now: closed bars of the set exchange as they come, and its order book. It needs no key."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self, TypeVar

from services.core.durations import format_duration
from services.core.errors import in_words
from services.core.process import ConfigurationFault
from services.core.process.context import Context
from services.trading.candles import Candle
from services.trading.feed import live_label
from services.trading.plugins.series import PluginTerms
from services.trading.social.post import Row
from services.trading.strategy import Strategy
from services.trading.venue.live_bar import LiveBar, Source
from services.trading.venue.polled_bars import PolledBars
from services.trading.venue.streamed_bars import Stream, StreamedBars
from services.trading.venue.told import Depth
from services.trading.venue.venue import VenueRefused, VenueUnsure

T = TypeVar("T")

AGAIN = 5.0
"""Seconds before an exchange that cannot be asked is asked again."""
LEVELS = 100
"""Of the order book, on either side."""


class Market(Source, Protocol):
    """Whoever can be asked for bars and for the book."""

    def depth(self, symbol: str, levels: int = 20) -> Depth: ...


class Record(Protocol):
    """The posts that this home records, in the order in which they were known."""

    def next(self) -> Sequence[Row]:
        """Those that were recorded since it was asked before."""
        ...


@dataclass(frozen=True)
class LiveMarkets:
    """The live parts that are given to who reads bars of the set exchange; ``name`` is what a label calls it."""

    name: str
    market: Callable[[], Market]
    stream: Callable[[str, timedelta], Stream]
    streams: bool = False
    """Whether the exchange is to tell its bars by itself."""
    posts: Callable[[], Record] | None = None
    """Opens the record of posts at its beginning."""
    plugins: PluginTerms | None = None

    @property
    def label(self) -> str:
        """Shown wherever numbers of these bars are."""
        return live_label(self.name)


class LiveFeed(AbstractContextManager["LiveFeed"]):
    """One market's closed bars, each once and in order, across outages, which are told when they begin and end."""

    def __init__(self, context: Context, markets: LiveMarkets, strategy: Strategy) -> None:
        self._context, self._markets = context, markets
        self._symbol, self._bar = strategy.market.symbol, strategy.bar
        self._stack = ExitStack()
        self._market: Market
        self._away_since: float | None = None

    def __enter__(self) -> Self:
        self._market = self._stack.enter_context(closing(self._markets.market()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def label(self) -> str:
        return self._markets.label

    def now(self) -> datetime:
        """The exchange's clock."""
        return self._market.now()

    def history(self, count: int, until: datetime | None = None) -> list[Candle]:
        """The ``count`` closed bars up to the one that opens at ``until``, or up to now; fewer where there are."""

        def read() -> list[Candle]:
            last = until or self._market.now()
            found = self._market.bars(self._symbol, self._bar, last - count * self._bar)
            return [each for each in found if until is None or each.time <= until]

        return self._patiently(read)

    def after(self, last: datetime) -> Iterator[LiveBar]:
        """The bars that close from now on, and those since ``last`` before them. It never ends by itself."""
        feed = self._feed(last)
        while True:
            yield from self._patiently(lambda: feed.next(self._pause), lambda: feed.unfilled)
            stale = "; no bar comes any more" if feed.stale() else ""
            self._context.doing(f"{self._symbol}, {self.label}, bars of {self._context_bar}{stale}")
            self._context.checkpoint()

    def depth(self) -> Depth | None:
        """The book now; None while the exchange cannot be asked."""
        try:
            depth = self._market.depth(self._symbol, LEVELS)
        except VenueUnsure as unsure:
            self._away(in_words(unsure))
            return None
        self._back()
        return depth

    @property
    def _context_bar(self) -> str:
        return format_duration(self._bar)

    def _feed(self, last: datetime) -> PolledBars | StreamedBars:
        if not self._markets.streams:
            return PolledBars(self._market, self._symbol, self._bar, last)
        stream = self._stack.enter_context(closing(self._markets.stream(self._symbol, self._bar)))
        return StreamedBars(self._market, stream, self._symbol, self._bar, last)

    def _pause(self, seconds: float) -> None:
        self._context.wait(seconds, f"the next bar, {self.label}")

    def _patiently(self, ask: Callable[[], T], short: Callable[[], str] = lambda: "") -> T:
        """What is asked of the exchange, again and again while it cannot be asked; ``short``: why it is not all."""
        while True:
            try:
                answer = ask()
            except VenueUnsure as unsure:
                self._away(in_words(unsure))
                self._context.wait(AGAIN, f"the exchange: {in_words(unsure)}")
            except VenueRefused as refused:
                raise ConfigurationFault(f"{self._symbol}, {self.label}: {refused}") from refused
            else:
                self._away(why) if (why := short()) else self._back()
                return answer

    def _away(self, why: str) -> None:
        """It cannot be asked: told once, however long it lasts."""
        if self._away_since is None:
            self._away_since = self._context.clock.monotonic()
            self._context.log.warning("the exchange cannot be asked: %s. It is asked again until it answers", why)

    def _back(self) -> None:
        if self._away_since is not None:
            lasted = self._context.clock.monotonic() - self._away_since
            self._away_since = None
            self._context.log.info("the exchange answers again, after %s", format_duration(lasted))
