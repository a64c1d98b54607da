"""A line chart that costs what it shows: nothing while hidden, at most 10 to 30 updates a second."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer
from PyQt6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from widgets.parts.chart.pieces import Breaks
from widgets.parts.chart.plot import Plot
from widgets.parts.chart.readout import Readout
from widgets.parts.chart.ring import PointRing, Points
from widgets.parts.chart.scale import Range, settled, settled_time
from widgets.parts.chart.spec import ChartSpec, Threshold
from widgets.parts.chart.turns import turns
from widgets.theme import active, colour, ui_font

_SIDE = 12
"""Px beside the words where there is no line."""


class LineChart(QWidget):
    """A few lines over one x axis, on the scale at the right or on a second one at the left.

    Points may come at any rate: they go into a ring, and the lines are redrawn when it is the chart's turn, at most
    once in a frame, if the chart can be seen. Left and Right move the crosshair from point to point.
    """

    def __init__(self, spec: ChartSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self.redraws = 0  # how often lines were redrawn; a hidden chart must not count
        self.setAccessibleName(spec.name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._rings = {series.id: PointRing(spec.capacity) for series in spec.series}
        self._x: Range | None = None
        self._y: dict[str, Range] = {}
        self._breaks: dict[str, Breaks] = {}
        self._dirty = False
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setTimerType(Qt.TimerType.PreciseTimer)  # a coarse one would bring the turns together again
        self._frame.timeout.connect(self._redraw)
        self._build()

    @property
    def readout(self) -> Readout:
        return self._readout

    def append(self, series: str, x: float, y: float) -> None:
        """Add a point. Raises KeyError for an unknown series, ValueError for what is no finite number."""
        self._rings[series].append(x, y)
        self._mark()

    def replace(
        self, series: str, xs: Sequence[float] | Points, ys: Sequence[float] | Points, breaks: Breaks = ()
    ) -> None:
        """Show these points instead, with a gap at each of the `breaks`; the same ones cost no redraw.

        Raises as `append` does.
        """
        broken, self._breaks[series] = self._breaks.get(series, ()) != breaks, breaks
        if self._rings[series].replace(xs, ys) or broken:
            self._mark()

    def show_threshold(self, threshold: Threshold) -> None:
        """Move the dashed line."""
        self._plot.show_threshold(threshold)

    def points(self, series: str) -> tuple[Points, Points]:
        """What is kept of a series, as x and y."""
        return self._rings[series].x, self._rings[series].y

    def point_at(self, x: float) -> None:
        """Put the crosshair on the point nearest to `x` and say the values there."""
        found = {name: near for name, ring in self._rings.items() if (near := ring.nearest(x))}
        if not found:
            return
        at = min((near[0] for near in found.values()), key=lambda candidate: abs(candidate - x))
        self._plot.crosshair.setValue(at)
        self._plot.crosshair.show()
        self._readout.show_values(at, {name: near[1] for name, near in found.items()})

    def hide_crosshair(self) -> None:
        self._plot.crosshair.hide()
        self._readout.hide()

    # One frame

    def _mark(self) -> None:
        self._dirty = True
        if self.isVisible() and not self._frame.isActive():
            self._frame.start(turns.next_in())

    def _redraw(self) -> None:
        self._dirty = False
        self.redraws += 1
        for name, ring in self._rings.items():
            self._plot.draw(name, ring.x, ring.y, self._breaks.get(name, ()))
        self._settle_x()
        for axis in ("right", "own"):
            self._settle_y(axis)
        self._plot.widget.setVisible(any(len(ring) for ring in self._rings.values()))
        self._plot.settle()

    def _settle_x(self) -> None:
        filled = [ring for ring in self._rings.values() if len(ring)]
        if not filled:
            return
        first, last = min(float(ring.x[0]) for ring in filled), max(float(ring.x[-1]) for ring in filled)
        wanted = settled_time(self._x, first, max(last, first + self.spec.least_span))
        if wanted != self._x:
            self._x = wanted
            self._plot.show_x(wanted)

    def _settle_y(self, axis: str) -> None:
        values = [self._rings[series.id].y for series in self.spec.series if series.axis == axis]
        values = [y for y in values if y.size]
        if not values:
            return
        low, high = min(float(y.min()) for y in values), max(float(y.max()) for y in values)
        wanted = self._wanted_y(axis, low, high)
        if wanted != self._y.get(axis):
            self._y[axis] = wanted
            self._plot.show_y(axis, wanted)

    def _wanted_y(self, axis: str, low: float, high: float) -> Range:
        if axis == "own":
            own = Range(*self.spec.own_bounds) if self.spec.own_bounds else None
            return settled(self._y.get(axis), low, high, own)
        if self.spec.limits:
            return Range(*self.spec.limits)
        mark = self.spec.threshold
        low, high = (min(low, mark.value), max(high, mark.value)) if mark else (low, high)
        bounds = Range(*self.spec.bounds) if self.spec.bounds else None
        return settled(self._y.get(axis), low, high, bounds)

    # What Qt tells

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        super().showEvent(event)
        if self._dirty:
            self._redraw()

    def hideEvent(self, event: QHideEvent | None) -> None:  # noqa: N802
        super().hideEvent(event)
        self._frame.stop()

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._plot.dress()
            self.hide_crosshair()  # its values are written in the colours of before

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event is not None and event.key() in steps:
            self._step(steps[Qt.Key(event.key())])
        elif event is not None and event.key() == Qt.Key.Key_Escape and self._readout.isVisible():
            self.hide_crosshair()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self.point_at(self._plot.x_at(self._plot.widget.mapToScene(event.position().toPoint())))
        elif event is not None and event.type() == QEvent.Type.Leave:
            self.hide_crosshair()
        return False

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        if not any(len(ring) for ring in self._rings.values()):
            painter.setFont(ui_font(active().type.label))
            painter.setPen(colour("tx2"))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(_SIDE, 0, -_SIDE, 0), words, self.spec.nothing)
        if self.hasFocus():
            painter.setPen(colour("accent"))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -3, -3), 6, 6)
        painter.end()

    def _step(self, by: int) -> None:
        xs = max((ring.x for ring in self._rings.values()), key=len)
        if not xs.size:
            return
        now = self._plot.crosshair.value() if self._readout.isVisible() else float(xs[-1])
        place = int(abs(xs - now).argmin()) + by
        self.point_at(float(xs[min(max(place, 0), xs.size - 1)]))

    def _build(self) -> None:
        self._plot = Plot(self.spec)
        self._plot.dress()
        self._plot.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.widget.setVisible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot.widget)
        self._readout = Readout(self.spec, self)
        surface = self._plot.widget.viewport()
        surface.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        surface.setMouseTracking(True)
        surface.installEventFilter(self)
