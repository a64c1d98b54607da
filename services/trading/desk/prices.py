"""The latest prices of the markets on which we have business, and when the exchange told them."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from services.core.errors import in_words
from services.trading.fills import Side
from services.trading.venue.told import Depth
from services.trading.venue.venue import Venue, VenueRefused, VenueUnsure

log = logging.getLogger(__name__)
OLD = timedelta(seconds=30)
"""Nothing is decided by a price that is older."""
RATE_EVERY = timedelta(seconds=10)
RATE_STALE = timedelta(minutes=1)


@dataclass
class Prices:
    """Asks the book of each market, and keeps the newest."""

    venue: Venue
    _depths: dict[str, Depth] = field(default_factory=dict)
    _rated: dict[str, datetime] = field(default_factory=dict)
    """When the rate of a market was asked for last."""

    def ask(self, symbol: str) -> Depth:
        """The book now. Raises ``VenueUnsure``."""
        try:
            self._depths[symbol] = depth = self.venue.depth(symbol)
        except VenueRefused:
            self._depths.pop(symbol, None)
            raise
        return depth

    def last(self, symbol: str) -> Decimal | None:
        """What a sale would bring at once: the best bid, as it was told last; None where that is too long ago."""
        depth = self._depths.get(symbol)
        known = depth is not None and abs(self.venue.now() - depth.at) <= OLD
        return depth.bids[0][0] if depth and known and depth.bids else None

    def rate(self, currency: str, own: str) -> Decimal | None:
        """What one unit of a currency brings in another, by their market; None where there is none, or not now."""
        symbol, now = f"{currency}/{own}", self.venue.now()
        if symbol not in self._rated or abs(now - self._rated[symbol]) >= RATE_EVERY:
            self._rated[symbol] = now
            try:
                self.ask(symbol)
            except (VenueRefused, VenueUnsure) as error:
                log.info("the rate of %s is not told now: %s", currency, in_words(error))
        told_at = self.told_at(symbol)
        return self.last(symbol) if told_at is not None and abs(now - told_at) < RATE_STALE else None

    def told_at(self, symbol: str) -> datetime | None:
        depth = self._depths.get(symbol)
        return depth.at if depth else None


def spread(depth: Depth) -> Decimal | None:
    """Between best bid and best ask, as a share of their mean; None where one side is empty."""
    if not depth.bids or not depth.asks:
        return None
    bid, ask = depth.bids[0][0], depth.asks[0][0]
    return (ask - bid) / ((ask + bid) / 2)


def middle(depth: Depth) -> Decimal:
    """Between best bid and best ask; the one where the other side is empty."""
    if not depth.asks:
        return depth.bids[0][0]
    return (depth.bids[0][0] + depth.asks[0][0]) / 2


def worst(depth: Depth, side: Side, quantity: Decimal) -> Decimal | None:
    """The price at which the last of ``quantity`` would be filled; None where the book has not enough."""
    left = quantity
    for price, offered in depth.asks if side is Side.BUY else depth.bids:
        left -= offered
        if left <= 0:
            return price
    return None
