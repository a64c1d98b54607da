"""The card under the price: orders, equity, backtest and what else is looked up, one at a time."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QWidget

from widgets.parts.controls.chip import Chip
from widgets.parts.panels.card import Card


class BelowCard(Card):
    """Each view, by its name with title and tooltip, is built when it is first shown."""

    turned = pyqtSignal(str)

    def __init__(self, views: dict[str, tuple[str, str, Callable[[], QWidget]]], parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._views = views
        self._built: dict[str, QWidget] = {}
        self._chips: dict[str, Chip] = {}
        self._stack = QStackedWidget()
        self.current = ""
        for name, (title, tip, _make) in views.items():
            chip = self._chips[name] = Chip(title, dense=True, pressable=True)
            chip.setToolTip(tip)
            chip.setCheckable(True)
            chip.setAutoExclusive(True)
            chip.clicked.connect(lambda _checked, wanted=name: self.turn_to(wanted))
            self.add_to_header(chip)
        self.add(self._stack, 1)
        self.turn_to(next(iter(views)))

    def turn_to(self, name: str) -> None:
        """Show a view. Raises KeyError for an unknown one."""
        title, _tip, make = self._views[name]
        if name not in self._built:
            self._built[name] = make()
            self._stack.addWidget(self._built[name])
        self.current = name
        self._chips[name].setChecked(True)
        self._stack.setCurrentWidget(self._built[name])
        self.show_title(title)
        self.turned.emit(name)

    def view(self, name: str) -> QWidget | None:
        """A view, if it was shown already."""
        return self._built.get(name)

    def show_count(self, name: str, count: int) -> None:
        """How many rows a view has, beside its name."""
        title = self._views[name][0]
        self._chips[name].show_text(f"{title} {count:,}" if count else title)
