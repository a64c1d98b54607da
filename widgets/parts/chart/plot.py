"""The pyqtgraph items of a chart, built once and coloured whenever the theme changes."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PyQt6.QtGui import QColor

from widgets.parts.chart.axes import BESIDE_LABEL, SCALE_WIDTH, first_on, label_font, scale_at, width_of
from widgets.parts.chart.decimate import decimated
from widgets.parts.chart.direct_axes import TimeAxis, ValueAxis
from widgets.parts.chart.pieces import Breaks, pieces
from widgets.parts.chart.ring import Points
from widgets.parts.chart.scale import Range
from widgets.parts.chart.spec import ChartSpec, SeriesSpec, Threshold
from widgets.theme import active, colour, ui_font

_GRID_ALPHA = 130  # of 255, over a pen that is faint already
_FILL_ALPHA = 28
_AT_BOUND = 0.1  # of the range: room for the line along a bound, and for half of its label


class Plot:
    """Curves, axes, threshold and crosshair. Width 1 everywhere: a wider line costs three times as much."""

    def __init__(self, spec: ChartSpec) -> None:
        self._spec = spec
        self._value_axis = scale_at("right", spec.tick)
        self._own_axis: Any = scale_at("left", spec.own_tick) if first_on(spec, "own") is not None else None
        self._time_axis = TimeAxis("bottom") if spec.time_axis else ValueAxis("bottom")
        axes = {"right": self._value_axis, "bottom": self._time_axis}
        if self._own_axis is not None:
            axes["left"] = self._own_axis
        self.widget = pg.PlotWidget(background=None, axisItems=axes)
        self._item = self.widget.getPlotItem()
        self._own = self._second_scale()
        self._series = {series.id: series for series in spec.series}
        self._levels: dict[str, float] = {}
        self._curves = {series.id: [self._curve(series)] for series in spec.series}
        self._threshold: Any = None  # made when there is one: its label costs each redraw, even while it is hidden
        self.crosshair = pg.InfiniteLine(angle=90, movable=False)
        self.crosshair.hide()
        self._item.addItem(self.crosshair, ignoreBounds=True)
        self._settle()
        if spec.threshold is not None:
            self.show_threshold(spec.threshold)

    def draw(self, series: str, x: Points, y: Points, breaks: Breaks = ()) -> None:
        """Show these finite points, with a gap at each break; the arrays are read now, not kept."""
        parts, curves = pieces(x, y, breaks), self._curves[series]
        columns = max(1, self.widget.width() // len(parts))
        while len(curves) < len(parts):
            curves.append(self._curve(self._series[series]))
            self._dress_curve(self._series[series])
        for curve, (part_x, part_y) in zip(curves, parts, strict=False):
            thin_x, thin_y = decimated(part_x, part_y, columns)
            curve.setData(thin_x, thin_y, skipFiniteCheck=True)
        for curve in curves[len(parts) :]:
            curve.clear()

    def show_x(self, wanted: Range) -> None:
        self._item.setXRange(wanted.low, wanted.high, padding=0)

    def show_y(self, axis: str, wanted: Range) -> None:
        box = self._item.getViewBox() if axis == "right" else self._own
        box.setYRange(wanted.low, wanted.high, padding=_AT_BOUND if self._spec.bounds else 0)
        self._levels[axis] = wanted.low
        scale = self._value_axis if axis == "right" else self._own_axis
        scale.setStyle(showValues=True)
        scale.setWidth(width_of(scale, wanted))
        for series in self._spec.series:
            for curve in self._curves[series.id] if series.fill and series.axis == axis else ():
                curve.setFillLevel(wanted.low)

    def settle(self) -> None:
        """Bring all to its place now: pyqtgraph would do so while it paints, and then have to paint once more."""
        self._item.scene().prepareForPaint()

    def show_threshold(self, threshold: Threshold) -> None:
        if self._threshold is None:
            self._threshold = self._threshold_line()
            self._dress_threshold()
        self._threshold.setValue(threshold.value)
        self._threshold.label.setFormat(threshold.label)

    def dress(self) -> None:
        """Take pens and fonts from the active theme."""
        for series in self._spec.series:
            self._dress_curve(series)
        if self._threshold is not None:
            self._dress_threshold()
        self.crosshair.setPen(pg.mkPen(colour("tx2"), width=1))
        for axis, role in self._axes():
            axis.setTextPen(pg.mkPen(colour(role)))
            axis.setPen(pg.mkPen(None))
            axis.setTickFont(label_font())
        self._value_axis.setTickPen(pg.mkPen(colour("line"), width=1))

    def x_at(self, point: Any) -> float:
        """The x value under a point of the scene."""
        return float(self._item.getViewBox().mapSceneToView(point).x())

    def _axes(self) -> list[tuple[Any, str]]:
        """Each with the role of its labels: of two scales each is written in the colour of its line."""
        of_value, of_own = first_on(self._spec, "right"), first_on(self._spec, "own")
        if self._own_axis is None or of_own is None:
            return [(self._value_axis, "tx2"), (self._time_axis, "tx2")]
        role = of_value.role if of_value is not None else "tx2"
        return [(self._value_axis, role), (self._own_axis, of_own.role), (self._time_axis, "tx2")]

    def _curve(self, series: SeriesSpec) -> Any:
        curve = pg.PlotCurveItem(antialias=True, skipFiniteCheck=True)
        (self._item if series.axis == "right" else self._own).addItem(curve)
        return curve

    def _dress_curve(self, series: SeriesSpec) -> None:
        own = colour(series.role)
        ground = QColor(own)
        ground.setAlpha(_FILL_ALPHA)
        for curve in self._curves[series.id]:
            curve.setPen(pg.mkPen(own, width=1))
            if series.fill:
                curve.setBrush(pg.mkBrush(ground))
                curve.setFillLevel(self._levels.get(series.axis))

    def _second_scale(self) -> Any:
        box = pg.ViewBox(enableMenu=False, enableMouse=False)
        main = self._item.getViewBox()
        self._item.scene().addItem(box)
        box.setXLink(main)
        if self._own_axis is not None:
            self._own_axis.linkToView(box)
        main.sigResized.connect(lambda: box.setGeometry(main.sceneBoundingRect()))
        return box

    def _threshold_line(self) -> Any:
        options = {"position": 0.0, "anchors": [(0, 1), (0, 1)], "movable": False}
        line = pg.InfiniteLine(angle=0, movable=False, label="", labelOpts=options)
        self._item.addItem(line, ignoreBounds=True)
        return line

    def _dress_threshold(self) -> None:
        self._threshold.setPen(_dashed(colour("bad")))
        self._threshold.label.setColor(colour("bad"))
        self._threshold.label.setFont(ui_font(active().type.small))

    def _settle(self) -> None:
        self._item.hideButtons()
        self._item.setMenuEnabled(False)
        self._item.setMouseEnabled(False, False)
        self._item.showAxis("left", self._own_axis is not None)
        self._item.showAxis("right")
        if not self._spec.time_axis:
            self._item.hideAxis("bottom")
        for axis, _role in self._axes():
            axis.enableAutoSIPrefix(False)  # would lay out the axes' empty titles at each change of range
            axis.setStyle(autoExpandTextSpace=False)  # an axis that grows with its labels has all painted thrice
        self._value_axis.setGrid(_GRID_ALPHA)
        for axis in (self._value_axis, self._own_axis):
            if axis is not None:
                axis.setStyle(tickLength=0, tickTextOffset=BESIDE_LABEL, maxTickLevel=0)
                axis.setWidth(SCALE_WIDTH)
                axis.setStyle(showValues=False)  # until there is a line that they are of
        self._time_axis.setStyle(tickLength=0, maxTickLevel=0, tickAlpha=0)  # of no length, it would be a dot
        if self._own_axis is not None:
            self._own_axis.setStyle(tickAlpha=0)
        self._item.getViewBox().disableAutoRange()
        self._item.getViewBox().setDefaultPadding(0)
        self._own.disableAutoRange()
        self._item.layout.setContentsMargins(10, 8, 4, 4)


def _dashed(line: QColor) -> Any:
    pen = pg.mkPen(line, width=1)
    pen.setDashPattern([4, 3])
    return pen
