"""The paper broker: an outside of its own, with its own file, that fills market orders and forgets none.

Like an exchange it does not refuse a doubled order: what is placed twice is counted and traded twice, so a test (and
a person) can see whether the house kept its promise to place each once.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from services.core.errors import UserError
from services.core.private import own_file
from services.trading.fills import (
    Fill,
    Side,
    Unfillable,
    affordable,
    cash_after,
    cost,
    fill_price,
    held_after,
    refuse_small,
    whole_steps,
)
from services.trading.paper.orders import PlaceOrder

SCHEMA = 2
WAIT = 5.0
"""Seconds that one who finds the file in use waits for it."""
_TABLE = """
CREATE TABLE IF NOT EXISTS orders (
    number INTEGER PRIMARY KEY, client_id TEXT NOT NULL, account TEXT NOT NULL, market TEXT NOT NULL,
    side TEXT NOT NULL, candle TEXT NOT NULL, quantity REAL NOT NULL, quote REAL NOT NULL,
    filled REAL NOT NULL, price REAL NOT NULL, fee REAL NOT NULL, refused TEXT NOT NULL,
    cash_after REAL NOT NULL, held_after REAL NOT NULL,
    fee_in TEXT NOT NULL DEFAULT 'quote', coins REAL NOT NULL DEFAULT 0, funding REAL NOT NULL DEFAULT 0)
"""
_ADDED = ("fee_in TEXT NOT NULL DEFAULT 'quote'", "coins REAL NOT NULL DEFAULT 0", "funding REAL NOT NULL DEFAULT 0")
"""Columns that the second schema has and the first had not."""
_FILL = "client_id, side, filled, price, fee, candle, fee_in, coins, funding"
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS by_client_id ON orders (client_id)",
    "CREATE INDEX IF NOT EXISTS by_account ON orders (account)",
)
_INSERT = "INSERT INTO orders VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class Balance:
    """What the broker holds for one account: ``cash`` in quote, ``held`` in base."""

    cash: float
    held: float


@dataclass(frozen=True)
class Receipt:
    """The broker's answer: a fill, or why there is none."""

    fill: Fill | None
    refused: str = ""


class Unusable(UserError):
    """The account's file cannot be used at all; nothing was done."""


class PaperBroker:
    """Each call opens the file anew, so any thread and any process may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def place(self, order: PlaceOrder) -> Receipt:
        """Fill ``order`` now, or refuse it; either is on disk on return."""
        with self._transaction() as connection:
            balance = _balance(connection, order.account) or Balance(order.terms.capital, 0.0)
            try:
                fill = _filled(order, balance)
            except Unfillable as why:
                _write(connection, order, None, balance, str(why))
                return Receipt(None, str(why))
            _write(connection, order, fill, _settled(balance, fill), "")
            return Receipt(fill)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def missing(self) -> bool:
        """The file is not there, or holds nothing at all: before the first order, or because it was lost."""
        return not self._path.exists() or self._path.stat().st_size == 0

    def rebuild(self, orders: Iterable[tuple[PlaceOrder, Fill]]) -> int:
        """Write the books again from what was filled, in its order; returns how many.

        Raises ``ValueError`` where there are books, or the fills do not add up; nothing is written then.
        """
        with self._transaction() as connection:
            if connection.execute("SELECT COUNT(*) FROM orders").fetchone()[0]:
                raise ValueError("there are orders in it")
            return _write_again(connection, orders)

    def reopen(self, account: str, orders: Iterable[tuple[PlaceOrder, Fill]]) -> int:
        """Write one account again from what was filled with it, beside the others; raises as ``rebuild``."""
        with self._transaction() as connection:
            if _balance(connection, account) is not None:
                raise ValueError(f"there are orders of {account}")
            return _write_again(connection, orders)

    def find(self, client_id: str) -> Receipt | None:
        """The first order received under ``client_id``; waits for a placement that is under way."""
        with self._transaction() as connection:
            query = f"SELECT {_FILL}, refused FROM orders WHERE client_id = ? ORDER BY number LIMIT 1"
            row = connection.execute(query, (client_id,)).fetchone()
            if row is None:
                return None
            *fill, refused = row
            return Receipt(None, refused) if refused else Receipt(_fill(*fill))

    def check(self) -> None:
        """Raise ``Unusable`` where the account's file is there and is none."""
        if self._path.exists():
            with self._transaction() as connection:
                connection.execute("SELECT COUNT(*) FROM orders").fetchone()

    def forget(self, account: str) -> int:
        """Close an account that nobody will trade with again; returns how many orders it had."""
        if self.missing:
            return 0
        with self._transaction() as connection:
            return connection.execute("DELETE FROM orders WHERE account = ?", (account,)).rowcount

    def give_back(self) -> None:
        """Give the room of closed accounts back to the disk, where it is much of the file."""
        if self.missing:
            return
        with closing(sqlite3.connect(self._path, timeout=WAIT, isolation_level=None)) as connection:
            free, pages = (
                connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count")
            )
            if free * 4 > pages:
                connection.execute("VACUUM")

    def received(self, client_id: str | None = None) -> int:
        """How many orders have arrived, under one id or in all."""
        with self._transaction() as connection:
            where, values = ("", ()) if client_id is None else (" WHERE client_id = ?", (client_id,))
            return int(connection.execute(f"SELECT COUNT(*) FROM orders{where}", values).fetchone()[0])

    def fills(self, account: str | None = None) -> list[Fill]:
        """What was traded, in order, for one account or all."""
        with self._transaction() as connection:
            query = f"SELECT {_FILL} FROM orders WHERE refused = ''"
            where, values = ("", ()) if account is None else (" AND account = ?", (account,))
            return [_fill(*row) for row in connection.execute(f"{query}{where} ORDER BY number", values)]

    def balance(self, account: str) -> Balance | None:
        """What the account holds, or None before its first order."""
        with self._transaction() as connection:
            return _balance(connection, account)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(own_file(self._path), timeout=WAIT, isolation_level=None)) as connection:
            try:
                self._prepare(connection)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise  # locked, full or read-only: the file itself is not at fault
                mend = "Move it away; the next start rebuilds it from what was filled"
                raise Unusable(f"this is no paper account: {error}", str(self._path), mend) from error
            yield connection  # an exception closes the connection, which rolls back
            connection.execute("COMMIT")

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Begin a transaction on tables of this schema: who opens a new file, or an old one, first makes them alone."""
        connection.execute("PRAGMA synchronous = FULL")
        if _version(connection) < SCHEMA:
            with suppress(sqlite3.OperationalError):  # this does not wait; who holds the file now is setting it
                connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        version = _version(connection)
        if version > SCHEMA:
            raise UserError("a newer program wrote this paper account", str(self._path), "Update Dreamscape")
        if version < SCHEMA:
            added = [f"ALTER TABLE orders ADD COLUMN {column}" for column in _ADDED] if version else []
            for statement in (_TABLE, *_INDEXES, *added, f"PRAGMA user_version = {SCHEMA}"):
                connection.execute(statement)


def _version(connection: sqlite3.Connection) -> int:
    """The schema of the file; 0 of a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _reduces(order: PlaceOrder, balance: Balance) -> bool:
    """On a perpetual what only reduces a position is taken in any size."""
    signed = order.quantity if order.side is Side.BUY else -order.quantity
    return order.terms.margin and signed * balance.held < 0 and order.quantity <= abs(balance.held)


def _filled(order: PlaceOrder, balance: Balance) -> Fill:
    """Fill at the quote with slippage and fee; what the account cannot pay or does not hold is scaled down."""
    terms = order.terms
    price = fill_price(order.side, order.quote, terms)
    quantity = whole_steps(order.quantity, terms)
    if not terms.margin:
        quantity = _within_the_balance(quantity, price, order, balance)
    refuse_small(order.side, quantity, price, replace(terms, min_notional=0.0) if _reduces(order, balance) else terms)
    fee = quantity * price * terms.fee_rate
    coins = quantity * (1.0 - terms.fee_rate) if terms.fee_in == "base" and order.side is Side.BUY else 0.0
    return Fill(
        order.client_id, order.side, quantity, price, fee, order.candle, terms.fee_in, coins, funding=order.funding
    )


def _within_the_balance(quantity: float, price: float, order: PlaceOrder, balance: Balance) -> float:
    if order.side is Side.SELL:
        return min(quantity, balance.held)
    if cost(quantity, price, order.terms) > balance.cash:
        return affordable(balance.cash, price, order.terms)
    return quantity


def _settled(balance: Balance, fill: Fill) -> Balance:
    return Balance(cash_after(balance.cash, fill), held_after(balance.held, fill))


def _balance(connection: sqlite3.Connection, account: str) -> Balance | None:
    query = "SELECT cash_after, held_after FROM orders WHERE account = ? ORDER BY number DESC LIMIT 1"
    row = connection.execute(query, (account,)).fetchone()
    return Balance(*row) if row else None


def _write_again(connection: sqlite3.Connection, orders: Iterable[tuple[PlaceOrder, Fill]]) -> int:
    balances: dict[str, Balance] = {}
    written = 0
    for order, fill in orders:
        before = balances.get(order.account) or Balance(order.terms.capital, 0.0)
        after = balances[order.account] = _settled(before, fill)
        if not order.terms.margin and min(after.cash, after.held) < 0:
            raise ValueError(f"the account cannot pay or does not hold what this asks for: {order.what}")
        _write(connection, order, fill, after, "")
        written += 1
    return written


def _write(connection: sqlite3.Connection, order: PlaceOrder, fill: Fill | None, after: Balance, why: str) -> None:
    traded = (fill.quantity, fill.price, fill.fee) if fill else (0.0, 0.0, 0.0)
    paid = (fill.fee_in, fill.coins, fill.funding) if fill else ("quote", 0.0, 0.0)
    asked = (order.side, order.candle.isoformat(), order.quantity, order.quote)
    names = (order.client_id, order.account, order.market)
    connection.execute(_INSERT, (*names, *asked, *traded, why, after.cash, after.held, *paid))


def _fill(client_id: str, side: str, quantity: float, price: float, fee: float, candle: str, *paid: Any) -> Fill:
    return Fill(client_id, Side(side), quantity, price, fee, datetime.fromisoformat(candle), *paid)
