"""A closed bar of a live market, how and when it came; and whether it came too late to be acted on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from services.trading.candles import Candle


class By(StrEnum):
    """How a bar came."""

    POLL = "poll"
    STREAM = "stream"
    FILL_IN = "fill-in"
    """Asked for, because the stream had missed it."""


@dataclass(frozen=True, slots=True)
class LiveBar:
    """``received`` is by the exchange's clock, as the bar's own time is."""

    candle: Candle
    timeframe: timedelta
    received: datetime
    by: By

    @property
    def age(self) -> timedelta:
        """How long it had been closed when it was received."""
        return self.received - (self.candle.time + self.timeframe)

    def late(self, most: timedelta | None = None) -> bool:
        """Whether it may still update what is known, but no order is to be sent by it; ``most`` is half a bar."""
        return self.age > (self.timeframe / 2 if most is None else most)


class Source(Protocol):
    """Whoever can be asked for bars."""

    def now(self) -> datetime:
        """The exchange's clock."""
        ...

    def bars(self, symbol: str, timeframe: timedelta, since: datetime) -> list[Candle]:
        """The closed ones that open from ``since`` on, oldest first, however many pages they take."""
        ...
