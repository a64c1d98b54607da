"""Reading recorded candles and trades from a file."""

from array import array
from dataclasses import replace
from pathlib import Path
from typing import Any

from services.core.errors import UserError
from services.trading.candles.bars import Bars
from services.trading.candles.candle import Candle
from services.trading.candles.checks import checked, checked_funding, checked_trades
from services.trading.candles.table import doubles, read_table, require_columns
from services.trading.candles.times import times_of
from services.trading.candles.trades import Trades

COLUMNS = ("timestamp", "open", "high", "low", "close", "volume")
TIME_NAMES = ("timestamp", "time", "date")
"""What the time column may be called, the first of them that is there."""
FUNDING = "funding_rate"
"""A share of the notional that is due at a bar's open; empty or 0 where none is."""
AMOUNT_NAMES = ("amount", "qty", "quantity")


def read_candles(path: Path) -> tuple[Candle, ...]:
    """As ``read_bars``, bar by bar."""
    return tuple(read_bars(path).candles())


def read_bars(path: Path) -> Bars:
    """The candles of a .csv, .parquet or .feather file.

    Raises one ``UserError`` that tells every kind of fault by row (1 = the first candle), every column that lacks, and
    a file of trades as such: candles are made of trades only where somebody asks for them.
    """
    table = read_table(path)
    if _amounts(table) and "price" in table.column_names and "open" not in table.column_names:
        raise UserError("these are trades, not candles", str(path), "Ask for bars of them, such as --bars 1m")
    time = _first(table, TIME_NAMES, "timestamp")
    require_columns(table, (time, *COLUMNS[1:]), path)
    numbers = (doubles(table.column(name), name, path) for name in COLUMNS[1:])
    funding = _funding(table.column(FUNDING), path) if FUNDING in table.column_names else None
    return checked(replace(Bars(times_of(table.column(time), path), *numbers), funding=funding), path)


def read_trades(path: Path) -> Trades:
    """The trades of a file: a time, price, and amount (or qty, quantity); an id where each must be there once."""
    table = read_table(path)
    if "price" not in table.column_names and set(COLUMNS[1:]) <= set(table.column_names):
        raise UserError("these are candles, not trades", str(path), "Leave --bars out")
    time, amount = _first(table, TIME_NAMES, "timestamp"), _amounts(table) or "amount"
    require_columns(table, (time, "price", amount), path)
    if "id" in table.column_names:
        _refuse_doubled(table.column("id"), path)
    prices, amounts = (doubles(table.column(name), name, path) for name in ("price", amount))
    return checked_trades(Trades(times_of(table.column(time), path), prices, amounts), path)


def _funding(column: Any, path: Path) -> "array[float]":
    empty = column.is_null().to_pylist()
    rates = doubles(column, FUNDING, path)
    return checked_funding(array("d", (0.0 if none else rate for rate, none in zip(rates, empty, strict=True))), path)


def _first(table: Any, names: tuple[str, ...], otherwise: str) -> str:
    return next((name for name in names if name in table.column_names), otherwise)


def _amounts(table: Any) -> str:
    return _first(table, AMOUNT_NAMES, "")


def _refuse_doubled(ids: Any, path: Path) -> None:
    """A trade that stands there twice would be counted twice, and nothing in the bars would show it."""
    seen: set[str] = set()
    for row, each in enumerate(ids.to_pylist(), 1):
        if each is None:
            continue
        if str(each) in seen:
            raise UserError(f"row {row}: the trade {each} stands there twice", str(path), "Remove one of them")
        seen.add(str(each))
