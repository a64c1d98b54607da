"""From the columns of a charted strategy to those that the chart takes: the same numbers, without a copy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.trading.chart.charted import Charted
from services.trading.chart.marked import marked
from services.trading.tape import TapeRow
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


def marks_of(charted: Charted, candles: Candles, fills: Sequence[TapeRow], in_part: Sequence[bool]) -> Marks:
    """Of those fills whose bar is known; ``in_part`` says which of them left something of what they leave."""
    kinds = [(part, [row for row, each in zip(fills, in_part, strict=True) if each is part]) for part in (False, True)]
    placed = [(mark, part) for part, rows in kinds for mark in marked(charted, rows)]
    if not placed:
        return NO_MARKS
    placed.sort(key=lambda each: each[0].bar)
    places = np.array([mark.bar for mark, _part in placed], dtype=np.intp)
    return Marks(
        candles.times[places],
        np.array([mark.price for mark, _part in placed], dtype=np.float64),
        np.array([mark.entry for mark, _part in placed], dtype=np.bool_),
        np.array([part for _mark, part in placed], dtype=np.bool_),
    )
