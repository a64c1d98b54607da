"""A pill: a short fact with a status shape, or a filter that can be pressed."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.parts.status import Status, draw_status
from widgets.theme import active, colour, tint, ui_font
from widgets.theme.fonts import MEDIUM, REGULAR


class Chip(QAbstractButton):
    """Rounded and edged as a fact; `dense` is the small square-cornered filter of a card's header.

    A chip is no stop of the Tab key unless it is made `pressable`. One whose words may be of any length has a width
    of `least` px to which it gives way; its words are then cut, and whole in the tooltip if it has no other.
    """

    def __init__(
        self,
        text: str,
        status: Status | None = None,
        *,
        dense: bool = False,
        pressable: bool = False,
        least: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._status: Status | None = None
        self._dense = dense
        self._tone = ""
        self._least = least
        width = QSizePolicy.Policy.Maximum if least else QSizePolicy.Policy.Fixed
        self.setSizePolicy(width, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if pressable else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not pressable)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover, pressable)
        if pressable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_text(text, status)

    @property
    def status(self) -> Status | None:
        return self._status

    @property
    def tone(self) -> str:
        return self._tone

    def show_text(self, text: str, status: Status | None = None, tone: str = "") -> None:
        """`tone` is a colour role for the edge and the words, where a chip must stand out."""
        if (text, status, tone) == (self.text(), self._status, self._tone):
            return
        self._status, self._tone = status, tone
        self.setText(text)
        self.setAccessibleName(f"{text}, {status.word}" if status else text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.wide_for(self.text()), 20 if self._dense else 24)

    def wide_for(self, text: str) -> int:
        """Px that it asks for with this text."""
        padding = 14 if self._dense else 24
        shape = 14 if self._status else 0
        return round(QFontMetricsF(self._font()).horizontalAdvance(text)) + padding + shape

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        whole = self.sizeHint()
        return QSize(min(self._least, whole.width()), whole.height()) if self._least else whole

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        x = 7.0 if self._dense else 12.0
        if self._status:
            draw_status(painter, QPointF(x + 4, self.height() / 2), 8, self._status)
            x += 14
        painter.setFont(self._font())
        lit = "tx0" if self.isChecked() else "tx1"
        painter.setPen(colour((self._tone or lit) if self.isEnabled() else "tx2"))
        area = QRectF(x, 0, self.width() - x, self.height())
        room = area.width() - (7 if self._dense else 12) + 1
        text = QFontMetricsF(self._font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = 5.0 if self._dense else area.height() / 2
        lit = self.isChecked() or self.underMouse()
        ground = tint(self._tone, 0.14) if self._tone else colour("bg3" if lit else "bg2")
        painter.setBrush(ground)
        painter.setPen(self._edge())
        painter.drawRoundedRect(area, radius, radius)

    def _edge(self) -> QPen:
        if self.hasFocus():
            return QPen(colour("accent"), 1)
        if self._tone:
            return QPen(tint(self._tone, 0.42), 1)
        if self._dense and not self.isChecked():
            return QPen(Qt.PenStyle.NoPen)
        return QPen(colour("line2" if self.isChecked() else "line"), 1)

    def _font(self) -> QFont:
        return ui_font(active().type.small if self._dense else active().type.label, MEDIUM if self._dense else REGULAR)
