"""Asks why not, in one line; an empty answer is an answer."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from widgets.parts.action_button import ActionButton

_LONGEST = 300


class ReasonRow(QWidget):
    """Enter says `given` with the reason, Escape says `left`."""

    given = pyqtSignal(str)
    left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(self)
        self.field.setMaxLength(_LONGEST)
        self.field.setPlaceholderText("Why not? Optional; Enter rejects, Escape does not")
        self.field.setAccessibleName("Why it is rejected, optional")
        self.sure = ActionButton("Reject", "danger", tip="Reject it (Enter)", parent=self)
        self.back = ActionButton("Cancel", "quiet", tip="Leave it waiting (Esc)", parent=self)
        self.field.returnPressed.connect(self._give)
        self.sure.clicked.connect(lambda _checked: self._give())
        self.back.clicked.connect(lambda _checked: self.left.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.field, self.sure, self.back):
            row.addWidget(part, 1 if part is self.field else 0)

    def ask(self) -> None:
        """Show an empty field, ready to be typed into."""
        self.field.clear()
        self.show()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _give(self) -> None:
        self.given.emit(self.field.text().strip())
