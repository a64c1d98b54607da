"""One page in the rail: icon, name, badge."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QWidget

from widgets.frame.views import Badge
from widgets.theme import active, colour, icon_pixmap, tint, ui_font
from widgets.theme.fonts import MEDIUM

_MOST_SLIM = 99
"""Beyond it a badge above an icon says no more than that."""
_HIGH, _HIGH_SLIM, _ICON = 34, 38, 15
_SLIM_BADGE, _SLIM_ICON_AT = 11.0, 13
"""Px of a badge's height where the icon stands alone, and where that begins: below the badge, however wide it is."""


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
        self.setFixedHeight(_HIGH)
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
        """The icon alone, with the badge above it."""
        self._slim = slim
        self.setFixedHeight(_HIGH_SLIM if slim else _HIGH)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(39 if self._slim else 190, self.height())

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        lit = self.isChecked() or self.underMouse()
        drawing = icon_pixmap(self._icon, "tx0" if lit else "tx1", _ICON, self.devicePixelRatioF())
        painter.drawPixmap(self.icon_place.topLeft(), drawing)
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

    @property
    def icon_place(self) -> QRect:
        """Where its icon is painted."""
        if self._slim:
            return QRect((self.width() - _ICON) // 2, _SLIM_ICON_AT, _ICON, _ICON)
        return QRect(11, (self.height() - _ICON) // 2, _ICON, _ICON)

    @property
    def badge_place(self) -> QRectF:
        """Where its badge is painted; empty without one."""
        if self._badge is None:
            return QRectF()
        height = _SLIM_BADGE if self._slim else 17.0
        wide = QFontMetricsF(self._badge_font()).horizontalAdvance(self._count(self._badge)) + height - 5
        wide = max(height + 3, wide)
        top, beside = (1.0, 1) if self._slim else ((self.height() - height) / 2, 10)
        return QRectF(self.width() - wide - beside, top, wide, height)

    def _count(self, badge: Badge) -> str:
        return f"{_MOST_SLIM}+" if self._slim and badge.count > _MOST_SLIM else str(badge.count)

    def _badge_font(self) -> QFont:
        return ui_font(active().type.small - (2 if self._slim else 0), MEDIUM)

    def _paint_badge(self, painter: QPainter, badge: Badge) -> None:
        area = self.badge_place
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint(badge.status, 0.2) if badge.status else colour("bg1" if self.isChecked() else "bg3"))
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setFont(self._badge_font())
        painter.setPen(colour(badge.status or "tx1"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._count(badge))
