"""The chart of a market: candles with entries and exits, and what lies under them, on one axis of time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from widgets.parts.candles.candles import NO_CANDLES, NO_MARKS, Candles, Marks, Numbers
from widgets.parts.candles.frame import ChartFrame
from widgets.parts.candles.items import LEAST_PX, CandleItem, ChartItem, MarksItem, NotesItem
from widgets.parts.candles.levels import Levels
from widgets.parts.candles.panes import Pane, place
from widgets.parts.candles.readout import CandleReadout
from widgets.theme import active, colour, ui_font

FIRST_SHOWN = 120
"""Candles in view at first: as many as can be told apart at a glance."""
_LEAST_SHOWN = 10
_AHEAD = 0.04
"""Part of the view that is left free ahead of the newest candle."""
_HEAD, _FOOT = 0.10, 0.24
"""Parts of the range of prices in view that are left free: below lies the volume."""
_SIDE = 12


class CandleChart(QWidget):
    """Pans by dragging and zooms by the wheel; the prices follow what is in view.

    Left and Right move the crosshair from candle to candle, with Shift the view; + and − zoom, Home and End go to the
    first and the newest candle, Escape takes the crosshair away. While the newest candle is in view, the view follows
    it.
    """

    pointed = pyqtSignal(int)
    """The candle under the crosshair, by its place; −1 for none."""
    moved = pyqtSignal()
    """Other moments are in view than before."""

    def __init__(self, name: str, panes: tuple[Pane, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.nothing = "No candles yet"
        self._levels = Levels(NO_CANDLES)
        self._at = -1
        self._frame = ChartFrame(panes, self)
        self._box = self._frame.box
        self._candles, self._marks, self._notes = CandleItem(), MarksItem(), NotesItem()
        for item in (self._candles, self._marks, self._notes):
            self._box.addItem(item, ignoreBounds=True)
        self._panes = self._frame.panes
        self._readout = CandleReadout(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._frame.widget)
        self._frame.widget.setVisible(False)
        self._box.sigXRangeChanged.connect(lambda _box, _range: self._fit())
        self._box.sigResized.connect(lambda _box: self._fit())
        surface = self._frame.widget.viewport()
        surface.setMouseTracking(True)
        surface.installEventFilter(self)

    # What is shown

    @property
    def candles(self) -> Candles:
        return self._levels.candles

    @property
    def range(self) -> tuple[float, float]:
        """What is in view, in seconds since 1970."""
        low, high = self._box.viewRange()[0]
        return float(low), float(high)

    @property
    def each(self) -> int:
        """How many bars one candle on the screen holds."""
        low, high = self.range
        return self._levels.each_for(high - low, self._box.width() / LEAST_PX)

    def show_candles(
        self, candles: Candles, values: Mapping[str, Numbers] | None = None, marks: Marks = NO_MARKS
    ) -> None:
        """Show these candles, with one value to each of them for every pane (NaN where there is none), and the marks.

        A pane that has no values is left out. The view stays where it is, unless it had the newest candle in it or
        these are of another time altogether. Raises ``ValueError`` where there are not as many values as candles.
        """
        before, followed = self.candles, self._follows()
        self._levels = Levels(candles)
        given = values or {}
        known = candles.times.size > 0
        self._place(self._candles)
        self._place(self._notes)
        for pane in self._panes:
            self._frame.show_pane(pane, shown=pane.pane.id in given)
            pane.show(self._levels, given.get(pane.pane.id, np.full(candles.times.shape, np.nan)))
        self.show_marks(marks)
        self._frame.widget.setVisible(known)
        if known:
            self._frame.limit(candles, _LEAST_SHOWN)
            self._keep_view(before, followed=followed)
        if self._at >= len(candles):
            self.hide_crosshair()
        self.update()

    def show_marks(self, marks: Marks) -> None:
        """Show these entries and exits."""
        self._marks.marks = marks
        self._place(self._marks)

    def show_notes(self, times: Numbers) -> None:
        """Note something of the candles of these moments, in seconds since 1970."""
        self._notes.times = times
        self._place(self._notes)

    def _place(self, item: ChartItem) -> None:
        """Have it paint over all the candles."""
        lows, highs = self.candles.lows, self.candles.highs
        known = lows.size > 0
        place(item, self._levels, float(lows.min()) if known else 0.0, float(highs.max()) if known else 0.0)

    def name_pane(self, pane: str, title: str) -> None:
        """Other words in the corner of a pane. Raises KeyError for an unknown one."""
        self._frame.name_pane(pane, title)

    def show_range(self, low: float, high: float) -> None:
        """Bring these seconds since 1970 into view."""
        self._box.setXRange(low, high, padding=0)

    def show_last(self, count: int = FIRST_SHOWN) -> None:
        """Bring the newest candles into view."""
        if len(self.candles):
            bar, end = self.candles.bar, float(self.candles.times[-1]) + self.candles.bar
            first = max(float(self.candles.times[max(0, len(self.candles) - count)]), end - count * bar)
            self.show_range(first, end + (end - first) * _AHEAD)

    def zoom(self, factor: float, around: float | None = None) -> None:
        """Show ``factor`` times as much, keeping a moment where it is: the one given, else the right edge."""
        low, high = self.range
        still = high if around is None else around
        self.show_range(still - (still - low) * factor, still + (high - still) * factor)

    def pan(self, part: float) -> None:
        """Move by a part of what is in view; to later for a positive one."""
        low, high = self.range
        self.show_range(low + part * (high - low), high + part * (high - low))

    # The crosshair

    def point_at(self, index: int) -> None:
        """Put the crosshair on a candle, and say its values."""
        if not len(self.candles):
            return
        index = min(max(index, 0), len(self.candles) - 1)
        self._frame.cross(float(self.candles.times[index]) + self.candles.bar / 2)
        said = [(pane.pane, float(pane.values[index])) for pane in self._panes if pane.values.size]
        self._readout.show_candle(self.candles, index, said)
        if index != self._at:
            self._at = index
            self.pointed.emit(index)

    def go_to(self, moment: float) -> None:
        """Bring the candle of a moment (seconds since 1970) into view, and put the crosshair on it."""
        shown = self.candles.between(moment, moment)
        low, high = self.range
        if shown.stop < 1:
            return
        if not low <= moment <= high:
            self.show_range(moment - (high - low) / 2, moment + (high - low) / 2)
        self.point_at(shown.stop - 1)

    def hide_crosshair(self) -> None:
        self._frame.cross(None)
        self._readout.hide()
        if self._at != -1:
            self._at = -1
            self.pointed.emit(-1)

    @property
    def crosshair_at(self) -> int:
        """The candle under the crosshair; −1 for none."""
        return self._at

    # What Qt tells

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is None or not self._obeys(Qt.Key(event.key()), event.modifiers()):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            at = self._frame.x_at(event.position().toPoint())
            shown = self.candles.between(at, at)
            if shown.stop > 0:
                self.point_at(shown.stop - 1)
        elif event is not None and event.type() == QEvent.Type.Leave:
            self.hide_crosshair()
        return False

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._frame.dress()
            self.hide_crosshair()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        if not len(self.candles):
            painter.setFont(ui_font(active().type.label))
            painter.setPen(colour("tx2"))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(_SIDE, 0, -_SIDE, 0), words, self.nothing)
        if self.hasFocus():
            painter.setPen(colour("accent"))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -3, -3), 6, 6)
        painter.end()

    # Inside

    def _obeys(self, key: Qt.Key, held: Qt.KeyboardModifier) -> bool:
        if not len(self.candles):
            return False
        shifted = bool(held & Qt.KeyboardModifier.ShiftModifier)
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in steps:
            self.pan(0.25 * steps[key]) if shifted else self._step(steps[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(2.0 if key == Qt.Key.Key_Minus else 0.5)
        elif key == Qt.Key.Key_End:
            self.show_last()
        elif key == Qt.Key.Key_Home:
            low, high = self.range
            first = float(self.candles.times[0])
            self.show_range(first, first + high - low)
        elif key == Qt.Key.Key_Escape and self._at >= 0:
            self.hide_crosshair()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        low, high = self.range
        shown = self.candles.between(low, high)
        wanted = self._at + by * self.each if self._at >= 0 else shown.stop - 1
        wanted = min(max(wanted, 0), len(self.candles) - 1)
        middle = float(self.candles.times[wanted]) + self.candles.bar / 2
        if not low <= middle <= high:
            self.pan(0.5 if middle > high else -0.5)
        self.point_at(wanted)

    def _follows(self) -> bool:
        """Whether the newest candle is in view."""
        return len(self.candles) > 0 and self.range[1] >= float(self.candles.times[-1])

    def _keep_view(self, before: Candles, *, followed: bool) -> None:
        low, high = self.range
        times = self.candles.times
        if not len(before) or before.bar != self.candles.bar or high < times[0] or low > times[-1]:
            self.show_last()
        elif followed and len(before) < FIRST_SHOWN and low <= before.times[0]:
            self.show_last()  # there were not more of them yet
        elif followed and times[-1] != before.times[-1]:
            moved = float(times[-1] - before.times[-1])
            self.show_range(low + moved, high + moved)
        if self.range == (low, high):  # else the scales have followed already
            self._fit()

    def _fit(self) -> None:
        """Let the scales follow what is in view."""
        if not len(self.candles):
            return
        low, high = self.range
        if strayed := self._strayed(low, high):
            self.show_range(low + strayed, high + strayed)
            return
        level = self._levels.level(self.each)
        shown = level.between(low, high)
        if shown.stop > shown.start:
            bottom, top = float(level.lows[shown].min()), float(level.highs[shown].max())
            room = (top - bottom) or abs(top) * 0.01 or 1.0
            self._frame.show_prices(bottom - room * _FOOT, top + room * _HEAD)
        bars = self.candles.between(low, high)
        for pane in self._panes:
            pane.fit(bars)
        self._frame.settle()
        self.moved.emit()

    def _strayed(self, low: float, high: float) -> float:
        """How far the view has to come back so that a third of it, or every candle, is over candles."""
        times = self.candles.times
        kept = min((high - low) / 3, float(times[-1] - times[0]))
        if high < times[0] + kept:
            return float(times[0]) + kept - high
        return min(0.0, float(times[-1]) - kept - low)
