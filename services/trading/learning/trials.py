"""The ledger of trials: every combination that was ever tried on a market, so that luck can be told from an edge.

It lies in a file of its own: a search needs no running program, and a store that is put back from a copy must not make
anything untried. Whoever loses the file loses the count, and the next figures flatter.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from math import fsum, sqrt
from pathlib import Path

from services.core.errors import UserError
from services.core.private import own_file
from services.trading.statistics.deflated import Trials

SCHEMA = 1
WAIT = 30.0
"""Seconds that one who finds the file in use waits for it."""
_TABLE = """
CREATE TABLE IF NOT EXISTS trials (
    market TEXT NOT NULL, family TEXT NOT NULL, data TEXT NOT NULL, combination TEXT NOT NULL, sharpe REAL,
    PRIMARY KEY (market, family, data, combination)) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """One combination on one set of bars."""

    combination: str
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
        rows = [(market, family, trial.data, trial.combination, trial.sharpe) for trial in trials]
        with self._opened() as connection:
            before = connection.total_changes
            connection.executemany("INSERT OR IGNORE INTO trials VALUES (?, ?, ?, ?, ?)", rows)
            return connection.total_changes - before

    def counted(self, market: str, family: str) -> Trials:
        """All that was ever tried there, and the spread of its Sharpe ratios; 0 for fewer than 2 of those."""
        if not self._path.exists():
            return Trials(0, 0.0)
        with self._opened() as connection:
            query = "SELECT sharpe FROM trials WHERE market = ? AND family = ?"
            found = [row[0] for row in connection.execute(query, (market, family))]
        return Trials(len(found), _spread([sharpe for sharpe in found if sharpe is not None]))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(own_file(self._path), timeout=WAIT, isolation_level=None)) as connection:
            try:
                self._prepare(connection)
            except sqlite3.OperationalError:
                raise  # locked, full or read-only: the file itself is not at fault
            except sqlite3.DatabaseError as error:
                mend = "Move it away; the count then begins anew, and its figures flatter"
                raise UserError(f"this is no ledger of trials: {error}", str(self._path), mend) from error
            connection.execute("BEGIN IMMEDIATE")
            yield connection  # an exception closes the connection, which rolls back
            connection.execute("COMMIT")

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA:
            raise UserError("a newer program wrote this ledger of trials", str(self._path), "Update Dreamscape")
        if version < SCHEMA:
            for statement in ("PRAGMA journal_mode = WAL", _TABLE, f"PRAGMA user_version = {SCHEMA}"):
                connection.execute(statement)


def _spread(sharpes: list[float]) -> float:
    if len(sharpes) < 2:
        return 0.0
    mean = fsum(sharpes) / len(sharpes)
    return sqrt(fsum((each - mean) ** 2 for each in sharpes) / (len(sharpes) - 1))
