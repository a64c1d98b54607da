"""The views and axes of the chart: prices at the right, time at the foot, and the panes between."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QWidget

from widgets.parts.candles.candles import Candles
from widgets.parts.candles.panes import Pane, PaneView, time_box
from widgets.parts.chart.axes import BESIDE_LABEL, SCALE_WIDTH, label_font, scale_at, width_of
from widgets.parts.chart.direct_axes import TimeAxis
from widgets.parts.chart.scale import Range
from widgets.theme import active, colour, ui_font

_SHARE = 8
_ANY_HEIGHT = 10_000
_GRID_ALPHA = 130
_SPARE = 24
"""Px that the scale may be wider than its labels need: with each other width all panes are laid out and painted anew.
"""
_WORDS_AT = 10
"""Px of a pane's words from the left."""


class ChartFrame:
    """Built once; coloured whenever the theme changes."""

    def __init__(self, panes: tuple[Pane, ...], parent: QWidget) -> None:
        self.widget = pg.GraphicsLayoutWidget(parent=parent)
        self.widget.setBackground(None)
        self.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.box = time_box()
        self.panes = tuple(PaneView(pane, self.box) for pane in panes)
        self._prices = scale_at("right", "{:,.{}f}".format)
        self._time = TimeAxis("bottom")
        self._scale_width: float = SCALE_WIDTH
        self._layout = self.widget.ci
        self._words: dict[str, Any] = {}
        self._places: dict[str, int] = {}
        self._titles = {pane.pane.id: pane.pane.title for pane in self.panes}
        self._lines = [pg.InfiniteLine(angle=90, movable=False) for _ in (self.box, *self.panes)]
        self._lay_out()
        self.dress()

    def show_prices(self, low: float, high: float) -> None:
        """The range of the scale at the right."""
        self.box.setYRange(low, high, padding=0)
        needed = width_of(self._prices, Range(low, high))
        if not self._scale_width - _SPARE <= needed <= self._scale_width:
            self._scale_width = needed
            self._prices.setWidth(needed)

    def settle(self) -> None:
        """Bring all to its place now: pyqtgraph would do so while it paints, and then have to paint once more."""
        self.widget.scene().prepareForPaint()

    def show_pane(self, pane: PaneView, *, shown: bool) -> None:
        """Give a pane its share of the height, or none."""
        row = self._places[pane.pane.id]
        if pane.box.isVisible() is not shown or self._layout.layout.rowStretchFactor(row) == 0:
            pane.box.setVisible(shown)
            self._words[pane.pane.id].setVisible(shown)
            self._layout.layout.setRowStretchFactor(row, pane.pane.share if shown else 0)
            self._layout.layout.setRowMaximumHeight(row, _ANY_HEIGHT if shown else 0)
            self._layout.layout.activate()

    def name_pane(self, name: str, title: str) -> None:
        """Other words in the corner of a pane."""
        self._titles[name] = title
        self._words[name].setText(title, color=colour("tx2"))

    def limit(self, candles: Candles, least: int) -> None:
        """The user cannot lose the candles: no view goes far beyond them, and none shows fewer than ``least``."""
        first, last = float(candles.times[0]), float(candles.times[-1]) + candles.bar
        span = max(last - first, least * candles.bar)
        limits = {"xMin": first - span / 2, "xMax": last + span / 2, "minXRange": least * candles.bar}
        for box in (self.box, *(pane.box for pane in self.panes)):
            box.setLimits(maxXRange=2 * span, **limits)

    def cross(self, at: float | None) -> None:
        """Draw the crosshair through all panes, or take it away."""
        for line in self._lines:
            line.setVisible(at is not None)
            if at is not None:
                line.setValue(at)

    def x_at(self, point: QPoint) -> float:
        """The moment under a point of the widget, in seconds since 1970."""
        return float(self.box.mapSceneToView(self.widget.mapToScene(point)).x())

    def dress(self) -> None:
        """Take pens and fonts from the active theme."""
        for axis in (self._prices, self._time):
            axis.setTextPen(pg.mkPen(colour("tx2")))
            axis.setPen(pg.mkPen(None))
            axis.setTickFont(label_font())
        self._prices.setTickPen(pg.mkPen(colour("line"), width=1))
        for line in self._lines:
            line.setPen(pg.mkPen(colour("tx2"), width=1))
        for pane in self.panes:
            pane.edge.setPen(pg.mkPen(colour("line"), width=1))
            words = self._words[pane.pane.id]
            words.setText(self._titles[pane.pane.id], color=colour("tx2"))
            words.setFont(ui_font(active().type.small))
        self.widget.update()

    def _lay_out(self) -> None:
        layout = self._layout
        layout.setSpacing(0)
        layout.setContentsMargins(8, 2, 4, 2)
        layout.addItem(self.box, 0, 0)
        layout.addItem(self._prices, 0, 1)
        layout.layout.setRowStretchFactor(0, _SHARE)
        for row, pane in enumerate(self.panes, 1):
            layout.addItem(pane.box, row, 0)
            layout.layout.setRowStretchFactor(row, pane.pane.share)
            self._places[pane.pane.id] = row
            words = self._words[pane.pane.id] = pg.TextItem()
            words.setParentItem(pane.box)
            words.setPos(_WORDS_AT, 2)
        layout.addItem(self._time, len(self.panes) + 1, 0)
        self._link_axes()
        for line, box in zip(self._lines, (self.box, *(pane.box for pane in self.panes)), strict=True):
            line.hide()
            box.addItem(line, ignoreBounds=True)

    def _link_axes(self) -> None:
        self._prices.linkToView(self.box)
        self._time.linkToView(self.box)
        for axis in (self._prices, self._time):
            axis.enableAutoSIPrefix(False)
            axis.setStyle(autoExpandTextSpace=False)
        self._prices.setGrid(_GRID_ALPHA)
        self._prices.setStyle(tickLength=0, tickTextOffset=BESIDE_LABEL, maxTickLevel=0)
        self._prices.setWidth(self._scale_width)
        self._prices.setZValue(-1)  # its lines go behind the candles
        self._time.setStyle(tickLength=0, maxTickLevel=0, tickAlpha=0)
