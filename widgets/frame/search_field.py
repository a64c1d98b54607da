"""The field in the top bar that opens the command palette."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QRectF, QSize, Qt
from PyQt6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.theme import active, code_font, colour, ui_font

_LEAST, _WHOLE = 150, 266  # px: with a few words of the hint, and with all of it


class SearchField(QAbstractButton):
    """Looks like a field and is a button: what is typed is typed in the palette."""

    def __init__(self, text: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setText(text)
        self.setAccessibleName(f"{text} {key}")
        self.setToolTip(f"Every command ({key})")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(_LEAST)
        self.setMaximumWidth(420)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(_WHOLE, 30)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "accent" if self.hasFocus() else "line2" if self.underMouse() else "line"
        painter.setPen(QPen(colour(edge), 1))
        painter.setBrush(colour("bg2"))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, active().radius.control, active().radius.control)
        left = self._paint_key(painter, area)
        text = QFontMetricsF(ui_font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, left - 22)
        painter.setFont(ui_font())
        painter.setPen(colour("tx2"))
        painter.drawText(area.adjusted(11, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _paint_key(self, painter: QPainter, field: QRectF) -> float:
        font = code_font(active().type.small)
        width = QFontMetricsF(font).horizontalAdvance(self._key) + 12
        cap = QRectF(field.right() - width - 9, field.center().y() - 8.5, width, 17)
        painter.setFont(font)
        painter.setPen(QPen(colour("line2"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(colour("tx1"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
        return cap.left()
