"""What a venue tells: its rules, orders, trades, prices and funds. Amounts are exact: a position is a sum of fills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from services.trading.fills import Side


class OrderKind(StrEnum):
    """How an order asks to be filled."""

    MARKETABLE = "marketable"
    """A limit at the collar that takes what is there at once; the rest expires."""
    LIMIT = "limit"
    """Rests in the book at its price."""
    STOP = "stop"
    """Sleeps at the exchange until the price has reached its trigger, then takes what is there down to its price."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """An order to be sent. ``price`` is its limit in quote; ``trigger`` is that of a stop."""

    client_id: str
    symbol: str
    side: Side
    kind: OrderKind
    quantity: Decimal
    price: Decimal
    trigger: Decimal | None = None


class Standing(StrEnum):
    """How the exchange says an order stands. What was filled of it is told by its trades, never by this."""

    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Reported:
    """An order as the exchange tells it. ``client_id`` is empty or somebody else's where the order is not ours."""

    exchange_id: str
    client_id: str
    symbol: str
    side: Side
    standing: Standing
    quantity: Decimal
    filled: Decimal
    at: datetime
    """The exchange's time of the latest change, UTC."""
    unread: str = ""
    """Why the exchange's word for it makes no sense; then only its ids, market and side count."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An order that was taken out for another one, in one request: how each stands.

    Where the one could not be taken out the other was not tried; where the other was refused the one is gone.
    """

    former: Reported | None
    """None where it could not be taken out: it is over, or was never there."""
    placed: Reported | None
    why: str = ""
    """Why it was not placed."""


@dataclass(frozen=True, slots=True)
class Traded:
    """One trade of the account; ``trade_id`` is unique for its symbol. ``fee`` is in ``fee_currency``."""

    trade_id: str
    exchange_id: str
    """Of the order that it filled."""
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal
    fee: Decimal
    fee_currency: str
    at: datetime
    """The exchange's time, UTC."""
    unread: str = ""
    """Why the exchange's word for it makes no sense; then only its ids, market and side count."""


@dataclass(frozen=True, slots=True)
class MarketRules:
    """What an order on a market has to keep to: prices by ``tick``, quantities by ``step``, at least these."""

    symbol: str
    base: str
    quote: str
    tick: Decimal
    step: Decimal
    min_quantity: Decimal
    min_notional: Decimal


@dataclass(frozen=True, slots=True)
class Depth:
    """The book's best levels, each (price, quantity), best first."""

    bids: Sequence[tuple[Decimal, Decimal]]
    asks: Sequence[tuple[Decimal, Decimal]]
    at: datetime
    """The exchange's time where it tells one, else that of its answer, UTC."""


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest price at which anybody traded on a market."""

    price: Decimal
    at: datetime
    """By the exchange's clock, of what it tells: a feed that stands still keeps telling the same moment."""


@dataclass(frozen=True, slots=True)
class Funds:
    """Of one currency: what can be used, and what open orders hold back."""

    free: Decimal
    held: Decimal

    @property
    def total(self) -> Decimal:
        return self.free + self.held
