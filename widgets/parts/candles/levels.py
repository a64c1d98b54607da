"""The same candles, coarser and coarser: each level is made once, so a frame costs what it shows and not what there is.

A level's candles hold 2, 4, 8 … bars each: the open of the first, the close of the last, the highest high, the lowest
low and all the volume. Their edges lie at whole multiples of their length, so nothing flickers while the chart pans.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from widgets.parts.candles.candles import Candles, Numbers, Places


class Levels:
    """Candles with what lies under them, at every coarseness that was asked for so far."""

    def __init__(self, candles: Candles) -> None:
        self.candles = candles
        self._made: dict[int, Candles] = {1: candles}
        self._slots: dict[int, NDArray[np.int64]] = {1: np.rint(candles.times / candles.bar).astype(np.int64)}
        self._starts: dict[int, Places] = {}
        self._under: dict[tuple[str, int], tuple[Numbers, Numbers, Numbers]] = {}

    def each_for(self, span: float, columns: float) -> int:
        """How many bars one candle holds where ``span`` seconds are shown on that many columns: a power of two.

        Where that is more than there are bars, there is one candle for all of them.
        """
        wanted = min(span / (self.candles.bar * max(1.0, columns)), 2.0 * max(1, len(self.candles)))
        return 1 << max(0, int(np.ceil(np.log2(wanted)))) if wanted > 1 else 1

    def level(self, each: int) -> Candles:
        """The candles of ``each`` bars (a power of two); made from the level below, so all of them cost twice one."""
        if each not in self._made:
            self._made[each] = self._merged(self.level(each // 2), self._groups(each), each)
        return self._made[each]

    def under(self, name: str, values: Numbers, each: int) -> tuple[Numbers, Numbers, Numbers]:
        """Of ``values`` under each candle of that level the lowest, the highest and the last; NaN where there is none.

        The values, one to a bar, are remembered by their name.
        """
        if each == 1 or not values.size:
            return values, values, values
        if (name, each) not in self._under:
            low, high, last = self.under(name, values, each // 2)
            starts = self._groups(each)
            made = np.fmin.reduceat(low, starts), np.fmax.reduceat(high, starts), last[_ends(starts, last.size)]
            self._under[name, each] = made
        return self._under[name, each]

    def _merged(self, finer: Candles, starts: Places, each: int) -> Candles:
        if not len(finer):
            return finer
        return Candles(
            np.multiply(self._slots[each], self.candles.bar * each, dtype=np.float64),
            finer.opens[starts],
            np.maximum.reduceat(finer.highs, starts),
            np.minimum.reduceat(finer.lows, starts),
            finer.closes[_ends(starts, len(finer))],
            np.add.reduceat(finer.volumes, starts),
            self.candles.bar * each,
        )

    def _groups(self, each: int) -> Places:
        """Where in the level below each candle of this one begins."""
        if each not in self._starts:
            if each > 2:
                self._groups(each // 2)
            slots = self._slots[each // 2] >> 1
            first = np.ones(slots.size, dtype=np.bool_)
            np.not_equal(slots[1:], slots[:-1], out=first[1:])
            self._starts[each] = np.flatnonzero(first)
            self._slots[each] = slots[self._starts[each]]
        return self._starts[each]


def _ends(starts: Places, count: int) -> Places:
    """The last place of each group."""
    ends: Places = np.append(starts[1:], count) - 1
    return ends
