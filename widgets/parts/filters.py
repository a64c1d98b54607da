"""What every list with a filter has: a row of choices of which one holds, and a field to search."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from widgets.parts.chip import Chip
from widgets.theme import icon, icon_pixmap


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
        row.addStretch(1)
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


class Dropdown(QComboBox):
    """A choice of one out of many, whose first entry is all of them."""

    def __init__(self, name: str, all_of_them: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumWidth(190)
        self._all = all_of_them
        self._names: tuple[str, ...] = ()
        self.addItem(all_of_them, "")

    @property
    def chosen(self) -> str:
        """The chosen name; empty for all."""
        return str(self.currentData() or "")

    def choose(self, name: str) -> None:
        """Choose a name, also one that is not offered yet."""
        if name and name not in self._names:
            self.offer((*self._names, name))
        self.setCurrentIndex(max(0, self.findData(name)))

    def offer(self, names: Iterable[str]) -> None:
        """Offer these, and the chosen one whatever it is; the same ones cost nothing."""
        chosen = self.chosen
        wanted = tuple(sorted({*names, *([chosen] if chosen else [])}, key=str.casefold))
        if wanted == self._names:
            return
        self._names = wanted
        self.clear()
        self.addItem(self._all, "")
        for name in wanted:
            self.addItem(name, name)
        self.setCurrentIndex(max(0, self.findData(chosen)))

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        super().paintEvent(event)
        paint_chevron(self)


def paint_chevron(box: QComboBox) -> None:
    """The sign that something opens; a style sheet could not tint it."""
    painter = QPainter(box)
    drawing = icon_pixmap("chevron_down", "tx1", 12, box.devicePixelRatioF())
    painter.drawPixmap(box.width() - 20, (box.height() - 12) // 2, drawing)
    painter.end()


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
