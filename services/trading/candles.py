"""Candles, and reading recorded ones from Parquet, CSV and Feather files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from services.core.errors import UserError
from services.core.words import number_text

COLUMNS = ("timestamp", "open", "high", "low", "close", "volume")
TIMES = "times such as 2018-01-10T04:55:00Z"
TOLD = 5
"""Bad rows that are told one by one; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Candle:
    """One bar. ``time`` is its open (UTC); it is known at ``time`` plus the timeframe."""

    time: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float


Row = tuple[datetime | None, float | None, float | None, float | None, float | None, float | None]


def read_candles(path: Path) -> tuple[Candle, ...]:
    """Read a file by its ending; raises one ``UserError`` that tells every kind of fault by row (1 = first candle)."""
    return checked(_rows(path), str(path))


def checked(rows: Iterable[Row], where: str) -> tuple[Candle, ...]:
    """Make candles of rows; raises ``UserError`` when one is out of order, doubled, incomplete or impossible."""
    candles: list[Candle] = []
    faults: list[str] = []
    latest: datetime | None = None
    for number, row in enumerate(rows, 1):
        if fault := _fault(row, latest):
            faults.append(f"row {number}: {fault}")
        else:
            candles.append(Candle(*row))  # type: ignore[arg-type]  # _fault has refused every None
            latest = candles[-1].time
    if faults:
        rest = f"; and {len(faults) - TOLD} more" if len(faults) > TOLD else ""
        raise UserError("; ".join(faults[:TOLD]) + rest, where, "Mend or remove these rows, or name another file")
    if not candles:
        raise UserError("it holds no candle", where, "Name a file with candles")
    return tuple(candles)


def _fault(row: Row, latest: datetime | None) -> str:
    time, open_, high, low, close, volume = row
    if time is None:
        return "no timestamp"
    if latest is not None and time == latest:
        return f"{time:%Y-%m-%d %H:%M:%S} stands there twice"
    if latest is not None and time < latest:
        return f"{time:%Y-%m-%d %H:%M:%S} comes after {latest:%Y-%m-%d %H:%M:%S}"
    for name, price in (("open", open_), ("high", high), ("low", low), ("close", close)):
        if price is None or not isfinite(price):
            return f"{name} is no number"
        if price <= 0:
            return f"{name} is {number_text(price, 8)}, not above 0"
    if volume is None or not isfinite(volume) or volume < 0:
        return "volume is no number of 0 or more"
    if high is not None and low is not None and high < low:
        return f"high {number_text(high, 8)} is below low {number_text(low, 8)}"
    return ""


def _rows(path: Path) -> Iterator[Row]:
    table = _table(path)
    missing = [name for name in COLUMNS if name not in table.column_names]
    if missing:
        raise UserError(
            f"no column {', '.join(missing)}", str(path), f"Name the columns {','.join(COLUMNS)} in the first row"
        )
    times = _times(table.column("timestamp"), path)
    numbers = [_numbers(table.column(name), name, path) for name in COLUMNS[1:]]
    return zip(times, *numbers, strict=True)


def _table(path: Path) -> Any:
    # pyarrow takes a tenth of a second to import; only a run that reads a file pays it.
    from pyarrow import ArrowException, csv, feather, parquet

    readers = {".parquet": parquet.read_table, ".csv": csv.read_csv, ".feather": feather.read_table}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UserError(f"{path.suffix or 'no ending'} is not read", str(path), "Use .parquet, .csv or .feather")
    try:
        return reader(str(path))
    except (ArrowException, OSError) as error:
        raise UserError(f"cannot be read: {error}", str(path), "Check that the file is whole") from error


def _times(column: Any, path: Path) -> Sequence[datetime | None]:
    """Times in UTC; a time without a zone is UTC."""
    import pyarrow

    if pyarrow.types.is_integer(column.type):
        raise _unreadable("timestamp", path, "whole numbers do not say their unit", TIMES)
    try:
        # Whole microseconds: Python's datetime holds no finer ones, and candles need none.
        moments = column.cast(pyarrow.timestamp("us", tz="UTC"), safe=False).to_pylist()
    except (pyarrow.ArrowException, ValueError) as error:
        raise _unreadable("timestamp", path, str(error), TIMES) from error
    return [moment and moment.astimezone(UTC) for moment in moments]


def _numbers(column: Any, name: str, path: Path) -> Sequence[float | None]:
    import pyarrow

    try:
        numbers: list[float | None] = column.cast(pyarrow.float64()).to_pylist()
    except pyarrow.ArrowException as error:
        raise _unreadable(name, path, str(error), "numbers with a decimal point") from error
    return numbers


def _unreadable(name: str, path: Path, why: str, wanted: str) -> UserError:
    return UserError(f"column {name}: {why}", str(path), f"Write {wanted}")
