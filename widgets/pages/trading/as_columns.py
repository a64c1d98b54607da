"""From the columns of a charted strategy to those that the chart takes: the same numbers, without a copy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.trading.chart.charted import Charted
from services.trading.chart.marked import Marked
from widgets.parts.candles import NO_MARKS, Candles, Marks

_MICRO = 1e-6


def candles_of(charted: Charted) -> Candles:
    bars = charted.bars
    return Candles(
        np.asarray(bars.times, dtype=np.float64) * _MICRO,
        np.asarray(bars.opens),
        np.asarray(bars.highs),
        np.asarray(bars.lows),
        np.asarray(bars.closes),
        np.asarray(bars.volumes),
        charted.bar_seconds,
    )


def marks_of(candles: Candles, fills: Sequence[Marked]) -> Marks:
    if not fills:
        return NO_MARKS
    places = np.array([fill.bar for fill in fills], dtype=np.intp)
    prices = np.array([fill.price for fill in fills], dtype=np.float64)
    return Marks(candles.times[places], prices, np.array([fill.entry for fill in fills], dtype=np.bool_))
