"""The card under the price: orders, equity, backtest and what else is looked up, one at a time."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QWidget

from widgets.parts.controls.chip import Chip
from widgets.parts.panels.card import Card

_VIEWS = {
    "orders": ("Orders and fills", "What was traded in this session, and why (O)"),
    "equity": ("Equity", "What the account was worth after each candle, and how far under its peak (E)"),
    "anomalies": ("Anomalies", "What was unusual on the market (U)"),
    "sweep": ("Sweep", "Which numbers would have done best (W)"),
    "backtest": ("Backtest", "The strategy over all its candles (B)"),
    "account": ("Account", "What is held and ordered at the exchange, and its guards (A)"),
}
"""By name: title and tooltip."""


class BelowCard(Card):
    """Each view is built when it is first shown."""

    turned = pyqtSignal(str)

    def __init__(self, views: dict[str, Callable[[], QWidget]], parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._views = views
        self._built: dict[str, QWidget] = {}
        self._chips: dict[str, Chip] = {}
        self._stack = QStackedWidget()
        self.current = ""
        for name in views:
            title, tip = _VIEWS[name]
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
        make = self._views[name]
        if name not in self._built:
            self._built[name] = make()
            self._stack.addWidget(self._built[name])
        self.current = name
        self._chips[name].setChecked(True)
        self._stack.setCurrentWidget(self._built[name])
        self.show_title(_VIEWS[name][0])
        self.turned.emit(name)

    def view(self, name: str) -> QWidget | None:
        """A view, if it was shown already."""
        return self._built.get(name)

    def show_count(self, name: str, count: int) -> None:
        """How many rows a view has, beside its name."""
        title = _VIEWS[name][0]
        self._chips[name].show_text(f"{title} {count:,}" if count else title)
