"""A list that opens: its choice is cut with an ellipsis where there is no room, and a chevron says that it opens."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QRect, QSize, Qt
from PyQt6.QtGui import QPaintEvent
from PyQt6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from widgets.parts.text.cut_text import tells_hidden
from widgets.theme import icon_pixmap

_CHEVRON = 12


class ComboBox(QComboBox):
    """Every list of choices of the window: a style sheet could neither tint the chevron nor cut the words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(min(110, super().minimumSizeHint().width()), super().minimumSizeHint().height())

    def event(self, event: QEvent | None) -> bool:
        """The tooltip of one's own, or else the choice where it is cut."""
        return tells_hidden(self, event, lambda: self.hidden_text) or super().event(event)

    @property
    def hidden_text(self) -> str:
        """The whole choice where it is cut; empty where it can be read."""
        return self.currentText() if self._shown(self._option()) != self.currentText() else ""

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QStylePainter(self)
        option = self._option()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        if not self.isEditable():
            option.currentText = self._shown(option)
            painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        role = "tx1" if self.isEnabled() else "tx2"
        drawing = icon_pixmap("chevron_down", role, _CHEVRON, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - _CHEVRON - 8, (self.height() - _CHEVRON) // 2, drawing)
        painter.end()

    def _option(self) -> QStyleOptionComboBox:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return option

    def _shown(self, option: QStyleOptionComboBox) -> str:
        style, field = self.style(), QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self) if style else QRect()
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width())
