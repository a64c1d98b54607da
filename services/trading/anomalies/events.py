"""What is told of an anomaly."""

from datetime import datetime

from services.core.events import Event


class AnomalySeen(Event, name="trading.anomaly.seen"):
    """Something unusual on a market, once for a burst. ``label`` says what the candles are; they may be years old."""

    market: str
    timeframe: str
    label: str
    session: int
    candle: datetime
    """Open of the bar that it was seen in, when that had closed."""
    kind: str
    what: str
    """In words."""
    up: bool
    value: float
    limit: float
    """What the value has passed, in the unit of the kind's method."""
    price: float
