"""A line of a few dozen values without axes, drawn in one call."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from widgets.theme import colour


def draw_sparkline(
    painter: QPainter, area: QRectF, values: Sequence[float], line: QColor, threshold: float | None = None
) -> None:
    """Draw `values` left to right over `area`, and a tick at its right edge where the threshold lies."""
    if len(values) < 2:
        return
    low, high = _range(values, threshold)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, 1.25, join=Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(_points(area, values, low, high))
    if threshold is not None:
        _draw_tick(painter, area, _height(area, threshold, low, high))
    painter.restore()


def _range(values: Sequence[float], threshold: float | None) -> tuple[float, float]:
    known = values if threshold is None else [*values, threshold]
    low, high = min(known), max(known)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _points(area: QRectF, values: Sequence[float], low: float, high: float) -> QPolygonF:
    step = area.width() / (len(values) - 1)
    return QPolygonF(
        [QPointF(area.left() + i * step, _height(area, value, low, high)) for i, value in enumerate(values)]
    )


def _height(area: QRectF, value: float, low: float, high: float) -> float:
    return area.bottom() - (value - low) / (high - low) * area.height()


def _draw_tick(painter: QPainter, area: QRectF, y: float) -> None:
    painter.setPen(QPen(colour("bad"), 1.25))
    painter.drawLine(QPointF(area.right() - 6, y), QPointF(area.right() + 2, y))
