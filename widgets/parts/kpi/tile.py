"""One number that matters: its name, value, change, course and how old it is."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.parts.kpi.sparkline import draw_sparkline
from widgets.parts.kpi.view import KpiView
from widgets.theme import active, colour, ui_font
from widgets.theme.fonts import STRONG

__all__ = ["KpiTile", "KpiView"]

_PAD, _SLIM_PAD, _SLIM = 14, 10, 150
"""Px beside what a tile says, and below which width there are fewer of them."""
_LABEL_Y, _VALUE_Y, _CHANGE_Y = 25, 55, 79
_SPARK_WIDTH = 72
_STALE_OPACITY = 0.45


class KpiTile(QAbstractButton):
    """Paints itself; `clicked` asks for the detail behind the number."""

    def __init__(self, view: KpiView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._view = view
        self._say()

    @property
    def view(self) -> KpiView:
        return self._view

    def show_view(self, view: KpiView) -> None:
        """Show new values in place; equal ones cost nothing."""
        if view == self._view:
            return
        self._view = view
        self._say()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(190, 96)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(118, 96)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_label(painter)
        if self._view.stale:
            painter.setOpacity(_STALE_OPACITY)
        end = self._paint_value(painter)
        self._paint_change(painter)
        self._paint_course(painter, end)
        painter.end()

    @property
    def _pad(self) -> int:
        return _PAD if self.width() >= _SLIM else _SLIM_PAD

    def _say(self) -> None:
        view = self._view
        words = (f"{view.label}: {view.value}{view.unit}", view.direction, view.change, view.note, view.stale)
        self.setAccessibleName(" ".join(word for word in words if word))
        sense = " ".join(word for word in (view.direction, view.change, view.note.removeprefix("· ")) if word)
        whole = f"{view.label}: {view.value}{view.unit}" if view.value else view.label
        self.setToolTip("\n".join(line for line in (whole, sense, view.tip) if line))

    def _paint_ground(self, painter: QPainter) -> None:
        edge = "accent" if self.hasFocus() else "line2" if self.underMouse() else "line"
        painter.setPen(QPen(colour(edge), 1))
        painter.setBrush(colour("bg2" if self.isDown() else "bg1"))
        radius = active().radius.card
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _paint_label(self, painter: QPainter) -> None:
        font = ui_font(active().type.label)
        painter.setFont(font)
        room = self.width() - 2 * self._pad
        if self._view.stale:
            painter.setPen(colour("warn"))
            age = QFontMetricsF(font).horizontalAdvance(self._view.stale)
            painter.drawText(QPointF(self.width() - self._pad - age, _LABEL_Y), self._view.stale)
            room -= round(age) + 8
        painter.setPen(colour("tx1"))
        metrics = QFontMetricsF(font)
        fits = metrics.horizontalAdvance(self._view.label) <= room
        label = self._view.label if fits else self._view.short or self._view.label
        label = metrics.elidedText(label, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(self._pad, _LABEL_Y), label)

    def _paint_value(self, painter: QPainter) -> float:
        small = ui_font(active().type.label)
        room = self.width() - 2 * self._pad - QFontMetricsF(small).horizontalAdvance(self._view.unit)
        figure = _fitting(self._view.value, room)
        painter.setFont(figure)
        painter.setPen(colour("tx0"))
        painter.drawText(QPointF(self._pad, _VALUE_Y), self._view.value)
        end = self._pad + QFontMetricsF(figure).horizontalAdvance(self._view.value)
        painter.setFont(small)
        painter.setPen(colour("tx2"))
        painter.drawText(QPointF(end + 1, _VALUE_Y), self._view.unit)
        return end + QFontMetricsF(small).horizontalAdvance(self._view.unit)

    def _paint_change(self, painter: QPainter) -> None:
        role = {"good": "ok", "bad": "bad", "": "tx1"}[self._view.sense]
        font = ui_font(active().type.label)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(colour(role))
        x = float(self._pad)
        if self._view.direction:
            _draw_arrow(painter, QPointF(x, _CHANGE_Y), self._view.direction == "up", role)
            x += 14
        painter.setPen(colour(role))
        change = metrics.elidedText(self._view.change, Qt.TextElideMode.ElideRight, self.width() - _PAD - x)
        painter.drawText(QPointF(x, _CHANGE_Y), change)
        x += metrics.horizontalAdvance(self._view.change + " ") if self._view.change else 0
        painter.setPen(colour("tx2"))
        painter.drawText(QPointF(x, _CHANGE_Y), shortened(self._view.note, self.width() - self._pad - x, metrics))

    def _paint_course(self, painter: QPainter, value_end: float) -> None:
        left = max(value_end + 12, self.width() - self._pad - _SPARK_WIDTH)
        area = QRectF(left, 33, self.width() - self._pad - left, 23)
        if area.width() >= 24:
            draw_sparkline(painter, area, self._view.course, colour(self._view.role), self._view.threshold)


def shortened(note: str, room: float, metrics: QFontMetricsF) -> str:
    """The note in so many px: it gives up its last part, behind a dot, and the one before, until what is left fits."""
    while metrics.horizontalAdvance(note) > room and " · " in note:
        note = note.rpartition(" · ")[0]
    return metrics.elidedText(note, Qt.TextElideMode.ElideRight, room)


def _fitting(text: str, room: float) -> QFont:
    """The figure's font, smaller where the figure would be wider than ``room`` px: a cut number is a wrong one."""
    size = active().type.figure
    while size > active().type.body and QFontMetricsF(ui_font(size, STRONG)).horizontalAdvance(text) > room:
        size -= 1
    return ui_font(size, STRONG)


def _draw_arrow(painter: QPainter, base: QPointF, up: bool, role: str) -> None:
    tip, foot = (-9.0, 0.0) if up else (0.0, -9.0)
    corners = ((0.0, foot), (10.0, foot), (5.0, tip))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(role))
    painter.drawPolygon(QPolygonF([base + QPointF(x, y) for x, y in corners]))
