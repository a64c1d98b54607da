"""The bots in one line, one of them shown; those that the line has no room for are behind its last chip."""

from __future__ import annotations

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from services.core.plain import plain
from widgets.parts.controls.chip import Chip
from widgets.parts.status import Status
from widgets.states.trading.bots import BotChoice

_LEAST, _MOST, _BETWEEN = 70, 260, 6
"""Px of a chip at least and at most, and between two of them."""
_PRESSING = (Status.BAD, Status.WARN)
"""What is seen of bots that have no room, too."""


class BotList(QWidget):
    """``chosen`` is the one that is wanted. The one that is shown is always in the line."""

    chosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Strategies")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._choices: tuple[BotChoice, ...] = ()
        self._name = ""
        self._chips: dict[str, Chip] = {}
        self.hidden_ones: tuple[str, ...] = ()
        """The bots that the line has no room for, by name."""
        self.more = Chip("", dense=True, pressable=True)
        self.more.setToolTip("The bots that have no room here (N shows the next one)")
        self.more.clicked.connect(self._open_menu)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_BETWEEN)
        self._row.addWidget(self.more)
        self._row.addStretch(1)
        self.hide()

    def show_bots(self, choices: tuple[BotChoice, ...], name: str) -> None:
        """All bots, of which ``name`` is shown; a single one needs no list."""
        for gone in self._chips.keys() - {each.name for each in choices}:
            chip = self._chips.pop(gone)
            self._row.removeWidget(chip)
            chip.deleteLater()
        for place, each in enumerate(choices):
            chip = self._chips.get(each.name) or self._chip(each.name)
            if self._row.indexOf(chip) != place:
                self._row.insertWidget(place, chip)
            told = f"{each.name} {each.told}".strip()
            chip.show_text(f"{told} · {each.where}" if each.where else told, Status(each.line.shape))
            chip.setToolTip(f"{each.name}: {each.tip}")
            chip.setChecked(each.name == name)
        self._choices, self._name = choices, name
        self.setVisible(len(choices) > 1)
        self._fit()

    def menu(self) -> QMenu:
        """Those that the line has no room for, to be popped up; it deletes itself when it is closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for name in self.hidden_ones:
            entry = menu.addAction(plain(self._chips[name].accessibleName()).replace("&", "&&"))
            if entry is not None:
                entry.triggered.connect(lambda _checked, wanted=name: self.chosen.emit(wanted))
        return menu

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(_LEAST, self.more.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = {each.name: min(self._chips[each.name].sizeHint().width(), _MOST) + _BETWEEN for each in self._choices}
        room = self.width() + _BETWEEN
        if sum(wide.values()) > room:
            room -= self.more.wide_for(_told(len(wide))) + _BETWEEN + wide.pop(self._name, 0)
        hidden: list[str] = []
        for name, own in wide.items():
            room -= own
            if room < 0:
                hidden.append(name)
        for name, chip in self._chips.items():
            chip.setVisible(name not in hidden)
        self.hidden_ones = tuple(hidden)
        states = {self._chips[name].status for name in hidden}
        self.more.show_text(_told(len(hidden)), next((each for each in _PRESSING if each in states), None))
        self.more.setVisible(bool(hidden))

    def _chip(self, name: str) -> Chip:
        chip = self._chips[name] = Chip(name, Status.IDLE, dense=True, pressable=True, least=_LEAST, parent=self)
        chip.setMaximumWidth(_MOST)
        chip.setCheckable(True)
        chip.clicked.connect(lambda _checked: self.chosen.emit(name))
        return chip

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))


def _told(left: int) -> str:
    return f"{left} more ▾"
