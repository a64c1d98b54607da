"""The exchange account as a window shows it: read from its ledger, whoever keeps it."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from services.core.events import Event
from services.trading.desk import shown
from services.trading.desk.book import Book
from services.trading.desk.contact import Contact
from services.trading.desk.glance import AccountGlance, HeldRow, LatchRow, StandingOrder
from services.trading.desk.ledger import Ledger


@dataclass
class Glancing:
    """Looks at one ledger again and again, and reads only what has come since. Used by one thread at a time.

    A ledger that was put back from a copy, or begun anew, is read from its beginning: the event that was read last
    does not stand in its place any more.
    """

    path: Path
    _book: Book = field(default_factory=Book)
    _last: tuple[int, Event] | None = None
    read: int = 0
    """Events that were folded so far, for who wants to know what a look costs."""

    def book(self) -> Book:
        """As it is on disk now. Blocks; raises ``UserError``."""
        with closing(Ledger(self.path)) as ledger:
            events = ledger.read((self._last[0] if self._last else 1) - 1)
            if self._last is not None and next(events, None) != self._last:
                self._book, self._last, events = Book(), None, ledger.read()
            for seq, event in events:
                self._book.apply(event)
                self._last = seq, event
                self.read += 1
        return self._book


def read_glance(path: Path, name: str, to_arm: str) -> AccountGlance:
    """Positions, orders that are not over, and latches that are closed. Blocks; raises ``UserError``."""
    return glance_at(Glancing(path).book(), name, to_arm)


def glance_at(book: Book, name: str, to_arm: str, contact: Contact | None = None) -> AccountGlance:
    """The same of a book that was read already, with how the exchange is reached by who keeps the account."""
    standing = shown.guards(book)
    return AccountGlance(
        name,
        str(standing["mode"]),
        book.armed is not None,
        to_arm,
        tuple(_held(shown.positions(book))),
        tuple(_standing(shown.orders(book))),
        tuple(_latches(standing["latches"])),
        contact,
        sum(len(order.fills) for order in book.orders.values()),
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
            row["trigger"] or row["price"] or "",
            row["state"],
            datetime.fromisoformat(row["since"]),
            row["why"],
        )


def _latches(rows: Iterable[shown.Row]) -> Iterable[LatchRow]:
    for row in rows:
        yield LatchRow(row["guard"], row["scope"], row["why"], datetime.fromisoformat(row["since"]))
