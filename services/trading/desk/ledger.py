"""The account's ledger: a file of its own, so that an account can be brought to rest without the program.

Every event is on disk when ``append`` returns. It does not depend on the program's store: a store that was put back
from a copy does not make the account forget what it sent.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from services.core.errors import UserError
from services.core.events import Event
from services.core.events.event import read_event
from services.core.faults import fault_point
from services.core.private import own_file

log = logging.getLogger(__name__)
WAIT = 5.0
"""Seconds that one who finds the file in use waits for it."""
_TABLES = """
CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, payload TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_READ = "SELECT seq, name, payload, version FROM events WHERE seq > ? ORDER BY seq"


class LedgerUnusable(UserError):
    """The ledger cannot be read or written: nothing may be sent, for nobody could tell later that it was."""


class Ledger:
    """One thread writes it; any may read it through a ledger of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.in_memory = False
        """Whether it is what could be read of a file that takes nothing: whatever it is told is gone with it."""
        self.writable = True
        """Whether the latest write succeeded."""
        try:
            own_file(path)
            self._connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.executescript(_TABLES)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    @classmethod
    def recalled(cls, path: Path, *, or_nothing: bool = False) -> "Ledger":
        """What can be read of a ledger that cannot be written, held in memory alone.

        For who has to act although nothing can be kept: what it lacks, the exchange tells of ours by their mark.
        Raises ``LedgerUnusable`` where it cannot be read, unless it is to be begun empty then: ``or_nothing``.
        """
        held = cls.__new__(cls)
        held.path, held.writable, held.in_memory = path, False, True
        held._connection = sqlite3.connect(":memory:", isolation_level=None)
        try:
            # A write-ahead log would need a file beside it that a full disk does not take: it is left unread.
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as kept:
                kept.backup(held._connection)
        except sqlite3.Error as error:
            if not or_nothing:
                held._connection.close()
                raise held._unusable(error) from error
            log.error("%s cannot be read, and is begun empty: %s", path, error)
        held._connection.executescript(_TABLES)
        held._connection.execute("PRAGMA query_only = ON")
        return held

    def append(self, *events: Event, kept: dict[str, str] | None = None) -> None:
        """All of them in one transaction, on disk on return. Raises ``LedgerUnusable``: then none is."""
        rows = [(event.type_name, event.type_version, event.encode().decode()) for event in events]
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany("INSERT INTO events (name, version, payload) VALUES (?, ?, ?)", rows)
                self._connection.executemany("REPLACE INTO kept VALUES (?, ?)", list((kept or {}).items()))
                fault_point("desk.writing")
        except sqlite3.Error as error:
            self.writable = False
            raise self._unusable(error) from error
        self.writable = True

    def probe(self) -> bool:
        """Try to write, without keeping anything; tells whether that can be done."""
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.execute("REPLACE INTO kept VALUES ('probe', '')")
            self.writable = True
        except sqlite3.Error:
            self.writable = False
        return self.writable

    def read(self, after: int = 0) -> Iterator[tuple[int, Event]]:
        """All events after that number, each with its own. Raises ``LedgerUnusable`` for a file that is none."""
        try:
            with closing(self._connection.cursor()) as cursor:
                rows = cursor.execute(
                    "SELECT seq, name, payload, version FROM events WHERE seq > ? ORDER BY seq", (after,)
                )
                for seq, name, payload, version in rows:
                    yield seq, read_event(name, payload, version)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def fingerprint(self, seq: int) -> str:
        """By which the event of that number is known again; empty where there is none."""
        try:
            row = self._connection.execute("SELECT name, payload FROM events WHERE seq = ?", (seq,)).fetchone()
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return sha256("\n".join(row).encode()).hexdigest()[:32] if row else ""

    def kept(self, name: str) -> str:
        """A value that was kept under a name; empty where none was."""
        try:
            found = self._connection.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return str(found[0]) if found else ""

    def close(self) -> None:
        self._connection.close()

    def _unusable(self, error: sqlite3.Error) -> LedgerUnusable:
        mend = "see that its disk has room and that it is yours; if it is damaged, move it away: it is made anew"
        return LedgerUnusable(f"the account's ledger cannot be used ({error})", str(self.path), mend)
