"""One line of text that gives way: cut with an ellipsis where there is no room, whole in its tooltip."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QPalette
from PyQt6.QtWidgets import QLabel, QWidget

from services.core.plain import plain
from widgets.parts.text.cut_text import tells_hidden


class ElidedLabel(QLabel):
    """Asks for the width of its text and lives with less: with ``least`` px, where the text is that long.

    It is cut at its end, or, where both ends tell the most, as those of a path do, in the ``middle``.
    """

    def __init__(self, text: str, least: int = 0, parent: QWidget | None = None, *, middle: bool = False) -> None:
        super().__init__(plain(text), parent)
        self._least = least
        self._cut = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str | None) -> None:  # noqa: N802
        super().setText(plain(text or ""))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        whole = super().minimumSizeHint()
        return QSize(min(self._least, whole.width()), whole.height())

    def event(self, event: QEvent | None) -> bool:
        """The tooltip of one's own, or else the text where it is cut."""
        return tells_hidden(self, event, lambda: self.hidden_text) or super().event(event)

    @property
    def hidden_text(self) -> str:
        """The whole text where it is cut; empty where it can be read."""
        return self.text() if self._shown() != self.text() else ""

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.contentsRect(), self.alignment(), self._shown())
        painter.end()

    def _shown(self) -> str:
        return self.fontMetrics().elidedText(self.text(), self._cut, self.contentsRect().width())
