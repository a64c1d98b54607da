"""The banner over every page while a past moment is shown: which one, and the way back."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from widgets.parts.controls.action_button import ActionButton
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.labels import text_label

BACK_TO_NOW = "back_to_now"
_OF_THEN = "Lists, figures and counts are of that moment; nothing can be changed in it."
_OF_NOW = "This page is of now, as it always is; the counts around it are of that moment."


class PastBar(QWidget):
    """`back` is the wish to leave the past moment."""

    back = pyqtSignal()

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        """``key`` goes back too, besides Esc."""
        super().__init__(parent)
        self.setProperty("part", "past_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(35)
        keys = " or ".join(filter(None, ("Esc", key)))
        self.told = text_label("", weight="medium", parent=self)
        self.note = ElidedLabel("", parent=self)
        self.button = ActionButton(
            "Back to now", dense=True, icon_name="undo", tip=f"Leave the past moment ({keys})", parent=self
        )
        self.button.clicked.connect(self.back)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 1)
        row.setSpacing(12)
        row.addWidget(self.told)
        row.addWidget(self.note, 1)
        row.addWidget(self.button)
        self.hide()

    def show_moment(self, moment: str, tip: str, *, of_now: bool) -> None:
        """Name the moment, and what of the window is of it; an empty one hides the banner."""
        self.told.setText(f"As of {moment}")
        self.told.setToolTip(tip)
        self.note.setText(_OF_NOW if of_now else _OF_THEN)
        self.setVisible(bool(moment))

    def leave(self) -> None:
        """Wish to go back, if a past moment is shown."""
        if not self.isHidden():
            self.back.emit()
