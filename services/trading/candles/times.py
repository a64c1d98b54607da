"""A file's time column as microseconds since 1970-01-01 UTC.

Taken are timestamps and days, with a zone or without (then UTC), text in ISO 8601, and numbers since 1970 in seconds,
milli-, micro- or nanoseconds. The unit of a number is told by its size: between 1973 and 5138 the four do not overlap.
"""

from array import array
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import Any

from services.core.errors import UserError
from services.trading.candles.moments import NO_TIME, microseconds_of
from services.trading.candles.table import as_array, doubles

_LEAST = 10**8
_UNITS = (
    ("seconds", 10**11, 10**6, 1),
    ("milliseconds", 10**14, 10**3, 1),
    ("microseconds", 10**17, 1, 1),
    ("nanoseconds", 10**20, 1, 10**3),
)
"""Each unit with what its numbers stay below, and its microseconds as a fraction."""
_MEND = "Write every time the same way, such as 2018-01-10T04:55:00Z, or in seconds or milliseconds since 1970"


def times_of(column: Any, path: Path) -> "array[int]":
    """One number a row, ``NO_TIME`` where there is none; raises ``UserError`` for what is no time, by row."""
    from pyarrow import types

    kind = column.type
    if types.is_timestamp(kind) or types.is_date(kind) or types.is_null(kind):
        return _moments(column)
    if types.is_integer(kind):
        return _counts(column.to_pylist(), path)
    if types.is_floating(kind) or types.is_decimal(kind):
        return _counts((None if isnan(each) else each for each in doubles(column, "timestamp", path)), path)
    return _texts(column, path)


def _moments(column: Any) -> "array[int]":
    """Whole microseconds: Python's ``datetime`` holds no finer ones, and candles need none."""
    from pyarrow import compute, int64, timestamp

    zone = getattr(column.type, "tz", None) and "UTC"
    whole = column.cast(timestamp("us", tz=zone), safe=False).cast(int64())
    return as_array("q", compute.fill_null(whole, NO_TIME))


def _counts(counts: Iterable[float | None], path: Path) -> "array[int]":
    made = array("q")
    first = ""
    for row, count in enumerate(counts, 1):
        if count is None:
            made.append(NO_TIME)
            continue
        unit, times, over = _unit(count, row, path)
        first = first or unit
        if unit != first:
            raise _refusal(row, f"{count} is a time in {unit}, where the rows above are in {first}", path)
        made.append(round(count * times) // over)
    return made


def _unit(count: float, row: int, path: Path) -> tuple[str, int, int]:
    if count >= _LEAST:
        for unit, beyond, times, over in _UNITS:
            if count < beyond:
                return unit, times, over
    raise _refusal(row, f"{count} is no time since 1970 in seconds, milli-, micro- or nanoseconds", path)


def _texts(column: Any, path: Path) -> "array[int]":
    """Quickly where all have a zone or none has; else one by one, to tell the first that is amiss."""
    from pyarrow import ArrowException, string, timestamp

    for zone in ("UTC", None):
        try:
            return _moments(column.cast(string()).cast(timestamp("ns", tz=zone)))
        except ArrowException:
            continue  # the other reading, and then each text by itself
    try:
        texts = column.cast(string()).to_pylist()
    except ArrowException as error:
        raise UserError(f"column of times: {error}", str(path), _MEND) from error
    return _each(texts, _reader(path))


def _each(texts: Iterable[str | None], read: Callable[[int, str], datetime]) -> "array[int]":
    return array("q", (microseconds_of(read(row, text)) if text else NO_TIME for row, text in enumerate(texts, 1)))


def _reader(path: Path) -> Callable[[int, str], datetime]:
    zoned: list[bool] = []

    def read(row: int, text: str) -> datetime:
        try:
            time = datetime.fromisoformat(text.strip())
        except ValueError as error:
            raise _refusal(row, f"{text!r} is no time", path) from error
        zoned.append(time.tzinfo is not None)
        if zoned[-1] != zoned[0]:
            raise _refusal(row, f"{text!r} {_has(zoned[-1])} zone, where the rows above {_have(zoned[0])}", path)
        return time.astimezone(UTC) if zoned[0] else time.replace(tzinfo=UTC)

    return read


def _has(zone: bool) -> str:
    return "has a" if zone else "has no"


def _have(zone: bool) -> str:
    return "have one" if zone else "have none"


def _refusal(row: int, why: str, path: Path) -> UserError:
    return UserError(f"row {row}: {why}", str(path), _MEND)
