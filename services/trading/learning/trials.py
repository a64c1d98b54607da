"""The ledger of trials: every combination that was ever tried on a market, so that luck can be told from an edge.

It lies in a file of its own: a search needs no running program, and a store that is put back from a copy must not make
anything untried. Whoever loses the file loses the count, and the next figures flatter.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from services.core.errors import UserError
from services.core.private import own_file
from services.trading.statistics.deflated import Trials

SCHEMA = 1
WAIT = 30.0
"""Seconds that one who finds the file in use waits for it."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS searched (id INTEGER PRIMARY KEY, market TEXT NOT NULL, family TEXT NOT NULL, "
    "data TEXT NOT NULL, UNIQUE (market, family, data))",
    "CREATE TABLE IF NOT EXISTS trials (searched INTEGER NOT NULL, combination BLOB NOT NULL, sharpe REAL, "
    "PRIMARY KEY (searched, combination)) WITHOUT ROWID",
)
"""A sweep may be of a million combinations: each is 8 bytes and a number."""
_OF = "FROM trials JOIN searched ON searched.id = trials.searched WHERE market = ? AND family = ?"


@dataclass(frozen=True, slots=True)
class Trial:
    """One combination on one set of bars."""

    combination: str
    """16 hex digits."""
    data: str
    """The digest of all the bars that were searched, not of a window of them."""
    sharpe: float | None
    """Annualised, or None where there is none."""


class TrialLedger:
    """Each call opens the file anew, so any thread and any process may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(self, market: str, family: str, trials: Iterable[Trial]) -> int:
        """Count what was not counted yet; returns how many those were. All of them are on disk on return, or none."""
        with self._opened() as connection:
            numbers: dict[str, int] = {}
            new = 0
            for trial in trials:
                if trial.data not in numbers:
                    numbers[trial.data] = _searched(connection, market, family, trial.data)
                row = (numbers[trial.data], bytes.fromhex(trial.combination), trial.sharpe)
                new += connection.execute("INSERT OR IGNORE INTO trials VALUES (?, ?, ?)", row).rowcount
            return new

    def counted(self, market: str, family: str) -> Trials:
        """All that was ever tried there, and the spread of its Sharpe ratios; 0 for fewer than 2 of those."""
        if not self._path.exists():
            return Trials(0, 0.0)
        with self._opened() as connection:
            asked = (market, family)
            query = f"SELECT COUNT(*), COUNT(sharpe), AVG(sharpe) {_OF}"
            count, told, mean = connection.execute(query, asked).fetchone()
            if told < 2:
                return Trials(count, 0.0)
            query = f"SELECT SUM((sharpe - ?) * (sharpe - ?)) {_OF}"
            away = connection.execute(query, (mean, mean, *asked)).fetchone()[0]
        return Trials(count, sqrt(away / (told - 1)))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(own_file(self._path), timeout=WAIT, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")  # before anything is read: who opens it first is one alone
                self._prepare(connection)
            except sqlite3.OperationalError:
                raise  # locked, full or read-only: the file itself is not at fault
            except sqlite3.DatabaseError as error:
                mend = "Move it away; the count then begins anew, and its figures flatter"
                raise UserError(f"this is no ledger of trials: {error}", str(self._path), mend) from error
            yield connection  # an exception closes the connection, which rolls back
            connection.execute("COMMIT")

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA:
            raise UserError("a newer program wrote this ledger of trials", str(self._path), "Update Dreamscape")
        if version < SCHEMA:
            for statement in (*_TABLES, f"PRAGMA user_version = {SCHEMA}"):
                connection.execute(statement)


def _searched(connection: sqlite3.Connection, market: str, family: str, data: str) -> int:
    """The number of these bars on that market in that family."""
    row = (market, family, data)
    connection.execute("INSERT OR IGNORE INTO searched (market, family, data) VALUES (?, ?, ?)", row)
    query = "SELECT id FROM searched WHERE market = ? AND family = ? AND data = ?"
    return int(connection.execute(query, row).fetchone()[0])
