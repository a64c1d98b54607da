"""What ccxt read of an answer, made into what the port tells. Nonsense raises ``VenueUnsure``: nothing is guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from services.trading.fills import Side
from services.trading.venue.client_ids import Form
from services.trading.venue.told import Depth, Funds, Latest, MarketRules, Moved, Reported, Standing, Ticket, Traded
from services.trading.venue.venue import VenueRefused, VenueUnsure

ZERO = Decimal(0)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK_SIZE = 4
_STANDINGS = {
    "open": Standing.OPEN,
    "canceling": Standing.OPEN,
    "PENDING_NEW": Standing.OPEN,  # ccxt has no word of its own for it: it waits for another order's fill
    "closed": Standing.FILLED,
    "canceled": Standing.CANCELLED,
    "rejected": Standing.REJECTED,
    "expired": Standing.EXPIRED,
}
Answer = Mapping[str, Any]


def milliseconds(at: datetime) -> int:
    """Since 1970, rounded down."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def moment(stamp: object) -> datetime:
    """The time of an exchange's milliseconds."""
    if not isinstance(stamp, int) or isinstance(stamp, bool) or not 0 < stamp < 10**14:
        raise VenueUnsure(f"the exchange tells no time that makes sense: {stamp!r}")
    return EPOCH + timedelta(milliseconds=stamp)


def amount(value: object, what: str) -> Decimal:
    """A number of the exchange, exact; raises for what is none, is not finite or is below zero."""
    try:
        told = Decimal(str(value))
    except InvalidOperation:
        told = Decimal("NaN")
    if value is None or not told.is_finite() or told < 0:
        raise VenueUnsure(f"the exchange tells no {what} that makes sense: {value!r}")
    return told


def word(value: object, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise VenueUnsure(f"the exchange tells no {what}: {value!r}")
    return value


def rules(market: Answer, precision_mode: int) -> MarketRules:
    """Raises ``VenueRefused`` where prices are not counted in ticks, or a limit is missing."""
    least = market["limits"]
    told = (market["precision"]["price"], market["precision"]["amount"], least["amount"]["min"], least["cost"]["min"])
    if precision_mode != _TICK_SIZE or None in told:
        raise VenueRefused(f"{market['symbol']}: the exchange does not tell tick, step and smallest order")
    tick, step, quantity, notional = (amount(each, "rule of the market") for each in told)
    if not tick or not step:
        raise VenueUnsure(f"{market['symbol']}: a tick or step of zero")
    return MarketRules(market["symbol"], market["base"], market["quote"], tick, step, quantity, notional)


def reported(order: Answer, form: Form) -> Reported:
    status = order.get("status")
    if status not in _STANDINGS:
        raise VenueUnsure(f"the exchange tells no standing of an order that makes sense: {status!r}")
    return Reported(
        exchange_id=word(order["id"], "order number"),
        client_id=form.read(order.get("clientOrderId") or ""),
        symbol=word(order["symbol"], "market"),
        side=_side(order["side"]),
        standing=_STANDINGS[status],
        quantity=amount(order["amount"], "quantity"),
        filled=amount(order["filled"], "filled quantity"),
        at=moment(order.get("lastUpdateTimestamp") or order["timestamp"]),
    )


def cancelled(order: Answer, form: Form, client_id: str) -> Reported:
    """The order that was taken out: the answer bears an id of the cancelling's own beside the order's."""
    told, original = reported(order, form), form.read(str(order["info"].get("origClientOrderId")))
    if original != client_id or told.standing is Standing.OPEN:
        raise VenueUnsure(f"the exchange answered a cancelling with another order, {original!r}")
    return replace(told, client_id=client_id)


def moved(exchange: Any, told: Any, form: Form, former: str, ticket: Ticket) -> Moved:
    """What became of each of the two. Raises ``VenueUnsure`` for whatever is not one of the three that there are."""
    result = f"{told.get('cancelResult')}, {told.get('newOrderResult')}" if isinstance(told, dict) else ""
    if result == "FAILURE, NOT_ATTEMPTED":
        return Moved(None, None, str(told.get("cancelResponse", {}).get("msg")))
    if result not in ("SUCCESS, SUCCESS", "SUCCESS, FAILURE"):
        raise VenueUnsure(f"the exchange tells nothing that makes sense of an order that is moved: {result}")
    market = exchange.market(ticket.symbol)
    out = cancelled(exchange.parse_order(told["cancelResponse"], market), form, former)
    if result == "SUCCESS, FAILURE":
        return Moved(out, None, str(told.get("newOrderResponse", {}).get("msg")))
    placed = reported(exchange.parse_order(told["newOrderResponse"], market), form)
    if (placed.client_id, placed.symbol) != (ticket.client_id, ticket.symbol):
        raise VenueUnsure(f"the exchange answered with another order, {placed.client_id!r}")
    return Moved(out, placed)


def listed(order: Answer, form: Form) -> Reported:
    """One of many, among them the user's: what makes no sense in one keeps no other from being read."""
    try:
        return reported(order, form)
    except VenueUnsure as nonsense:
        return Reported(
            exchange_id=word(order["id"], "order number"),
            client_id=form.read(order.get("clientOrderId") or ""),
            symbol=word(order["symbol"], "market"),
            side=_side(order["side"]),
            standing=Standing.OPEN,
            quantity=ZERO,
            filled=ZERO,
            at=moment(order.get("lastUpdateTimestamp") or order["timestamp"]),
            unread=str(nonsense),
        )


def listed_trade(trade: Answer) -> Traded:
    """The same of trades."""
    try:
        return traded(trade)
    except VenueUnsure as nonsense:
        return Traded(
            trade_id=word(trade["id"], "trade number"),
            exchange_id=word(trade["order"], "order of a trade"),
            symbol=word(trade["symbol"], "market"),
            side=_side(trade["side"]),
            quantity=ZERO,
            price=ZERO,
            fee=ZERO,
            fee_currency="",
            at=moment(trade["timestamp"]),
            unread=str(nonsense),
        )


def traded(trade: Answer) -> Traded:
    fee = trade.get("fee") or {}
    return Traded(
        trade_id=word(trade["id"], "trade number"),
        exchange_id=word(trade["order"], "order of a trade"),
        symbol=word(trade["symbol"], "market"),
        side=_side(trade["side"]),
        quantity=amount(trade["amount"], "quantity"),
        price=amount(trade["price"], "price"),
        fee=amount(fee.get("cost"), "fee"),
        fee_currency=word(fee.get("currency"), "currency of a fee"),
        at=moment(trade["timestamp"]),
    )


def funds(balance: Answer) -> dict[str, Funds]:
    """Of every currency that the account holds any of."""
    free, held = balance["free"], balance["used"]
    told = {name: Funds(amount(free[name], "balance"), amount(held[name], "balance")) for name in free}
    return {name: each for name, each in told.items() if each.total}


def depth(book: Answer, answered: datetime) -> Depth:
    """ccxt reads levels as floats; their shortest form is what the exchange wrote."""
    stamp = book.get("timestamp")
    bids, asks = (_levels(book[side]) for side in ("bids", "asks"))
    if bids and asks and bids[0][0] >= asks[0][0]:
        raise VenueUnsure(f"the exchange tells a bid of {bids[0][0]} above an ask of {asks[0][0]}")
    return Depth(bids, asks, moment(stamp) if stamp else answered)


def latest(ticker: Answer) -> Latest:
    """Raises ``VenueUnsure`` for a market on which nobody has traded, and for a price without the exchange's time."""
    price = amount(ticker.get("last"), "latest price")
    if not price:
        raise VenueUnsure("the exchange tells a latest price of 0")
    return Latest(price, moment(ticker.get("timestamp")))


def _levels(levels: Sequence[Sequence[object]]) -> list[tuple[Decimal, Decimal]]:
    return [(amount(level[0], "price"), amount(level[1], "quantity")) for level in levels]


def _side(told: object) -> Side:
    if told not in (Side.BUY.value, Side.SELL.value):
        raise VenueUnsure(f"the exchange tells no side that makes sense: {told!r}")
    return Side(told)
