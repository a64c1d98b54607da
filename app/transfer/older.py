"""An export of an earlier Dreamscape, brought up to this one's tables in a scratch store; its file stays as it is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select
from sqlalchemy.exc import SQLAlchemyError

from app.transfer.exporting import BEHIND, TABLES
from services.core.errors import UserError
from services.core.revision import HEAD
from services.core.store.engines import PATIENT_MS, engine_of

Batch = tuple[Table, list[dict[str, Any]]]
Read = Callable[[Mapping[str, Table]], Iterator[Batch]]
"""Reads the export's rows, given the tables whose rows they are."""
_AT_ONCE = 1_000


@contextmanager
def brought_up(revision: str, read: Read, path: Path) -> Iterator[Iterator[Batch]]:
    """The rows of an export of ``revision`` as this Dreamscape has them. Raises ``UserError``."""
    with tempfile.TemporaryDirectory(prefix="dreamscape-import-") as folder:
        engine = engine_of(Path(folder) / "older.db", PATIENT_MS)
        try:
            with engine.begin() as connection:
                _fill(connection, revision, read, path)
                yield _rows(connection)
        finally:
            engine.dispose()


def _fill(connection: Connection, revision: str, read: Read, path: Path) -> None:
    from services.core.store.migrating import upgrade  # with Alembic, which hardly anybody needs

    upgrade(connection, revision)
    tables = MetaData()
    tables.reflect(connection)
    try:
        for table, rows in read(tables.tables):
            connection.execute(insert(table), rows)
        upgrade(connection, HEAD)
    except (SQLAlchemyError, ValueError, KeyError) as error:
        what = getattr(error, "orig", error)
        raise UserError(
            f"it cannot be brought up from revision {revision} ({what})", str(path), "nothing was imported"
        ) from error


def _rows(connection: Connection) -> Iterator[Batch]:
    for table in (*TABLES, *BEHIND):
        for part in connection.execute(select(table)).mappings().partitions(_AT_ONCE):
            yield table, [dict(row) for row in part]
