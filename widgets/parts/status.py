"""The five states of anything, told by shape and word and only then by colour."""

from __future__ import annotations

from enum import StrEnum

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPen, QPolygonF

from widgets.theme import colour


class Status(StrEnum):
    """Each value is also the colour role."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    IDLE = "idle"

    @property
    def word(self) -> str:
        """What a screen reader says for the shape."""
        return _WORDS[self]


_WORDS = {
    Status.OK: "well",
    Status.WARN: "warning",
    Status.BAD: "failed",
    Status.INFO: "information",
    Status.IDLE: "idle",
}
_RING_WIDTH = 1.75
_DIAMOND_REACH = 1.18  # a diamond of the disc's width looks smaller than the disc


def draw_status(painter: QPainter, centre: QPointF, size: float, status: Status) -> None:
    """Disc, diamond, square, triangle or ring of `size` px around `centre`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(status))
    half = size / 2
    match status:
        case Status.OK:
            painter.drawEllipse(centre, half, half)
        case Status.WARN:
            painter.drawPolygon(_diamond(centre, half * _DIAMOND_REACH))
        case Status.BAD:
            square = QRectF(centre.x() - half, centre.y() - half, size, size)
            painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 1, 1)
        case Status.INFO:
            painter.drawPolygon(_triangle(centre, half * _DIAMOND_REACH))
        case Status.IDLE:
            painter.setPen(QPen(colour(status), _RING_WIDTH))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, half - _RING_WIDTH / 2, half - _RING_WIDTH / 2)
    painter.restore()


def _diamond(centre: QPointF, reach: float) -> QPolygonF:
    offsets = ((0, -reach), (reach, 0), (0, reach), (-reach, 0))
    return QPolygonF([centre + QPointF(x, y) for x, y in offsets])


def _triangle(centre: QPointF, reach: float) -> QPolygonF:
    offsets = ((0.0, -reach), (reach, reach * 0.8), (-reach, reach * 0.8))
    return QPolygonF([centre + QPointF(x, y) for x, y in offsets])
