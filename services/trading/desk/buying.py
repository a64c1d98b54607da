"""What an entry that was asked for needs next. Pure: after a crash the same orders lead to the same step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import takewhile

from services.trading.desk.events import EntryAsked
from services.trading.desk.order import Order
from services.trading.desk.sizes import floored, too_small
from services.trading.desk.states import OrderState
from services.trading.venue.told import MarketRules, OrderKind


@dataclass(frozen=True, slots=True)
class Buy:
    """Send the order of the entry's ``number``-th turn, for this much."""

    number: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take a limit that did not fill out of the book, to send the next one."""

    order: Order


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more is sent for the entry."""

    why: str


AGAIN, LONGEST = timedelta(seconds=5), timedelta(minutes=1)
"""How long is waited after an order that could not go out, at first and at most: a wish may be in time for hours, and
each try asks the exchange for its book, its price and the balances."""
TOO_LATE = "it was decided on a market that has moved on"

Move = Buy | Withdraw | End | None


def move(
    asked: EntryAsked, orders: Sequence[Order], now: datetime, price: Decimal, rules: MarketRules, closed: str
) -> Move:
    """The next step; None where the exchange's word is waited for. ``closed`` says why nothing may be bought."""
    turns = [order for order in orders if not _never_went_out(order)]
    if turns and (turns[-1].open or turns[-1].owing):
        return _waiting(asked, turns, now, closed)
    if closed:
        return End(closed)
    if orders and _never_went_out(orders[-1]):
        if now > in_time(asked, len(turns)):
            return End(f"it could not be sent in time: {orders[-1].why}")
        if timedelta(0) <= now - orders[-1].at < _pause(orders):
            return None
    if not turns:
        return End(TOO_LATE) if now > asked.until else Buy(0, asked.quantity)
    return _more(asked, turns, price, rules)


def in_time(asked: EntryAsked, number: int) -> datetime:
    """Until when the order of the ``number``-th turn may be sent at the latest."""
    return asked.until + timedelta(seconds=asked.reprice_after) * number


def _pause(orders: Sequence[Order]) -> timedelta:
    """Before the next try, the longer the longer it has been tried in vain."""
    in_vain = list(takewhile(_never_went_out, reversed(orders)))
    return min(LONGEST, max(AGAIN, (in_vain[0].at - in_vain[-1].at) / 4))


def _never_went_out(order: Order) -> bool:
    """Nothing of it was sent, for certain: it took no turn, and its turn is still to come."""
    return order.state is OrderState.EXPIRED and not order.exchange_ids and not (order.filled or order.told_filled)


def _waiting(asked: EntryAsked, orders: Sequence[Order], now: datetime, closed: str) -> Move:
    """A limit in the book stays until its time is over, or until nothing may be bought any more."""
    order, rests = orders[-1], timedelta(seconds=asked.reprice_after)
    if order.kind is not OrderKind.LIMIT or order.state not in (OrderState.ACCEPTED, OrderState.PARTIALLY_FILLED):
        return None
    until = order.sent and order.sent + rests if asked.decided is None else asked.decided + rests * len(orders)
    over = until is not None and now >= until
    return Withdraw(order) if over or closed else None


def _more(asked: EntryAsked, orders: Sequence[Order], price: Decimal, rules: MarketRules) -> Move:
    latest = orders[-1]
    if latest.state is OrderState.REJECTED:
        return End(f"the exchange refused it: {latest.why}")
    if latest.kind is not OrderKind.LIMIT:
        return End("done" if any(order.filled for order in orders) else "the exchange filled nothing of it")
    left = floored(asked.quantity - sum((order.filled for order in orders), Decimal(0)), rules.step)
    if too_small(left, price, rules):
        return End("done")
    number = len(orders)
    if number <= asked.times or (asked.then == "market" and number == asked.times + 1):
        return Buy(number, left)
    return End("it did not fill, and is given up")
