"""Blobs: what is kept once by its SHA-256, such as a version of a file, so that an event need only name it."""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, LargeBinary, String, Table, Text, delete, select
from sqlalchemy.dialects.sqlite import insert

from services.core.events.micros import to_micros
from services.core.journal import Transaction
from services.core.store import Store
from services.core.store.schema import blobs, metadata, snapshots

_HASH = re.compile(r"[0-9a-f]{64}")
_CHUNK = 5_000
"""Rows that are looked through between two signs of life."""


def keep_blob(tx: Transaction, data: bytes) -> str:
    """Keep ``data`` in this transaction; returns the hash by which it is found.

    One that is kept already is as new from now on: whatever is about to name it comes after.
    """
    name = hashlib.sha256(data).hexdigest()
    row = {"hash": name, "at": to_micros(tx.at), "size": len(data), "data": data}
    newest = {"at": to_micros(tx.at)}
    statement = insert(blobs).values(**row).on_conflict_do_update(index_elements=["hash"], set_=newest)
    tx.connection.execute(statement)
    return name


def read_blob(connection: Connection, name: str) -> bytes | None:
    """What was kept under this hash, if it still is."""
    found: bytes | None = connection.execute(select(blobs.c.data).where(blobs.c.hash == name)).scalar()
    return found


def unnamed(store: Store, before: datetime, go_on: Callable[[], None]) -> list[str]:
    """Blobs from before a moment that no event, decision, snapshot or other row names. Blocks.

    ``go_on`` is called now and then, and may raise to break it off.
    """
    with store.reading.connect() as connection:
        old = set(connection.execute(select(blobs.c.hash).where(blobs.c.at < to_micros(before))).scalars())
        for text in _texts(connection) if old else ():
            go_on()
            old.difference_update(_HASH.findall(text))
            if not old:
                break
    return sorted(old)


def remove_blobs(tx: Transaction, names: Sequence[str], before: datetime) -> int:
    """Remove these, but for those that were kept once more since; tells how many went."""
    still = blobs.c.at < to_micros(before)
    return tx.connection.execute(delete(blobs).where(blobs.c.hash.in_(names), still)).rowcount


def _texts(connection: Connection) -> Iterator[str]:
    """All that is written in the store besides the blobs, some thousand rows at a time."""
    for table in metadata.sorted_tables:
        if table is blobs:
            continue
        columns = _written(table)
        for rows in connection.execute(select(*columns)).partitions(_CHUNK) if columns else ():
            yield " ".join(_text(table, value) for row in rows for value in row if value is not None)


def _written(table: Table) -> list[Column[str] | Column[bytes]]:
    return [column for column in table.columns if isinstance(column.type, String | Text | LargeBinary)]


def _text(table: Table, value: str | bytes) -> str:
    if isinstance(value, str):
        return value
    return (zlib.decompress(value) if table is snapshots else value).decode("utf-8", errors="replace")
