"""Opening the store: its PRAGMAs, its revision, and the one clear error when it cannot be opened."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from services.core.errors import UserError
from services.core.read_only import uri_of, writable
from services.core.revision import HEAD
from services.core.store.engines import PATIENT_MS, Store, engine_of, engine_to_read
from services.core.store.schema import events, metadata

BUSY_MS = 200
"""How long SQLite waits for another writer before the journal takes over: it tells the trouble and tries again."""


_MAGIC = b"SQLite format 3\0"


def open_store(path: Path, backups: Path, now: Callable[[], datetime]) -> Store:
    """Open, create or migrate the store at ``path``.

    A migration is preceded by a backup into ``backups``. Raises ``UserError`` for a store that is newer than this
    program, that is not a database, or whose place cannot be written.
    """
    revision = stored_revision(path)
    if revision is None and path.exists() and (backups.is_dir() and any(backups.glob("*.db"))):
        # A start that was killed leaves an empty file too; but where there are backups, there was a store.
        raise UserError("the store is empty, and there are backups of one", str(path), _EMPTY)
    if revision is not None and revision > HEAD:
        raise UserError(
            f"this store was written by a newer Dreamscape (revision {revision}, this one knows {HEAD})",
            str(path),
            "Update Dreamscape, or choose another home with --home; nothing was opened or changed",
        )
    patient = Store(path, engine_of(path), engine_of(path, PATIENT_MS))
    try:
        if revision is None:
            _create(patient)
        elif revision != HEAD:
            from services.core.store.migrating import migrate  # Alembic is imported here alone: a third of a start

            migrate(patient, backups, revision, now())
        else:
            _prove(patient)
    finally:
        patient.close()
    return Store(path, engine_of(path), engine_of(path, BUSY_MS))


def open_to_read(path: Path) -> Store:
    """Open a store of this program's revision that cannot be written. Raises ``UserError``; nothing is changed."""
    engine = engine_to_read(uri_of(path))
    store = Store(path, engine, engine)
    _prove(store)
    return store


def stored_revision(path: Path) -> str | None:
    """The revision in the file, or None where there is no store yet."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with path.open("rb") as file:  # SQLite takes a very short file for an empty one, and would write over it
            if file.read(len(_MAGIC)) != _MAGIC:
                raise sqlite3.DatabaseError("file is not a database")
        place = path.absolute().as_uri() if writable(path) else uri_of(path)
        with closing(sqlite3.connect(place, timeout=PATIENT_MS / 1000, uri=True)) as connection:
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "alembic_version" not in names:
                if names:
                    raise UserError("this database is not Dreamscape's", str(path), "Choose another home with --home")
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.DatabaseError, OSError) as error:
        raise _unreadable(path, error) from error
    return row[0] if row else None


def _unreadable(path: Path, error: Exception) -> UserError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return UserError("another program holds the store locked", str(path), "End that program, then start again")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return UserError(f"the store cannot be written ({error})", str(path), _WRITABLE)
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return UserError(f"the disk does not take what is written ({error})", str(path), _WRITABLE)
    return UserError(
        f"the store cannot be read ({error})",
        str(path),
        "Restore a backup with 'dreamscape restore FILE' (the folder backups beside it has them), or move this file "
        "away to begin anew; it was left as it is",
    )


_EMPTY = "Restore a backup with 'dreamscape restore FILE', or remove this file to begin anew"
_WRITABLE = "Make the file and its folder writable and see that the disk has room, or choose another home with --home"


def _prove(store: Store) -> None:
    """Take the writer's lock and look into each table: what is read-only, locked or damaged is told at once."""
    try:
        with store.writing.begin() as connection:
            for table in metadata.sorted_tables:
                connection.execute(select(table).limit(1)).first()
            connection.execute(select(func.max(events.c.seq))).scalar()
    except (DBAPIError, sqlite3.Error) as error:
        original = getattr(error, "orig", error)
        raise _unreadable(store.path, original) from error


def _create(store: Store) -> None:
    try:
        with store.writing.begin() as connection:
            metadata.create_all(connection)
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))
    except (DBAPIError, sqlite3.Error) as error:
        raise UserError(
            f"the store cannot be created ({getattr(error, 'orig', error)})", str(store.path), _WRITABLE
        ) from error
