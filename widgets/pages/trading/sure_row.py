"""A question below the header, before something is done that cannot be taken back."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QWidget

from widgets.parts.controls.action_button import ActionButton
from widgets.parts.text.labels import text_label


class SureRow(QFrame):
    """Says what would be done; ``sure`` is the yes. Escape, or Cancel, leaves it; ``left`` tells that it is over."""

    sure = pyqtSignal()
    left = pyqtSignal()

    def __init__(self, yes: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "card")
        self.told = text_label("", "secondary", wrap=True)
        self.yes = ActionButton(yes, "danger", tip=f"{yes}, now")
        self.no = ActionButton("Cancel", "quiet", tip="Leave it as it is (Esc)")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(8)
        row.addWidget(self.told, 1)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        self.yes.clicked.connect(self._give)
        self.no.clicked.connect(self.leave)
        self.about = ""
        self.hide()

    def ask(self, told: str, about: str) -> None:
        """Show the question; the focus is on what changes nothing. ``about`` is what would be left."""
        self.about = about
        self.told.setText(told)
        self.setAccessibleName(told)
        self.show()
        self.no.setFocus()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def leave(self) -> None:
        """Ask no more."""
        self.hide()
        self.left.emit()

    def _give(self) -> None:
        self.leave()
        self.sure.emit()
