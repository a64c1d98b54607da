"""Asks for a reason, in one line: why something is rejected, or armed again."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from widgets.parts.controls.action_button import ActionButton, Variant

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Asking:
    """The words of the row. Where a reason is `required`, an empty one is not taken."""

    placeholder: str
    spoken: str
    sure: str
    sure_tip: str
    back_tip: str
    required: bool = False
    dangerous: bool = True


REJECTING = Asking(
    "Why not? Optional; Enter rejects, Escape does not",
    "Why it is rejected, optional",
    "Reject",
    "Reject it (Enter)",
    "Leave it waiting (Esc)",
)


class ReasonRow(QWidget):
    """Enter says `given` with the reason, Escape says `left`."""

    given = pyqtSignal(str)
    left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None, asking: Asking = REJECTING) -> None:
        super().__init__(parent)
        self._required = asking.required
        self.field = QLineEdit(self)
        self.field.setMaxLength(_LONGEST)
        self.field.setPlaceholderText(asking.placeholder)
        self.field.setAccessibleName(asking.spoken)
        variant: Variant = "danger" if asking.dangerous else "primary"
        self.sure = ActionButton(asking.sure, variant, tip=asking.sure_tip, parent=self)
        self.back = ActionButton("Cancel", "quiet", tip=asking.back_tip, parent=self)
        self.field.textChanged.connect(self._allow)
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
        self._allow("")
        self.show()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _allow(self, typed: str) -> None:
        self.sure.setEnabled(bool(typed.strip()) or not self._required)

    def _give(self) -> None:
        if self.sure.isEnabled():
            self.given.emit(self.field.text().strip())
