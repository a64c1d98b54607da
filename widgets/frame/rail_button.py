"""One page in the rail: icon, name, badge."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QWidget

from widgets.frame.views import Badge
from widgets.theme import active, colour, icon_pixmap, tint, ui_font
from widgets.theme.fonts import MEDIUM

_MOST_SLIM = 99
"""Beyond it a badge at the corner of an icon says no more than that."""


class RailButton(QAbstractButton):
    """Checked while its page is shown."""

    def __init__(self, page_id: str, title: str, icon: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page_id, self._icon = page_id, icon
        self._badge: Badge | None = None
        self._slim = False
        self._tip = tip
        self.setCheckable(True)
        self.setText(title)
        self.setToolTip(tip)
        self.setFixedHeight(34)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_badge(None)

    @property
    def badge(self) -> Badge | None:
        return self._badge

    def show_badge(self, badge: Badge | None) -> None:
        self._badge = badge if badge and badge.count else None
        told = (self._badge.told or str(self._badge.count)) if self._badge else ""
        self.setAccessibleName(f"{self.text()}, {told}" if told else self.text())
        self.setToolTip(f"{self._tip}: {told}" if self._badge and self._badge.told else self._tip)
        self.update()

    def set_slim(self, slim: bool) -> None:
        """The icon alone, with the badge at its corner."""
        self._slim = slim
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(39 if self._slim else 190, 34)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        lit = self.isChecked() or self.underMouse()
        drawing = icon_pixmap(self._icon, "tx0" if lit else "tx1", 15, self.devicePixelRatioF())
        left = (self.width() - 15) // 2 if self._slim else 11
        painter.drawPixmap(left, (self.height() - 15) // 2, drawing)
        painter.setFont(ui_font())
        painter.setPen(colour("tx0" if lit else "tx1"))
        if not self._slim:
            painter.drawText(QRectF(self.rect()).adjusted(36, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._badge:
            self._paint_badge(painter, self._badge)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        if not (self.isChecked() or self.underMouse() or self.hasFocus()):
            return
        painter.setPen(QPen(colour("accent"), 1) if self.hasFocus() else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(colour("bg3" if self.isChecked() else "bg2" if self.underMouse() else "bg1"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)

    def _paint_badge(self, painter: QPainter, badge: Badge) -> None:
        count = f"{_MOST_SLIM}+" if self._slim and badge.count > _MOST_SLIM else str(badge.count)
        font = ui_font(active().type.small - (2 if self._slim else 0), MEDIUM)
        height = 13.0 if self._slim else 17.0
        width = max(height + 3, QFontMetricsF(font).horizontalAdvance(count) + height - 5)
        top = 1.0 if self._slim else (self.height() - height) / 2
        area = QRectF(self.width() - width - (1 if self._slim else 10), top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(badge.status, 0.2) if badge.status else colour("bg3"))
        painter.drawRoundedRect(area, height / 2, height / 2)
        painter.setFont(font)
        painter.setPen(colour(badge.status or "tx1"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, count)
