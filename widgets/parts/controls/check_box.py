"""A box to be ticked, drawn from the tokens: the system's own can hardly be seen on a dark ground."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from widgets.theme import colour, icon_pixmap

_MARK = 10


class CheckBox(QCheckBox):
    """The words are the style's; the box is edged as a field, and full of the accent when it is ticked."""

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        super().paintEvent(event)
        style, option = self.style(), QStyleOptionButton()
        if style is None:
            return
        self.initStyleOption(option)
        indicator = style.subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        painter.fillRect(indicator, self.palette().window())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(indicator).adjusted(0.5, 0.5, -0.5, -0.5)
        ticked = self.isChecked() and self.isEnabled()
        painter.setPen(QPen(colour("accent" if self.hasFocus() or ticked else "tx2"), 1))
        painter.setBrush(colour("accent" if ticked else "bg2"))
        painter.drawRoundedRect(box, 3, 3)
        if self.isChecked():
            role = "on_accent" if self.isEnabled() else "tx2"
            mark = icon_pixmap("check", role, _MARK, self.devicePixelRatioF())
            painter.drawPixmap((box.center() - QRectF(0, 0, _MARK, _MARK).center()).toPoint(), mark)
        painter.end()
