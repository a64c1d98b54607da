"""A text that can be changed where it stands, as high as its words."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QResizeEvent
from PyQt6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

_LEAST_LINES, _MOST_LINES = 2, 10
_PADDING = 26  # its own, the document's and the frame's


class DraftBox(QPlainTextEdit):
    """Ctrl+Enter says `sent`; Escape takes back what was changed and says `left`."""

    sent = pyqtSignal()
    left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._original = ""
        self.setAccessibleName("Draft, can be changed")
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)

    @property
    def changed(self) -> bool:
        return self.toPlainText() != self._original

    def show_draft(self, text: str) -> None:
        """Begin anew with a text; what was changed in the one before is gone."""
        self._original = text
        self.setPlainText(text)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is None:
            return
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.sent.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.setPlainText(self._original)
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(320, self._height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(160, self._height())

    def _fit(self) -> None:
        self.setFixedHeight(self._height())

    def _height(self) -> int:
        document = self.document()
        lines = round(document.size().height()) if document is not None else 1  # of a plain text: lines, not px
        return min(_MOST_LINES, max(_LEAST_LINES, lines)) * self.fontMetrics().lineSpacing() + _PADDING
