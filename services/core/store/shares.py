"""Which part of the store takes how much of its room."""

from collections.abc import Callable
from itertools import chain
from typing import Any

from sqlalchemy import BLOB, ColumnElement, Connection, Integer, LargeBinary, Table, cast, func, literal, select

from services.core.store import Store
from services.core.store.schema import metadata

_ROW, _NUMBER = 12, 5
"""Bytes that a row, or a number, takes on average besides its texts: in the table, and in each of its indexes."""


def weights(store: Store, go_on: Callable[[], None]) -> dict[str, int]:
    """About how many bytes each table and its indexes hold. Reads the whole store, and blocks.

    ``go_on`` is called between two tables, and may raise to break it off.
    """
    found = {}
    for table in metadata.sorted_tables:
        go_on()
        with store.reading.connect() as connection:
            found[str(table.name)] = weight(connection, table)
    return found


def weight(connection: Connection, table: Table, *which: ColumnElement[bool]) -> int:
    """About how many bytes the rows of a table and its indexes hold."""
    indexes: list[list[ColumnElement[Any]]] = [list(index.columns) for index in table.indexes]
    indexes += [[column] for column in table.columns if column.unique]
    if not isinstance(next(iter(table.primary_key.columns)).type, Integer):
        indexes.append(list(table.primary_key.columns))
    columns = chain(table.columns, *indexes)
    row = sum((_size(column) for column in columns), literal(0))
    held = select(func.count(), func.coalesce(func.sum(row), 0)).select_from(table).where(*which)
    rows, bytes_ = connection.execute(held).one()
    return int(bytes_ + rows * _ROW * (1 + len(indexes)))


def _size(column: ColumnElement[Any]) -> ColumnElement[int]:
    if isinstance(column.type, Integer):
        return literal(_NUMBER)
    text = column if isinstance(column.type, LargeBinary) else cast(column, BLOB)
    return func.coalesce(func.length(text), 0)
