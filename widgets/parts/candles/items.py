"""The pyqtgraph items of the chart: candles with their volume, bars around zero, and marks of entries and exits.

Each paints only what is in view, a candle for a few pixels at most, with a handful of calls to Qt. Whatever is
painted is worked out in pixels, anew when the view has changed: for a thousand candles that costs a tenth of a
millisecond, and the coarser levels are kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPolygonF
from pyqtgraph.functions import arrayToQPolygonF

from widgets.parts.candles.candles import NO_CANDLES, NO_MARKS, Candles, Marks, Numbers, Places
from widgets.parts.candles.levels import Levels
from widgets.parts.candles.painting import Onto, Strokes
from widgets.theme import colour, tint

LEAST_PX = 4.0
"""Px of a candle with the room beside it; where there is less for each bar, several become one."""
_BODY = 0.7
_VOLUME_SHARE, _VOLUME_TINT = 0.16, 0.26
_MARK, _MARK_AWAY, _MARK_ROOM = 5.0, 5.0, 11.0
"""Px: half the width of a mark, how far it stays off its candle, and what it needs of the axis."""
_NOTE, _NOTE_HALF = 9.0, 4.0
"""Px of a note's middle from the head of the pane, and half its width."""


class ChartItem(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph carries no types
    """What lies over the axis of the candles; it is painted in the pixels of its view."""

    def __init__(self) -> None:
        super().__init__()
        self.levels = Levels(NO_CANDLES)
        self._strokes = Strokes()
        self._bounds = QRectF()

    def boundingRect(self) -> QRectF:  # noqa: N802
        return self._bounds

    def bound(self, bounds: QRectF) -> None:
        """Say where it may paint."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds

    def paint(self, painter: QPainter, *_args: Any) -> None:
        view = self.viewRect()
        box = self.getViewBox()
        if view is None or box is None or not len(self.levels.candles):
            return
        onto = Onto(painter.worldTransform())
        each = self.levels.each_for(view.width(), box.width() / LEAST_PX)
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.paint_level(painter, onto, each, self.levels.level(each).between(view.left(), view.right()))
        painter.restore()

    def paint_level(self, painter: QPainter, onto: Onto, each: int, shown: slice) -> None:
        """Paint the ``shown`` candles of that level, or what belongs to them."""
        raise NotImplementedError(f"{type(self).__name__} paints nothing")


class CandleItem(ChartItem):
    """Candles, and their volume at the foot of the pane."""

    def paint_level(self, painter: QPainter, onto: Onto, each: int, shown: slice) -> None:
        level = self.levels.level(each)
        x, width = _places(level, shown, onto)
        opens, closes = level.opens[shown], level.closes[shown]
        rising = closes >= opens
        self._paint_volume(painter, onto, level.volumes[shown], x, width, rising)
        high, low = onto.y(level.highs[shown]), onto.y(level.lows[shown]) + 1
        top, bottom = onto.y(np.maximum(opens, closes)), onto.y(np.minimum(opens, closes))
        for which, role in ((rising, "ok"), (~rising, "bad")):
            own = colour(role)
            self._strokes.lines(painter, own, x[which] + width // 2, high[which], low[which])
            if width > 1:
                self._strokes.boxes(painter, own, x[which], top[which], bottom[which], width)

    def _paint_volume(
        self, painter: QPainter, onto: Onto, volumes: Numbers, x: Numbers, width: float, rising: Any
    ) -> None:
        box = self.getViewBox()
        most = float(volumes.max()) if volumes.size else 0.0
        if not most > 0:
            return
        foot = float(onto.y(np.array([box.viewRange()[1][0]]))[0])
        top = foot - np.ceil(volumes / most * box.height() * _VOLUME_SHARE)
        bottom = np.full_like(top, foot)
        for which, role in ((rising, "ok"), (~rising, "bad")):
            faint = tint(role, _VOLUME_TINT)
            self._strokes.boxes(painter, faint, x[which], top[which], bottom[which], width)


class BarsItem(ChartItem):
    """A bar from zero to each value; of several under one candle the highest and the lowest, so no peak is lost."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role
        self.values = np.empty(0, dtype=np.float64)

    def paint_level(self, painter: QPainter, onto: Onto, each: int, shown: slice) -> None:
        if not self.values.size:
            return
        x, width = _places(self.levels.level(each), shown, onto)
        lowest, highest, _last = (part[shown] for part in self.levels.under(self._name, self.values, each))
        zero = onto.y(np.zeros(1))[0]
        for above, values, own in ((True, highest, colour(self._role)), (False, lowest, tint(self._role, 0.45))):
            which = values > 0 if above else values < 0
            ends = onto.y(values[which])
            self._strokes.boxes(painter, own, x[which], ends, np.full_like(ends, zero), width)


class CurveItem(ChartItem):
    """A line over a faint ground; broken where a value or a bar lacks."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name, self._role = name, role
        self.values = np.empty(0, dtype=np.float64)

    def paint_level(self, painter: QPainter, onto: Onto, each: int, shown: slice) -> None:
        if not self.values.size:
            return
        level = self.levels.level(each)
        x = onto.x(level.times[shown] + level.bar / 2)
        _lowest, _highest, last = self.levels.under(self._name, self.values, each)
        y = onto.y(last[shown])
        foot = float(onto.y(np.array([self.getViewBox().viewRange()[1][0]]))[0])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        apart = np.diff(level.times[shown]) > 1.5 * level.bar
        broken = np.isnan(y[1:]) | np.isnan(y[:-1]) | apart
        for part in np.split(np.arange(x.size), np.flatnonzero(broken) + 1):
            if part.size > 1:
                self._paint_part(painter, x[part], y[part], foot)

    def _paint_part(self, painter: QPainter, x: Numbers, y: Numbers, foot: float) -> None:
        line = arrayToQPolygonF(x, y)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(self._role, 0.14))
        painter.drawPolygon(QPolygonF([QPointF(x[0], foot), *line, QPointF(x[-1], foot)]))
        painter.setPen(colour(self._role))
        painter.drawPolyline(line)


class MarksItem(ChartItem):
    """Entries below their candle, exits above it, hollow where something is left; of those that stand too close the
    newest is seen, so the last mark of all says how it stands now.
    """

    def __init__(self) -> None:
        super().__init__()
        self.marks: Marks = NO_MARKS

    def paint_level(self, painter: QPainter, onto: Onto, each: int, shown: slice) -> None:
        level, marks = self.levels.level(each), self.marks
        if not (marks.times.size and len(level)):
            return
        places = np.searchsorted(level.times, marks.times, side="right") - 1
        times = level.times[places]
        x, room = onto.x(times + level.bar / 2), _MARK_ROOM / onto.width(1.0)
        hollow = np.zeros(places.size, dtype=np.bool_) if marks.in_part is None else marks.in_part
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for entries, role in ((True, "ok"), (False, "warn")):
            own = np.flatnonzero(marks.entries == entries)
            ends = onto.y((level.lows if entries else level.highs)[places])
            for mark in apart(times, own, room):
                if shown.start <= places[mark] < shown.stop:
                    painter.setPen(colour(role) if hollow[mark] else Qt.PenStyle.NoPen)
                    painter.setBrush(Qt.BrushStyle.NoBrush if hollow[mark] else colour(role))
                    _triangle(painter, float(x[mark]), float(ends[mark]), up=entries)


def apart(times: Numbers, marks: Places, room: float) -> list[int]:
    """Of these marks, oldest first, those that are seen: from the newest back each that stands ``room`` seconds before
    the one seen after it. All of them count, in view or not, so none comes and goes while the chart pans.
    """
    seen: list[int] = []
    before = np.inf
    for mark, at in zip(reversed(marks.tolist()), reversed(times[marks].tolist()), strict=True):
        if before - at >= room:
            seen.append(mark)
            before = at
    return seen


class NotesItem(ChartItem):
    """What was noted of a candle: a diamond at the head of the pane, with a thin line down to it."""

    def __init__(self) -> None:
        super().__init__()
        self.times = np.empty(0, dtype=np.float64)

    def paint_level(self, painter: QPainter, onto: Onto, each: int, shown: slice) -> None:
        level = self.levels.level(each)
        if not (self.times.size and len(level)):
            return
        places = np.unique(np.searchsorted(level.times, self.times, side="right") - 1)
        places = places[(places >= shown.start) & (places < shown.stop)]
        x = onto.x(level.times[places] + level.bar / 2)
        head = float(onto.y(np.array([self.getViewBox().viewRange()[1][1]]))[0]) + _NOTE
        ends = onto.y(level.highs[places]) - _MARK_AWAY
        self._strokes.lines(painter, tint("info", 0.4), x, np.full_like(ends, head), np.maximum(ends, head))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("info"))
        for each_x in x:
            centre = QPointF(float(each_x) + 0.5, head)
            corners = ((0, -_NOTE_HALF), (_NOTE_HALF, 0), (0, _NOTE_HALF), (-_NOTE_HALF, 0))
            painter.drawPolygon(QPolygonF([centre + QPointF(across, down) for across, down in corners]))


def _places(level: Candles, shown: slice, onto: Onto) -> tuple[Numbers, float]:
    """The left edge of each candle's body, and its width: an odd number of px, so that the wick is in the middle."""
    room = onto.width(level.bar)
    width = max(1.0, np.floor(room * _BODY))
    width -= 1 - width % 2 if width > 1 else 0
    return onto.x(level.times[shown] + level.bar / 2) - width // 2, float(max(1.0, width))


def _triangle(painter: QPainter, x: float, y: float, *, up: bool) -> None:
    """Its tip towards the candle's end at ``y``."""
    tip, base = (y + _MARK_AWAY, y + _MARK_AWAY + 8) if up else (y - _MARK_AWAY, y - _MARK_AWAY - 8)
    painter.drawPolygon(QPolygonF([QPointF(x, tip), QPointF(x - _MARK, base), QPointF(x + _MARK, base)]))
