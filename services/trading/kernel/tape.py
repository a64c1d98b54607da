"""Bars as the kernel's loops read them."""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from services.trading.candles import Bars
from services.trading.kernel.measuring import WIDE
from services.trading.kernel.trading import LEAP

Numbers = NDArray[np.float64]
_MICROSECOND = timedelta(microseconds=1)


class Tape:
    """The columns of bars, most of them seen without a copy, and where so many are missing that terms have to be warm
    anew."""

    def __init__(self, bars: Bars, timeframe: timedelta, max_missing: int) -> None:
        """Raises ``ValueError`` where there is no bar."""
        if not len(bars):
            raise ValueError("there is no bar")
        self.count = len(bars)
        self.opens, self.highs, self.lows, closes, self.volumes = (
            np.frombuffer(column, dtype=np.float64)
            for column in (bars.opens, bars.highs, bars.lows, bars.closes, bars.volumes)
        )
        self.lowest = _over_leap(np.minimum, self.opens, self.lows)
        """Of each bar and those behind it, ``LEAP`` together; no number where one of them has none."""
        self.highest = _over_leap(np.maximum, self.opens, self.highs)
        self.closes = np.concatenate([closes, np.zeros(WIDE)])
        """With zeros behind, for what reads whole rows."""
        self.funding = np.zeros(0) if bars.funding is None else np.frombuffer(bars.funding, dtype=np.float64)
        """The rate due at each bar's open; empty where nobody knows any."""
        self.dues = np.flatnonzero(self.funding)
        """The bars at which one is due."""
        times = np.frombuffer(bars.times, dtype=np.int64)
        missing = np.diff(times) // (timeframe // _MICROSECOND) - 1
        self.stale = np.concatenate(([False], missing > max_missing)).astype(np.uint8)
        """1 at each bar before which too many are missing."""
        self.breaks = bool(self.stale.any())
        places = np.arange(self.count)
        latest = np.maximum.accumulate(np.where(self.stale, places, -1))
        self.since = np.where(latest >= 0, places - latest, np.iinfo(np.int64).max)
        """How many bars have passed since the latest such bar."""


def _over_leap(extreme: np.ufunc, opens: Numbers, others: Numbers) -> Numbers:
    """The least or the most of each bar and those behind it, ``LEAP`` together or as many as there are."""
    found: Numbers = extreme(opens, others)
    width = 1
    while width < LEAP:
        found[:-width] = extreme(found[:-width], found[width:])
        width *= 2
    return found
