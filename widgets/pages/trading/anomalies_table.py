"""What was unusual on the market, newest first."""

from __future__ import annotations

from services.core.words import number_text
from services.trading.tape import SeenAnomaly
from widgets.parts.status import Status
from widgets.parts.table import Cell, Column, RowsModel, Table
from widgets.parts.text.times import full_time, signed

_SCALES = {"jump": "volatilities", "volume burst": "deviations", "sentiment divergence": "deviations"}
"""What a kind's value is counted in."""


def _candle(seen: SeenAnomaly) -> Cell:
    local = seen.candle.astimezone()
    return Cell(f"{local.day} {local:%b %H:%M}", "tx1", mono=True, tip=full_time(seen.candle))


def _value(seen: SeenAnomaly) -> Cell:
    unit = _SCALES.get(seen.kind, "")
    told = f"{signed(seen.value, 1)} {unit}".strip()
    return Cell(told, "tx1", tip=f"{told}; told beyond {seen.limit:.1f}")


COLUMNS = (
    Column[SeenAnomaly]("candle", "Candle", _candle, 112, sort=lambda seen: seen.candle, least=96),
    Column[SeenAnomaly]("kind", "Kind", lambda seen: Cell(seen.kind.capitalize(), "tx0", Status.INFO), 160, least=120),
    Column[SeenAnomaly]("what", "What", lambda seen: Cell(seen.what, "tx1", tip=seen.what), 180, stretch=True),
    Column[SeenAnomaly](
        "value", "Strength", _value, 140, sort=lambda seen: abs(seen.value), align="right", leaves_below=520
    ),
    Column[SeenAnomaly](
        "price", "Close", lambda seen: Cell(number_text(seen.price, 6)), 96, align="right", leaves_below=620
    ),
)


def anomalies_table() -> Table:
    table = Table(RowsModel(COLUMNS, key=lambda seen: seen.id), name="Anomalies", dense=True)
    table.nothing = "Nothing unusual in this session yet"
    return table
