"""What stands under the candles on the same axis of time: bars around zero, or a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF
from PyQt6.QtWidgets import QGraphicsLineItem

from widgets.parts.candles.candles import Numbers
from widgets.parts.candles.items import BarsItem, ChartItem, CurveItem
from widgets.parts.candles.levels import Levels

_HEAD, _FOOT = 0.45, 0.12
"""Parts of the range that are left free: the words stand above."""
_BESIDE = 100.0
"""Px by which the edge of a pane goes on beside it, up to the card's."""


@dataclass(frozen=True)
class Bars:
    """A bar for each candle."""

    role: str = "trading"


@dataclass(frozen=True)
class Curve:
    """A line through the candles, on a scale that is known (``bounds``) or follows what is in view."""

    role: str = "engagement"
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True)
class Pane:
    """One of them, with its words in the corner and its values said at the crosshair."""

    id: str
    title: str
    shape: Bars | Curve
    share: int = 2
    """Of the height, where the candles have 8."""
    say: Callable[[float], str] = "{:+.4g}".format


class PaneView:
    """A pane's view and item, on the axis of time of the candles."""

    def __init__(self, pane: Pane, above: Any) -> None:
        self.pane = pane
        self.box = time_box()
        self.box.setXLink(above)
        self.item: BarsItem | CurveItem
        shape = pane.shape
        self.item = BarsItem(pane.id, shape.role) if isinstance(shape, Bars) else CurveItem(pane.id, shape.role)
        self.box.addItem(self.item, ignoreBounds=True)
        self.values: Numbers = np.empty(0, dtype=np.float64)
        self.edge = QGraphicsLineItem(self.box)
        self.edge.setZValue(1e9)
        self.box.sigResized.connect(lambda box: self.edge.setLine(-_BESIDE, 0, box.width() + _BESIDE, 0))

    def show(self, levels: Levels, values: Numbers) -> None:
        """Show one value to each candle. Raises ``ValueError`` where there are more or fewer."""
        if values.shape != levels.candles.times.shape:
            raise ValueError(f"{self.pane.id}: {values.size} values to {len(levels.candles)} candles")
        self.values = self.item.values = values
        place(self.item, levels, *_ends(values))

    def fit(self, shown: slice) -> None:
        """Let the scale follow what is in view."""
        if isinstance(self.pane.shape, Curve) and self.pane.shape.bounds is not None:
            low, high = self.pane.shape.bounds
        else:
            low, high = _ends(self.values[shown])
            low, high = (min(low, 0.0), max(high, 0.0)) if isinstance(self.pane.shape, Bars) else (low, high)
        range_ = (high - low) or 1.0
        self.box.setYRange(low - _FOOT * range_, high + _HEAD * range_, padding=0)


def place(item: ChartItem, levels: Levels, low: float, high: float) -> None:
    """Have an item paint over these candles, from ``low`` to ``high``."""
    item.levels = levels
    times, bar = levels.candles.times, levels.candles.bar
    if times.size:
        room = (high - low) or 1.0
        item.bound(QRectF(float(times[0]), low - room, float(times[-1] - times[0]) + bar, high - low + 2 * room))
    item.update()


def time_box() -> Any:
    """A view that the mouse pans and zooms along the time alone."""
    box = pg.ViewBox(enableMenu=False, defaultPadding=0)
    box.setMouseEnabled(x=True, y=False)
    box.disableAutoRange()
    return box


def _ends(values: Numbers) -> tuple[float, float]:
    """The lowest and the highest; 0 and 0 where there is none."""
    known = values[~np.isnan(values)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
