"""The latest prices of the markets on which we have business, and when the exchange told them."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from services.trading.fills import Side
from services.trading.venue.told import Depth
from services.trading.venue.venue import Venue


@dataclass
class Prices:
    """Asks the book of each market, and keeps the newest."""

    venue: Venue
    _depths: dict[str, Depth] = field(default_factory=dict)

    def ask(self, symbol: str) -> Depth:
        """The book now. Raises ``VenueUnsure``."""
        self._depths[symbol] = depth = self.venue.depth(symbol)
        return depth

    def last(self, symbol: str) -> Decimal | None:
        """What a sale would bring at once: the best bid, as it was told last."""
        depth = self._depths.get(symbol)
        return depth.bids[0][0] if depth and depth.bids else None

    def told_at(self, symbol: str) -> datetime | None:
        depth = self._depths.get(symbol)
        return depth.at if depth else None


def spread(depth: Depth) -> Decimal | None:
    """Between best bid and best ask, as a share of their mean; None where one side is empty."""
    if not depth.bids or not depth.asks:
        return None
    bid, ask = depth.bids[0][0], depth.asks[0][0]
    return (ask - bid) / ((ask + bid) / 2)


def worst(depth: Depth, side: Side, quantity: Decimal) -> Decimal | None:
    """The price at which the last of ``quantity`` would be filled; None where the book has not enough."""
    left = quantity
    for price, offered in depth.asks if side is Side.BUY else depth.bids:
        left -= offered
        if left <= 0:
            return price
    return None
