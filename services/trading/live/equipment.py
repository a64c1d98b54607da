"""What a live trader is given by the program: the account's door, bars, posts, and terms of plug-ins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from services.trading.candles import Bars
from services.trading.desk.door import Door
from services.trading.plugins.series import Series
from services.trading.social.post import Row
from services.trading.strategy import Strategy
from services.trading.venue.live_bar import LiveBar, Source
from services.trading.venue.streamed_bars import Stream


class Feed(Protocol):
    """What passes on a market's closed bars, each once and in order."""

    def next(self, pause: Callable[[float], None]) -> list[LiveBar]:
        """Those that closed by now, after a ``pause`` until it makes sense to ask."""
        ...

    def stale(self) -> bool: ...


class Ear(Protocol):
    """Whoever can be asked for posts and the beats of feeds."""

    def news(self) -> Sequence[Row]:
        """What was recorded since the asking before, in the order in which it was known; at first all that is kept."""
        ...


class ForeignTerms(Protocol):
    """Whoever runs the user's own terms."""

    def series(self, strategy: Strategy, bars: Bars) -> Series:
        """What each says of the bars, or that it was late. Raises ``UserError`` for one that may not run, or fails."""
        ...


@dataclass(frozen=True)
class Equipment:
    """``source`` is whom to ask for bars, ``stream`` who tells them by itself, ``ear`` opens the record of posts."""

    door: Door
    source: Callable[[], Source]
    stream: Callable[[str, timedelta], Stream]
    ear: Callable[[], Ear] | None = None
    terms: ForeignTerms | None = None
