"""The exchange account as a window shows it: read from its ledger, whoever keeps it."""

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from services.trading.desk import shown
from services.trading.desk.glance import AccountGlance, HeldRow, LatchRow, StandingOrder
from services.trading.desk.ledger import Ledger


def read_glance(path: Path, name: str, to_arm: str) -> AccountGlance:
    """Positions, orders that are not over, and latches that are closed. Blocks; raises ``UserError``."""
    with closing(Ledger(path)) as ledger:
        book = shown.book_of(ledger)
    standing = shown.guards(book)
    return AccountGlance(
        name,
        str(standing["mode"]),
        book.armed is not None,
        to_arm,
        tuple(_held(shown.positions(book))),
        tuple(_standing(shown.orders(book))),
        tuple(_latches(standing["latches"])),
    )


def _held(rows: Iterable[shown.Row]) -> Iterable[HeldRow]:
    for row in rows:
        stops = ", ".join(f"{stop['quantity']} at {stop['trigger']}" for stop in row["stops"])
        yield HeldRow(row["bot"], row["market"], row["quantity"], stops, bool(row["leaving"]))


def _standing(rows: Iterable[shown.Row]) -> Iterable[StandingOrder]:
    for row in rows:
        yield StandingOrder(
            row["id"],
            row["bot"],
            row["market"],
            row["role"],
            row["side"],
            row["quantity"],
            row["filled"],
            row["price"] or row["trigger"] or "",
            row["state"],
            datetime.fromisoformat(row["since"]),
            row["why"],
        )


def _latches(rows: Iterable[shown.Row]) -> Iterable[LatchRow]:
    for row in rows:
        yield LatchRow(row["guard"], row["scope"], row["why"], datetime.fromisoformat(row["since"]))
