"""What the exchange tells of an order, as events."""

from collections.abc import Iterable, Mapping

from services.core.events import Event
from services.trading.desk.client_ids import bot_of, is_ours, role_of
from services.trading.desk.events import (
    OrderAccepted,
    OrderAdopted,
    OrderCancelled,
    OrderCompleted,
    OrderExpired,
    OrderFilled,
    OrderRejected,
)
from services.trading.desk.order import Order
from services.trading.venue.told import Reported, Standing, Traded
from services.trading.venue.venue import VenueUnsure


def of_report(told: Reported) -> list[Event]:
    """That it is at the exchange, and how it stands there."""
    accepted = OrderAccepted(told.client_id, told.exchange_id, told.at)
    match told.standing:
        case Standing.OPEN:
            return [accepted]
        case Standing.FILLED:
            return [accepted, OrderCompleted(told.client_id, told.filled, told.at)]
        case Standing.CANCELLED:
            return [accepted, OrderCancelled(told.client_id, told.filled, told.at)]
        case Standing.EXPIRED:
            return [accepted, OrderExpired(told.client_id, told.filled, told.at, "not filled at once")]
        case Standing.REJECTED:
            return [OrderRejected(told.client_id, told.at, "the exchange rejected it")]


def adopted(told: Reported, bots: Mapping[str, str]) -> OrderAdopted:
    """An order that bears our mark and that the ledger does not know. ``bots`` names bots by their digits."""
    digits = bot_of(told.client_id)
    bot, role = bots.get(digits, digits), role_of(told.client_id)
    return OrderAdopted(told.client_id, told.exchange_id, bot, told.symbol, told.side, role, told.quantity, told.at)


def ours(instance: str, told: Iterable[Reported]) -> list[Reported]:
    """Those that bear our mark; no other is ever looked at twice."""
    return [each for each in told if is_ours(instance, each.client_id)]


def of_trades(orders: Iterable[Order], trades: Iterable[Traded]) -> list[OrderFilled]:
    """The trades that fill these orders and are not known of them. Raises ``VenueUnsure`` where one makes no sense."""
    by_exchange_id = {(order.symbol, each): order for order in orders for each in order.exchange_ids}
    found = []
    for trade in trades:
        order = by_exchange_id.get((trade.symbol, trade.exchange_id))
        if order is not None and not order.knows(trade.trade_id):
            if trade.unread:
                raise VenueUnsure(trade.unread)
            found.append(_filled(order, trade))
    return found


def _filled(order: Order, trade: Traded) -> OrderFilled:
    return OrderFilled(
        order.client_id,
        trade.trade_id,
        trade.symbol,
        trade.quantity,
        trade.price,
        trade.fee,
        trade.fee_currency,
        trade.at,
    )
