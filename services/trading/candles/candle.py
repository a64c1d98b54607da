"""One bar."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Candle:
    """One bar. ``time`` is its open (UTC); it is known at ``time`` plus the timeframe."""

    time: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float
    funding: float = 0.0
    """The rate due at the open, as a share of the notional; above 0 a long pays it to a short."""
