"""Many lines and rectangles in one call, in whole pixels of the chart."""

from __future__ import annotations

from typing import Any

import numpy as np
from PyQt6.QtCore import QLineF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QTransform
from pyqtgraph.Qt.internals import PrimitiveArray

from widgets.parts.candles.candles import Numbers


class Onto:
    """From the chart's values to pixels. Painted there, every edge is sharp, whatever the zoom."""

    def __init__(self, transform: QTransform) -> None:
        self._m11, self._dx = transform.m11(), transform.dx()
        self._m22, self._dy = transform.m22(), transform.dy()

    def x(self, values: Numbers) -> Numbers:
        return np.floor(values * self._m11 + self._dx)

    def y(self, values: Numbers) -> Numbers:
        return np.rint(values * self._m22 + self._dy)

    def width(self, span: float) -> float:
        """Px of a span of x."""
        return abs(span * self._m11)


class Strokes:
    """Upright lines of one pixel, and filled rectangles; its memory is taken once and used again."""

    def __init__(self) -> None:
        self._lines: Any = PrimitiveArray(QLineF, 4)
        self._boxes: Any = PrimitiveArray(QRectF, 4)

    def lines(self, painter: QPainter, colour: QColor, x: Numbers, top: Numbers, bottom: Numbers) -> None:
        if not x.size:
            return
        self._lines.resize(x.size)
        memory = self._lines.ndarray()
        memory[:, 0] = memory[:, 2] = x + 0.5
        memory[:, 1], memory[:, 3] = top, bottom
        painter.setPen(colour)
        painter.drawLines(*self._lines.drawargs())

    def boxes(self, painter: QPainter, colour: QColor, x: Numbers, top: Numbers, bottom: Numbers, width: float) -> None:
        """At least one pixel high each."""
        if not x.size:
            return
        self._boxes.resize(x.size)
        memory = self._boxes.ndarray()
        memory[:, 0], memory[:, 1] = x, np.minimum(top, bottom)
        memory[:, 2], memory[:, 3] = width, np.maximum(np.abs(bottom - top), 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRects(*self._boxes.drawargs())
