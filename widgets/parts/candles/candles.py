"""Candles and marks by column, as the chart takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Candles:
    """Equally long columns, oldest first; ``times`` are the opens in seconds since 1970, each ``bar`` seconds long.

    Bars that lack stay away: their place on the axis is empty. Raises ``ValueError`` for columns of different lengths.
    """

    times: Numbers
    opens: Numbers
    highs: Numbers
    lows: Numbers
    closes: Numbers
    volumes: Numbers
    bar: float

    def __post_init__(self) -> None:
        columns = (self.opens, self.highs, self.lows, self.closes, self.volumes)
        if any(column.shape != self.times.shape for column in columns):
            raise ValueError("the columns of candles differ in length")
        if not self.bar > 0:
            raise ValueError(f"a candle of {self.bar} seconds is none")

    def __len__(self) -> int:
        return int(self.times.size)

    def between(self, low: float, high: float) -> slice:
        """The candles of which any part lies from ``low`` to ``high``."""
        first = int(np.searchsorted(self.times, low - self.bar, side="right"))
        return slice(first, int(np.searchsorted(self.times, high, side="right")))


@dataclass(frozen=True, eq=False)
class Marks:
    """Entries and exits: when, at which price, and whether it is an entry. Oldest first.

    ``in_part`` says of each whether it was an exit that left something; none was, where it is not given.
    """

    times: Numbers
    prices: Numbers
    entries: NDArray[np.bool_]
    in_part: NDArray[np.bool_] | None = None


_NONE = np.empty(0, dtype=np.float64)
NO_CANDLES = Candles(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE, 60.0)
NO_MARKS = Marks(_NONE, _NONE, np.empty(0, dtype=np.bool_))
