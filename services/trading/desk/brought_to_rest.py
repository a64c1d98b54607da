"""What an emergency stop has done since it began, by the book: what it cancelled, and what was sold at which price.

What was done before the latest command was ``asked`` bears that it was ``earlier``, and when.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

from services.trading.desk.book import Book, Key
from services.trading.desk.events import OrderFilled
from services.trading.desk.guards.standing import ACCOUNT, PANIC
from services.trading.desk.order import Order
from services.trading.desk.states import OrderState
from services.trading.fills import Side

_DIGITS = Context(prec=10)
"""Of an average price over several trades."""


def since(book: Book) -> datetime | None:
    """When the stop that is in force began; None where none is."""
    latch = book.latches.get((PANIC, ACCOUNT))
    return latch.at if latch is not None else None


def cancelled(book: Book, asked: datetime | None = None) -> list[dict[str, Any]]:
    """Orders of ours that were taken out of the book by the stop, oldest first."""
    began = since(book)
    if began is None:
        return []
    return [
        {"bot": each.bot, "market": each.symbol, "order": each.client_id, "role": each.role.value}
        | _earlier(each.cancel_asked, asked)
        for each in book.orders.values()
        if each.state is OrderState.CANCELLED and each.cancel_asked is not None and each.cancel_asked >= began
    ]


def closed(book: Book, asked: datetime | None = None) -> list[dict[str, Any]]:
    """What was sold since the stop began, by bot and market; the price is what its trades came to on average."""
    found: dict[tuple[Key, bool], list[OrderFilled]] = {}
    for order, fill in _sales(book):
        before = asked is not None and max(order.at, fill.at) < asked
        found.setdefault(((order.bot, order.symbol), before), []).append(fill)
    return [
        _sold(key, fills) | (_earlier(max(fill.at for fill in fills), asked) if before else {})
        for (key, before), fills in found.items()
    ]


def _sales(book: Book) -> Iterator[tuple[Order, OrderFilled]]:
    began = since(book)
    if began is None:
        return
    for order in book.orders.values():
        if order.side is Side.SELL:
            yield from ((order, fill) for fill in order.fills if order.at >= began or fill.at >= began)


def _earlier(at: datetime, asked: datetime | None) -> dict[str, Any]:
    return {"earlier": at.isoformat()} if asked is not None and at < asked else {}


def _sold(key: Key, fills: list[OrderFilled]) -> dict[str, Any]:
    quantity = sum((fill.quantity for fill in fills), Decimal(0))
    paid = sum((fill.quantity * fill.price for fill in fills), Decimal(0))
    price = _DIGITS.divide(paid, quantity)
    return {"bot": key[0], "market": key[1], "quantity": _plain(quantity), "price": _plain(price)}


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
