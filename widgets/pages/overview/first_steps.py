"""Three ways to begin, for a home that has nothing of its user's own yet."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QWidget

from widgets.parts.controls.action_button import ActionButton
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.labels import text_label

_STEPS = (
    ("add.script", "Add a script", "Any command becomes a watched process"),
    ("add.project", "Add a project", "Its tests run on every change"),
    ("add.strategy", "Add a strategy", "Trades on paper, on recorded or generated candles"),
)


class FirstSteps(QFrame):
    """A slim card; ``chosen`` says what to begin with."""

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "card")
        self.setAccessibleName("First steps")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(8)
        row.addWidget(text_label("What runs here are the built-in examples.", weight="medium"))
        hint = ElidedLabel("Begin with something of your own:")
        hint.setProperty("tone", "hint")
        row.addWidget(hint)
        row.addStretch(1)
        self.buttons: dict[str, ActionButton] = {}
        for place, (offer, label, tip) in enumerate(_STEPS):
            button = ActionButton(label, "plain" if place else "primary", icon_name="plus", tip=tip)
            button.clicked.connect(lambda _checked, chosen=offer: self.chosen.emit(chosen))
            self.buttons[offer] = button
            row.addWidget(button)
