"""Rows of numbers made into candles; nonsense raises ``VenueUnsure``."""

from collections.abc import Sequence
from datetime import timedelta
from math import isfinite

from services.trading.candles import Candle
from services.trading.venue.reading import moment
from services.trading.venue.venue import VenueRefused, VenueUnsure

_UNITS = ((604_800, "w"), (86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def words(timeframe: timedelta) -> str:
    """As exchanges write it: 1m, 4h. Raises ``VenueRefused`` for one that has no such name."""
    seconds = int(timeframe.total_seconds())
    for length, letter in _UNITS:
        if seconds and seconds % length == 0 and timedelta(seconds=seconds) == timeframe:
            return f"{seconds // length}{letter}"
    raise VenueRefused(f"no exchange has bars of {timeframe}")


def candle(row: Sequence[object]) -> Candle:
    """Of opening time in milliseconds, open, high, low, close and volume."""
    try:
        open_, high, low, close, volume = (float(str(each)) for each in row[1:6])
    except ValueError as error:
        raise VenueUnsure(f"a bar that makes no sense: {row!r}") from error
    if not (0 < low <= open_ <= high and low <= close <= high and isfinite(high) and 0 <= volume < float("inf")):
        raise VenueUnsure(f"a bar that cannot be: open {open_}, high {high}, low {low}, close {close}, {volume}")
    return Candle(moment(row[0]), open_, high, low, close, volume)
