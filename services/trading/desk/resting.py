"""Whether a stop of ours that rests has to be asked for by itself in this round. Pure.

What may change at any moment is asked for in each round. A stop far below the price is not: the whole poll, every ten
seconds, lists it, and once between two of those it is asked for by itself. A look weighs 4 of what the exchange lets
us ask in a minute: one at each stop in each second, with the price and the trades, left room for five positions.

No rule rests on the looks that are left out:

- Three looks over 30 s, and what is missing: an order that is UNKNOWN, or was not found, is asked for in each round,
  and with it all that moves a coin of its, for by the coins it is told what became of it. The looks that count are
  those of whole polls, or 15 s apart: as before.
- The price falls through a stop that is not executed: the prices are told after the poll, and what they have come
  near to, or gone through, is asked for right then, before anything is decided. So a stop that has sold is not taken
  for one that could not be filled, and one that somebody took out is missed before its price is there, or at once.
- What a lost stop leaves is sold, or protected again, only after looks of its own right before. Another's stop on the
  same coin that a spike has just executed makes a new stop wait until that is learnt; a sale has it asked for.
- One that is filled in part, or of which the exchange tells more than its trades do, is asked for in each round. Of a
  first part that a spike has filled, till it is learnt, a cancelling tells, and a move is refused.
- Moves: while two orders of a position may be there, both are asked for in each round; after each try it is asked for
  in the next one, for what was refused may have been refused because it is being filled, or has sold.
- What the account has, and what of it is the user's, is read at whole polls alone, right after the list.

What a spike between two prices has executed is learnt by the first round that begins 5 s after the latest look. Until
then its bot is refused another entry, for it still seems to hold.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from services.trading.desk.beside import pair
from services.trading.desk.order import Order
from services.trading.desk.states import OrderState, Role
from services.trading.fills import Side

EVERY = timedelta(seconds=5)
"""From one look at what rests to the next: with a list every ten seconds, one between two of those."""
NEAR = Decimal("0.005")
"""So near to its trigger, as a share of the price, a stop is asked for in each round: a spike may touch it in one.

So far BTC fell within one minute of 250 in January 2022, measured from the minute's open.
"""
SWINGS = 3
"""So many times as far as the price has moved since the latest look it may move until the next."""
_UNTOLD = frozenset({OrderState.INITIALISED, OrderState.SUBMITTED, OrderState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Seen:
    """When the exchange told of an order last that it rests with nothing filled, and the prices that it told since."""

    at: datetime
    low: Decimal | None = None
    high: Decimal | None = None

    def told(self, price: Decimal) -> "Seen":
        """With one more price."""
        low = price if self.low is None else min(self.low, price)
        high = price if self.high is None else max(self.high, price)
        return replace(self, low=low, high=high)

    @property
    def swing(self) -> Decimal:
        """How far the price has moved since."""
        return Decimal(0) if self.low is None or self.high is None else self.high - self.low


@dataclass(frozen=True, slots=True)
class Around:
    """What else of ours there is: orders that are not over, ids of those that were not found, and the markets on which
    something is being bought or left."""

    orders: Collection[Order]
    missed: Collection[str] = ()
    busy: Collection[str] = ()
    sent: datetime | None = None
    """When the latest order of the same position was sent."""


def may_wait(order: Order, seen: Seen | None, around: Around, now: datetime) -> bool:
    """Whether it need not be asked for before prices are told. ``seen`` is None of what the latest list lacks."""
    if seen is None or not timedelta(0) <= now - seen.at < EVERY:
        return False
    if around.sent is not None and around.sent >= seen.at:
        return False  # a move that came to nothing did so for a reason
    return _rests(order) and order.client_id not in around.missed and _is_calm(order, around)


def is_near(order: Order, seen: Seen, price: Decimal | None) -> bool:
    """Whether the price, None where it was not told just now, has come near to its trigger, or gone through it."""
    if order.trigger is None or price is None:
        return True
    return price - order.trigger <= max(price * NEAR, seen.told(price).swing * SWINGS)


def _rests(order: Order) -> bool:
    """A stop to sell that lies there whole. One that was to be cancelled may yet be, however it stands."""
    stop = order.role is Role.STOP and order.side is Side.SELL and order.trigger is not None
    whole = order.state is OrderState.ACCEPTED and not order.filled and not order.owing
    return stop and whole and order.cancel_asked is None


def _is_calm(order: Order, around: Around) -> bool:
    """Whether nothing else moves its coin, and nothing in doubt the money: both tell what became of what is lost."""
    base, quote = pair(order.symbol)
    if any(base in pair(symbol) for symbol in around.busy):
        return False
    return not any(
        _moves(each, base, around) or _same_position(each, order) or _in_doubt(each, quote, around)
        for each in around.orders
        if each.client_id != order.client_id
    )


def _moves(other: Order, coin: str, around: Around) -> bool:
    return coin in pair(other.symbol) and (not _rests(other) or other.client_id in around.missed)


def _same_position(other: Order, order: Order) -> bool:
    return (other.bot, other.symbol) == (order.bot, order.symbol)


def _in_doubt(other: Order, coin: str, around: Around) -> bool:
    """Nobody can tell what it has paid, or brought."""
    unsure = other.state in _UNTOLD or other.owing or other.client_id in around.missed
    return unsure and coin in pair(other.symbol)
