"""What every list with a filter has: a row of choices of which one holds, and a field to search."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from widgets.parts.chip import Chip
from widgets.theme import icon


class Choices(QWidget):
    """Chips of which exactly one is pressed; `chosen` says its id when a person presses another."""

    chosen = pyqtSignal(str)

    def __init__(self, name: str, choices: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._labels = dict(choices)
        self.chips: dict[str, Chip] = {}
        for identity, label in choices:
            chip = self.chips[identity] = Chip(label, pressable=True, parent=self)
            chip.setCheckable(True)
            chip.setAutoExclusive(True)
            chip.clicked.connect(lambda _checked, pressed=identity: self.chosen.emit(pressed))
            row.addWidget(chip)
        self.choose(choices[0][0])

    @property
    def current(self) -> str:
        return next(identity for identity, chip in self.chips.items() if chip.isChecked())

    def choose(self, identity: str) -> None:
        """Press one without saying so. Raises KeyError for an unknown id."""
        self.chips[identity].setChecked(True)

    def show_counts(self, counts: dict[str, int]) -> None:
        """Numbers behind the words; none for zero, so that only what is there draws the eye."""
        for identity, count in counts.items():
            chip = self.chips[identity]
            text = f"{self._labels[identity]} {count:,}" if count else self._labels[identity]
            if chip.text() != text:
                chip.show_text(text)


class SearchField(QLineEdit):
    """Escape empties it first."""

    def __init__(self, hint: str, width: int = 240, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setToolTip(f"{hint} (Ctrl+F)")
        self.setFixedWidth(width)
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._draw()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self._glass.setIcon(icon("search", "tx2", 14))
