"""The sandbox network's own file. The standard library's sqlite3, because children import no SQLAlchemy.

Each operation opens and closes its connection: handlers run in any worker, and the parent writes while a child reads.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from services.core.errors import UserError
from services.core.private import own_file

WAIT = 5.0
"""Seconds that one who finds the file in use waits for it."""
_TABLES = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS own (
    id INTEGER PRIMARY KEY,
    mark TEXT NOT NULL UNIQUE,
    action TEXT NOT NULL,
    at REAL NOT NULL,
    text TEXT NOT NULL,
    folded TEXT NOT NULL,
    target INTEGER REFERENCES reaction (id),
    views INTEGER NOT NULL,
    deleted_at REAL
);
CREATE INDEX IF NOT EXISTS own_by_time ON own (action, at);
CREATE TABLE IF NOT EXISTS reaction (
    id INTEGER PRIMARY KEY,
    own INTEGER NOT NULL REFERENCES own (id),
    kind TEXT NOT NULL,
    at REAL NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    gone_at REAL
);
CREATE INDEX IF NOT EXISTS reaction_by_time ON reaction (at, id);
CREATE INDEX IF NOT EXISTS reaction_by_own ON reaction (own, kind);
"""


def prepare(path: Path) -> None:
    """Make the file and its tables where they are missing; raises ``UserError`` where that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(connected(own_file(path))) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_TABLES)
    except (sqlite3.DatabaseError, OSError) as error:
        raise _unusable(path, error) from error


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connected(path)) as connection, _told_if_damaged(path):
        yield connection


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction that holds the write lock from its start, so rules are checked against what is written."""
    with closing(connected(path)) as connection, _told_if_damaged(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


@contextmanager
def _told_if_damaged(path: Path) -> Iterator[None]:
    """A damaged file is told with its mend; what else the database says passes as it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise
        raise _unusable(path, error) from error


def _unusable(path: Path, error: Exception) -> UserError:
    mend = "Move the file away, and a new sandbox network is made; or make its folder writable"
    return UserError(f"the sandbox network's file cannot be used ({error})", str(path), mend)


def connected(path: Path) -> sqlite3.Connection:
    """A connection of its own, that waits a while for who writes."""
    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection
