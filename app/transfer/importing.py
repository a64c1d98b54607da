"""An export of ours, or of an earlier Dreamscape, into an empty store: all of it in one transaction, or nothing."""

from __future__ import annotations

import base64
import binascii
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, LargeBinary, Table, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from app.paths import Home
from app.transfer.exporting import BEHIND, FORMAT, TABLES, Header
from app.transfer.older import Batch, Read, brought_up
from services.core.errors import UserError
from services.core.revision import HEAD
from services.core.store import open_store
from services.core.store.restored import mark_restored
from services.core.store.schema import events

_BATCH = 1_000
_ROW = msgspec.json.Decoder(dict[str, Any])
_TABLES = {str(table.name): table for table in (*TABLES, *BEHIND)}


def import_export(home: Home, path: Path) -> dict[str, int]:
    """Read an export into the home's store. The caller holds the home's lock.

    Returns how many rows each table got. Raises ``UserError`` with the line of a mistake; the store is then as it was.
    """
    home.create()
    now = datetime.now(UTC)
    store = open_store(home.store, home.backups, lambda: now)
    with closing(store), path.open("rb") as file:
        header = _header(file.readline(), path)
        counts = dict.fromkeys(_TABLES, 0)

        def read(tables: Mapping[str, Table]) -> Iterator[Batch]:
            for table, rows in _batches(enumerate(file, 2), path, tables):
                counts[table.name] += len(rows)
                yield table, rows
            _require_whole(header, counts, path)

        with store.writing.begin() as connection:
            _require_empty(connection, home)
            with _of_this_revision(header.revision, read, path) as batches:
                for table, rows in batches:
                    _insert(connection, table, rows, path)
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            mark_restored(driver, now)
    return {name: count for name, count in counts.items() if count or name in header.rows}


def _of_this_revision(revision: str, read: Read, path: Path) -> AbstractContextManager[Iterator[Batch]]:
    """The export's rows as the store of this Dreamscape has them."""
    if revision == HEAD:
        return nullcontext(read(_TABLES))
    return brought_up(revision, read, path)


def _header(line: bytes, path: Path) -> Header:
    try:
        header = msgspec.json.decode(line, type=Header)
    except msgspec.MsgspecError as error:
        raise UserError(f"this is no header of an export ({error})", f"{path}:1", "export anew") from error
    if header.dreamscape_export != FORMAT or not _can_be_read(header.revision):
        raise UserError(
            f"it was exported by another version (format {header.dreamscape_export}, revision {header.revision}; "
            f"this one reads format {FORMAT}, up to revision {HEAD})",
            f"{path}:1",
            "update Dreamscape here, then import it; nothing was imported",
        )
    return header


def _can_be_read(revision: str) -> bool:
    if revision == HEAD:
        return True
    from services.core.store.migrating import is_earlier  # with Alembic, which hardly anybody needs

    return is_earlier(revision)


def _require_empty(connection: Connection, home: Home) -> None:
    for table in TABLES:
        if connection.execute(select(func.count()).select_from(table)).scalar():
            raise UserError(
                f"the store is not empty (it has {table.name.replace('_', ' ')})",
                str(home.store),
                "import into a new home: --home DIR",
            )


def _batches(lines: Iterator[tuple[int, bytes]], path: Path, tables: Mapping[str, Table]) -> Iterator[Batch]:
    """Rows that belong to one table, up to a thousand at once."""
    current: Table | None = None
    rows: list[dict[str, Any]] = []
    for number, line in lines:
        table, row = _row(number, line, path, tables)
        if current is not None and (table is not current or len(rows) >= _BATCH):
            yield current, rows
            rows = []
        current = table
        rows.append(row)
    if current is not None and rows:
        yield current, rows


def _row(number: int, line: bytes, path: Path, tables: Mapping[str, Table]) -> tuple[Table, dict[str, Any]]:
    where = f"{path}:{number}"
    try:
        row = _ROW.decode(line)
    except msgspec.MsgspecError as error:
        raise UserError(f"this line is no JSON object ({error})", where, "export anew; nothing was imported") from error
    name = str(row.pop("table", ""))
    table = tables.get(name) if name in _TABLES else None
    if table is None or set(row) != set(table.columns.keys()):
        raise UserError("this line is no row of an export", where, "export anew; nothing was imported")
    for column in table.columns:
        if isinstance(column.type, LargeBinary):
            row[column.name] = _bytes(row[column.name], where)
    return table, row


def _bytes(text: Any, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, binascii.Error) as error:
        raise UserError(f"its data is no base64 ({error})", where, "export anew; nothing was imported") from error


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]], path: Path) -> None:
    try:
        connection.execute(insert(table), rows)
    except SQLAlchemyError as error:
        what = getattr(error, "orig", error)
        raise UserError(
            f"its {table.name.replace('_', ' ')} do not fit the store ({what})", str(path), "nothing was imported"
        ) from error


def _require_whole(header: Header, counts: dict[str, int], path: Path) -> None:
    missing = {name: rows - counts.get(name, 0) for name, rows in header.rows.items() if rows != counts.get(name, 0)}
    if missing:
        told = ", ".join(
            f"{abs(number)} {name} {'missing' if number > 0 else 'too many'}" for name, number in missing.items()
        )
        raise UserError(f"the file is not whole: {told}", str(path), f"export anew; no {events.name} were imported")
