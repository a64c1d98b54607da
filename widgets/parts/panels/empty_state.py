"""What stands where nothing is yet: what will be here and how to start it."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.parts.controls.action_button import ActionButton, Variant
from widgets.parts.text.labels import text_label


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing a person can do: an id for the program and words for the person.

    `why_not` says why it cannot be done now: then it is grey.
    """

    id: str
    label: str
    variant: Variant = "plain"
    tip: str = ""
    why_not: str = ""


class EmptyState(QWidget):
    """A title, one sentence and the buttons that end the emptiness."""

    chosen = pyqtSignal(str)

    def __init__(
        self, title: str, sentence: str, offers: tuple[Offer, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{title}. {sentence}")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(6)
        column.addStretch(1)
        for label in (text_label(title, weight="strong"), text_label(sentence, "hint", "label", wrap=True)):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addSpacing(8)
        column.addLayout(self._buttons(offers))
        column.addStretch(1)

    def _buttons(self, offers: tuple[Offer, ...]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for offer in offers:
            button = ActionButton(offer.label, offer.variant, tip=offer.why_not or offer.tip, parent=self)
            button.setEnabled(not offer.why_not)
            button.clicked.connect(lambda _checked, chosen=offer.id: self.chosen.emit(chosen))
            row.addWidget(button)
        row.addStretch(1)
        return row
