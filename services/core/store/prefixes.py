"""Texts that begin alike, found by their index: for LIKE, SQLite reads the whole table."""

from sqlalchemy import Column, ColumnElement

_GREATEST = "\U0010ffff"


def begins(column: "Column[str]", prefix: str) -> ColumnElement[bool]:
    """That the text of a column begins with ``prefix``, to the letter."""
    return column.between(prefix, prefix + _GREATEST)
