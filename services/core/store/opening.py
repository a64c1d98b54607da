"""Opening the store: its PRAGMAs, its revision, and the one clear error when it cannot be opened."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import NullPool, QueuePool

from services.core.errors import UserError
from services.core.store.schema import HEAD, metadata

BUSY_MS = 5_000
"""How long SQLite itself waits for another writer before the journal takes over with retries of its own."""


@dataclass(frozen=True)
class Store:
    """An open store. ``writing`` belongs to the journal's writer thread alone; anyone may read."""

    path: Path
    reading: Engine
    writing: Engine

    def close(self) -> None:
        self.reading.dispose()
        self.writing.dispose()


def open_store(path: Path, backups: Path, now: Callable[[], datetime]) -> Store:
    """Open, create or migrate the store at ``path``.

    A migration is preceded by a backup into ``backups``. Raises ``UserError`` for a store that is newer than this
    program, that is not a database, or whose place cannot be written.
    """
    revision = stored_revision(path)
    if revision is not None and revision > HEAD:
        raise UserError(
            f"this store was written by a newer Dreamscape (revision {revision}, this one knows {HEAD})",
            str(path),
            "Update Dreamscape, or choose another home with --home; nothing was opened or changed",
        )
    store = Store(path, _engine(path, writing=False), _engine(path, writing=True))
    if revision is None:
        _create(store)
    elif revision != HEAD:
        from services.core.store.migrating import migrate  # Alembic is imported only here: it costs a third of a start

        migrate(store, backups, revision, now())
    return store


def stored_revision(path: Path) -> str | None:
    """The revision in the file, or None where there is no store yet."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000)) as connection:
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "alembic_version" not in names:
                if names:
                    raise UserError("this database is not Dreamscape's", str(path), "Choose another home with --home")
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise _unreadable(path, error) from error
    return row[0] if row else None


def _unreadable(path: Path, error: Exception) -> UserError:
    return UserError(
        f"the store cannot be read ({error})",
        str(path),
        "Restore a backup with 'dreamscape restore FILE' (backups are kept beside it); this file was left as it is",
    )


def _create(store: Store) -> None:
    try:
        with store.writing.begin() as connection:
            metadata.create_all(connection)
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))
    except Exception as error:
        store.close()
        raise UserError(
            f"the store cannot be created ({getattr(error, 'orig', error)})",
            str(store.path),
            "Make its folder writable and see that the disk has room, or choose another home with --home",
        ) from error


def _engine(path: Path, writing: bool) -> Engine:
    """An engine with explicit transactions: IMMEDIATE for the writer, deferred for readers.

    The driver's own transaction handling leaves a SELECT outside the transaction and silently loses updates, so it
    is switched off.
    """
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=NullPool if not writing else QueuePool,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
