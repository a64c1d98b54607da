"""What a person reads of an account: its positions, orders and fills, as plain rows."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from services.core.events import Event
from services.trading.desk.book import Book, folded
from services.trading.desk.guards.standing import standing
from services.trading.desk.ledger import Ledger
from services.trading.desk.order import Order
from services.trading.desk.states import Role

Row = dict[str, Any]
FILL_COLUMNS = ("time", "market", "side", "price", "amount", "fee", "fee_currency", "bot", "trade_id", "order_id", "id")


def book_of(ledger: Ledger) -> Book:
    """The book as it is on disk now."""
    return folded(_events(ledger))


def positions(book: Book) -> list[Row]:
    """What each bot holds, and the stop that covers it."""
    rows = []
    for holding in book.held():
        stops = book.open_orders(holding.bot, holding.symbol, Role.STOP)
        rows.append(
            {
                "bot": holding.bot,
                "market": holding.symbol,
                "quantity": f"{holding.quantity:f}",
                "open": holding.opened,
                "leaving": (holding.bot, holding.symbol) in book.exits,
                "stops": [
                    {"quantity": f"{o.remaining:f}", "trigger": _plain(o.trigger), "state": o.state} for o in stops
                ],
            }
        )
    return rows


def orders(book: Book, ended: bool = False) -> list[Row]:
    """Those that are not over, or all of them, oldest first."""
    chosen = book.orders.values() if ended else book.open_orders()
    return [_order(order) for order in chosen]


def unbought(book: Book) -> list[Row]:
    """What bots asked to be bought and of which nothing was, oldest first, each with why."""
    return [
        {"bot": each.bot, "market": each.symbol, "cause": each.cause, "since": each.at.isoformat(), "why": each.why}
        for each in book.unbought
    ]


def fills(book: Book) -> list[Row]:
    """Every trade of ours, oldest first, for who has to account for it."""
    rows = []
    for order in book.orders.values():
        for fill in order.fills:
            values = (
                fill.at.isoformat(), order.symbol, order.side.value, f"{fill.price:f}", f"{fill.quantity:f}",
                f"{fill.fee:f}", fill.fee_currency, order.bot, fill.trade_id, order.exchange_id, order.client_id,
            )  # fmt: skip
            rows.append(dict(zip(FILL_COLUMNS, values, strict=True)))
    return sorted(rows, key=lambda row: (row["time"], row["trade_id"]))


def as_csv(rows: Iterable[Row]) -> str:
    """Fills with a line of titles, as spreadsheets and tax programs read them."""
    out = io.StringIO()
    writer = csv.DictWriter(out, FILL_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def guards(book: Book) -> Row:
    """The account's mode, and each latch that is closed."""
    stands = standing(book.latches.values())
    closed = [{"guard": each.guard, "scope": each.scope, "why": each.why, "since": each.at.isoformat()}
              for each in stands.latches]  # fmt: skip
    return {"mode": stands.mode.value, "latches": closed}


def _order(order: Order) -> Row:
    return {
        "id": order.client_id,
        "bot": order.bot,
        "market": order.symbol,
        "role": order.role.value,
        "side": order.side.value,
        "quantity": f"{order.quantity:f}",
        "filled": f"{order.filled:f}",
        "price": _plain(order.price),
        "trigger": _plain(order.trigger),
        "state": order.state.value,
        "since": order.at.isoformat(),
        "deadline": order.deadline.isoformat() if order.deadline else None,
        "why": order.why,
    }


def _plain(amount: Any) -> str | None:
    return None if amount is None else f"{amount:f}"


def _events(ledger: Ledger) -> Iterable[Event]:
    return (event for _, event in ledger.read())
