"""One status as a small shape."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QSize
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from widgets.parts.status import Status, draw_status


class StatusDot(QWidget):
    """A shape of 8 px in a square of 12; says its status to a screen reader."""

    def __init__(self, status: Status = Status.IDLE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(12, 12))
        self._status = status
        self.setAccessibleName(status.word)

    @property
    def status(self) -> Status:
        return self._status

    def show_status(self, status: Status) -> None:
        if status is self._status:
            return
        self._status = status
        self.setAccessibleName(status.word)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        draw_status(painter, QPointF(self.width() / 2, self.height() / 2), 8, self._status)
        painter.end()
