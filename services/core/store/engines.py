"""The open store: two engines on one SQLite file, and how each connection is set up."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import NullPool, QueuePool

PATIENT_MS = 5_000
"""How long SQLite itself waits for another writer while the store is opened, and for readers."""


@dataclass(frozen=True)
class Store:
    """An open store. ``writing`` belongs to the journal's writer thread alone; anyone may read."""

    path: Path
    reading: Engine
    writing: Engine

    def close(self) -> None:
        self.reading.dispose()
        self.writing.dispose()


def engine_of(path: Path, writer_waits_ms: int = 0) -> Engine:
    """An engine with explicit transactions: IMMEDIATE for a writer (who waits so long for a lock), else deferred.

    The driver's own transaction handling leaves a SELECT outside the transaction and silently loses updates, so it
    is switched off.
    """
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool if writer_waits_ms else NullPool,
        connect_args={"timeout": (writer_waits_ms or PATIENT_MS) / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    begin = "BEGIN IMMEDIATE" if writer_waits_ms else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def engine_to_read(uri: str) -> Engine:
    """An engine on a store that cannot be written: it sets nothing up, since that would write."""
    engine = create_engine(
        "sqlite://",
        poolclass=NullPool,
        creator=lambda: sqlite3.connect(uri, timeout=PATIENT_MS / 1000, uri=True, check_same_thread=False),
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


# auto_vacuum counts only before the file has its first page, and WAL writes that: so it comes first.
_PRAGMAS = (
    "auto_vacuum=INCREMENTAL",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-16000",
)
