"""A line of a few dozen values without axes, drawn in one call for each piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from widgets.theme import colour


def draw_sparkline(
    painter: QPainter, area: QRectF, values: Sequence[float | None], line: QColor, threshold: float | None = None
) -> None:
    """Draw `values` left to right over `area`, and a tick at its right edge where the threshold lies.

    The line has a gap where a value is None.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return
    low, high = _range(known, threshold)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, 1.25, join=Qt.PenJoinStyle.RoundJoin))
    for piece in _pieces(area, values, low, high):
        painter.drawPolyline(piece)
    if threshold is not None:
        _draw_tick(painter, area, _height(area, threshold, low, high))
    painter.restore()


def _range(known: Sequence[float], threshold: float | None) -> tuple[float, float]:
    told = known if threshold is None else [*known, threshold]
    low, high = min(told), max(told)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _pieces(area: QRectF, values: Sequence[float | None], low: float, high: float) -> Iterator[QPolygonF]:
    step = area.width() / (len(values) - 1)
    placed = ((area.left() + place * step, value) for place, value in enumerate(values))
    for broken, piece in groupby(placed, key=lambda each: each[1] is None):
        if not broken:
            yield QPolygonF([QPointF(x, _height(area, y, low, high)) for x, y in piece if y is not None])


def _height(area: QRectF, value: float, low: float, high: float) -> float:
    return area.bottom() - (value - low) / (high - low) * area.height()


def _draw_tick(painter: QPainter, area: QRectF, y: float) -> None:
    painter.setPen(QPen(colour("bad"), 1.25))
    painter.drawLine(QPointF(area.right() - 6, y), QPointF(area.right() + 2, y))
