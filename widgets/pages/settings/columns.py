"""The columns of the settings in force."""

from __future__ import annotations

from widgets.pages.settings.state import SettingRow, short_source
from widgets.parts.table import Cell, Column

NO_VALUE = "–"


def _value(row: SettingRow) -> Cell:
    role = "tx1" if row.source == "default" else "tx0"
    return Cell(row.value or NO_VALUE, role if row.value else "tx2", mono=bool(row.value), tip=row.meaning)


def _source(row: SettingRow) -> Cell:
    note = " · next start" if row.waits else ""
    role = "warn" if row.waits else "tx2" if row.source == "default" else "accent"
    return Cell(short_source(row.source) + note, role, tip=row.source)


COLUMNS = (
    Column[SettingRow]("section", "Section", lambda row: Cell(row.section if row.head else "", "tx2"), 120),
    Column[SettingRow]("key", "Setting", lambda row: Cell(row.key, tip=row.meaning), 176),
    Column[SettingRow]("value", "Value", _value, 150, stretch=True),
    Column[SettingRow]("source", "From", _source, 220),
)
