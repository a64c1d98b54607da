"""The top bar: who we are, how it goes, what can be run, what needs you, and the two brakes."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from widgets.frame.rail import RAIL_WIDTH, SLIM_RAIL_WIDTH
from widgets.frame.search_field import SearchField
from widgets.frame.views import FrameView
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.chip import Chip
from widgets.parts.status import Status
from widgets.theme import icon

PALETTE, MENU, INBOX, HEALTH, ENVIRONMENT = "palette", "menu", "page:inbox", "health", "environment"
PAUSE_ALL, RESUME_ALL, STOP_TRADING = "pause_all", "resume_all", "stop_trading"
_PAUSE, _RESUME = "Pause every process", "Resume every process that was paused with all"
_STOP = "End and pause every trading process, until you resume it"
_STOP_NOW = "End and pause every trading process now, whatever moment is shown"
_LEAST_CHIP = 84
"""Px to which the environment gives way: the name of a branch may be of any length."""


class TopBar(QWidget):
    """Every press is said as an action's id."""

    pressed = pyqtSignal(str)

    def __init__(self, name: str, keys: Mapping[str, str] | None = None, parent: QWidget | None = None) -> None:
        """``keys`` are the shortcuts of actions by their id, to be told in tooltips."""
        super().__init__(parent)
        self._name, self._keys = name, keys or {}
        self.setProperty("part", "top_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(51)
        self._paused, self._moment = False, ""
        self.name = self._name_button(name)
        self.health = self._chip("Starting", HEALTH, "How it goes")
        self.environment = self._chip("", ENVIRONMENT, "Environment", _LEAST_CHIP)
        self.search = SearchField("Search or run a command…", "Ctrl K", self)
        self.search.clicked.connect(lambda: self.pressed.emit(PALETTE))
        self.needs_you = self._chip("", INBOX, "What waits for you")
        self.pause_all = ActionButton("Pause all", icon_name="pause", tip=self._tip(_PAUSE, PAUSE_ALL), parent=self)
        self.pause_all.clicked.connect(self._pause_or_resume)
        self.stop_trading = ActionButton(
            "Stop trading", "danger", icon_name="stop", tip=self._tip(_STOP, STOP_TRADING), parent=self
        )
        self.stop_trading.clicked.connect(lambda: self.pressed.emit(STOP_TRADING))
        self._lay_out()

    def set_slim(self, slim: bool) -> None:
        """The mark alone over a rail of icons; its name is the window's title."""
        self.name.setText("" if slim else self._name)
        self.name.setFixedWidth(SLIM_RAIL_WIDTH if slim else RAIL_WIDTH)

    def show_view(self, view: FrameView) -> None:
        health, environment = view.health, view.environment
        _show_chip(self.health, health.text, health.status, "", health.tip)
        tone = "bad" if environment.live else ""
        _show_chip(self.environment, environment.label, None, tone, environment.because)
        self.environment.setVisible(bool(environment.label))
        waits = f"{view.needs_you} need{'s' if view.needs_you == 1 else ''} you"
        _show_chip(self.needs_you, waits, Status.WARN, "", self._tip("What waits for you", INBOX))
        self.needs_you.setVisible(view.needs_you > 0)
        self.stop_trading.setVisible(view.can_stop_trading)
        self._show_brakes(view.all_paused, view.moment)

    def _show_brakes(self, paused: bool, moment: str) -> None:
        """What is grey in a past moment says why; Stop trading is of now whatever is shown."""
        if (paused, moment) == (self._paused, self._moment):
            return
        self._paused, self._moment = paused, moment
        why = f"This is {moment}: go back to now first" if moment else ""
        if paused:
            self.pause_all.show_label("Resume all", "play", why or self._tip(_RESUME, RESUME_ALL))
        else:
            self.pause_all.show_label("Pause all", "pause", why or self._tip(_PAUSE, PAUSE_ALL))
        self.pause_all.setEnabled(not moment)
        self.stop_trading.setToolTip(_STOP_NOW if moment else self._tip(_STOP, STOP_TRADING))

    def _pause_or_resume(self) -> None:
        self.pressed.emit(RESUME_ALL if self._paused else PAUSE_ALL)

    def _tip(self, text: str, action_id: str) -> str:
        key = self._keys.get(action_id, "")
        return f"{text} ({key})" if key else text

    def _name_button(self, name: str) -> QPushButton:
        button = QPushButton(name, self)
        button.setProperty("variant", "name")
        button.setIcon(icon("dreamscape", size=18, gap=5))
        button.setIconSize(QSize(23, 18))
        button.setToolTip("All commands as a menu (F10)")
        button.setAccessibleName(f"{name}, menu")
        button.clicked.connect(lambda: self.pressed.emit(MENU))
        button.setFixedWidth(RAIL_WIDTH)
        return button

    def _chip(self, text: str, action_id: str, name: str, least: int = 0) -> Chip:
        chip = Chip(text, pressable=True, least=least, parent=self)
        chip.setAccessibleDescription(name)
        chip.clicked.connect(lambda: self.pressed.emit(action_id))
        return chip

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 16, 1)
        row.setSpacing(12)
        row.addWidget(self.name)
        for chip in (self.health, self.environment):
            row.addWidget(chip)
        row.addStretch(1)
        row.addWidget(self.search, 100)  # it has its width first, and what is over stands around it
        row.addStretch(1)
        for widget in (self.needs_you, self.pause_all, self.stop_trading):
            row.addWidget(widget)


def _show_chip(chip: Chip, text: str, status: Status | None, tone: str, tip: str) -> None:
    chip.setToolTip(tip)
    if (chip.text(), chip.status, chip.tone) != (text, status, tone):
        chip.show_text(text, status, tone)
