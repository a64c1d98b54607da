"""One page in the rail: icon, name, badge."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QWidget

from widgets.frame.views import Badge
from widgets.theme import active, colour, icon_pixmap, tint, ui_font
from widgets.theme.fonts import MEDIUM


class RailButton(QAbstractButton):
    """Checked while its page is shown."""

    def __init__(self, page_id: str, title: str, icon: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page_id, self._icon = page_id, icon
        self._badge: Badge | None = None
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

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(190, 34)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        lit = self.isChecked() or self.underMouse()
        drawing = icon_pixmap(self._icon, "tx0" if lit else "tx1", 15, self.devicePixelRatioF())
        painter.drawPixmap(11, (self.height() - 15) // 2, drawing)
        painter.setFont(ui_font())
        painter.setPen(colour("tx0" if lit else "tx1"))
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
        font = ui_font(active().type.small, MEDIUM)
        width = max(20.0, QFontMetricsF(font).horizontalAdvance(str(badge.count)) + 12)
        area = QRectF(self.width() - width - 10, (self.height() - 17) / 2, width, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(badge.status, 0.2) if badge.status else colour("bg3"))
        painter.drawRoundedRect(area, 8.5, 8.5)
        painter.setFont(font)
        painter.setPen(colour(badge.status or "tx1"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(badge.count))
