"""The export: a header, then one line for each row. Read in one transaction, so it is one moment of the store."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Table, select

from app.control.stored import store_to_read
from app.paths import Home
from app.wiring.last_end.starts import OF_THIS_MACHINE
from services.core.errors import UserError
from services.core.projections.kept import kept_since
from services.core.revision import HEAD
from services.core.store.opening import stored_revision
from services.core.store.schema import (
    blobs,
    decisions,
    events,
    facts,
    learners,
    processes,
    rule_states,
    runs,
    schedules,
    snapshots,
)
from services.core.whole_files import write_whole

FORMAT = 1
TABLES: tuple[Table, ...] = (events, decisions, processes, runs, schedules, learners, rule_states, blobs)
"""All that is known. Snapshots are folded anew from the events."""
BEHIND: tuple[Table, ...] = (snapshots, facts)
"""What not every store has: where retention has removed events, the snapshots that stand for them; and the facts, such
as what is put off, owed to a process or accepted and not obeyed yet. Those about starts stay with their machine."""
_HEADER_BYTES = 4_096


class Header(msgspec.Struct):
    """The first line."""

    dreamscape_export: int
    revision: str
    at: datetime
    rows: dict[str, int]


def export_to(home: Home, target: Path) -> dict[str, int]:
    """Write the export, whole or not at all; returns how many rows of each table. Never writes the home."""
    if target.exists():
        raise UserError("the file exists already", str(target), "choose another name, or move it away")
    _require_current(home)
    store = store_to_read(home)
    with closing(store), store.reading.begin() as connection:
        counts = {str(table.name): _count(connection, table) for table in TABLES}
        counts |= {str(table.name): count for table in BEHIND if (count := _count(connection, table))}
        header = Header(FORMAT, HEAD, datetime.now(UTC), counts)
        _write(target, _lines(connection, header))
    return counts


def is_export(path: Path) -> bool:
    """Whether a file begins as an export of ours; raises ``UserError`` where it cannot be read."""
    try:
        with path.open("rb") as file:
            first = file.readline(_HEADER_BYTES)
    except OSError as error:
        raise UserError(f"it cannot be read ({error.strerror})", str(path), "check the path") from error
    return b'"dreamscape_export"' in first


def _require_current(home: Home) -> None:
    revision = stored_revision(home.store)
    if revision is None:
        raise UserError("there is no store to export yet", str(home.store), "'dreamscape run' makes one")
    if revision < HEAD:
        raise UserError("the store is of an earlier Dreamscape", str(home.store), "'dreamscape run' updates it")


def _count(connection: Connection, table: Table) -> int:
    from sqlalchemy import func

    return int(connection.execute(select(func.count()).select_from(_rows(connection, table).subquery())).scalar_one())


def _rows(connection: Connection, table: Table) -> Select[Any]:
    """What of a table is exported."""
    if table is snapshots:
        return select(table).where(snapshots.c.seq == kept_since(connection))
    if table is facts:
        return select(table).where(facts.c.name.not_in(OF_THIS_MACHINE))
    return select(table)


def _lines(connection: Connection, header: Header) -> Iterator[bytes]:
    yield msgspec.json.encode(header)
    for table in (*TABLES, *BEHIND):
        rows = _rows(connection, table)
        query = rows.order_by(*table.primary_key.columns).execution_options(yield_per=1_000)
        for row in connection.execute(query).mappings():
            yield msgspec.json.encode(
                {"table": str(table.name)} | {str(name): _plain(value) for name, value in row.items()}
            )


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _write(target: Path, lines: Iterator[bytes]) -> None:
    try:
        write_whole(target, (line + b"\n" for line in lines))
    except OSError as error:
        raise UserError(
            f"it cannot be written ({error.strerror})", str(target), "see that its folder is there and has room"
        ) from error
