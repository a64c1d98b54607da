"""What every list with a filter has: a row of choices of which one holds, and a field to search."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PyQt6.QtCore import QEvent, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeyEvent
from PyQt6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QWidget

from widgets.parts.controls.chip import Chip
from widgets.parts.controls.combo_box import ComboBox
from widgets.parts.controls.row_keys import go_to_row
from widgets.theme import icon

_DROPDOWN = 190  # px that a list of choices takes where there is room
_AROUND_HINT = 56  # px for the glass, the gaps and the edges of a search field


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
            chip.setToolTip(f"{name}: {label}")
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


class Dropdown(ComboBox):
    """A choice of one out of many, whose first entry is all of them."""

    def __init__(self, name: str, all_of_them: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
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

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(_DROPDOWN, super().sizeHint().height())


class SearchField(QLineEdit):
    """Escape empties it first; Enter and Down go to the first hit of the list that it `leads_to`.

    It is `width` px wide, and narrower where there is no room, but not than its hint.
    """

    def __init__(self, hint: str, width: int = 240, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setToolTip(f"{hint} (Ctrl+F)")
        self.setMaximumWidth(width)
        self._width = width
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._draw()

    def leads_to(self, hits: QAbstractItemView, show: Callable[[], None]) -> None:
        """Enter goes to the first row of ``hits``, once ``show`` has narrowed it to what is typed now."""

        def enter() -> None:
            show()
            if hits.isVisible() and go_to_row(hits, 0):
                hits.setFocus(Qt.FocusReason.ShortcutFocusReason)

        self.returnPressed.connect(enter)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        hint = self.fontMetrics().horizontalAdvance(self.placeholderText())
        return QSize(min(self._width, hint + _AROUND_HINT), super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event is not None and event.key() == Qt.Key.Key_Down:
            self.returnPressed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self._glass.setIcon(icon("search", "tx2", 14))
