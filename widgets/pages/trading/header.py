"""The top of the Trading page: which bot, what its candles are, how it runs, and what can be done with it."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.trading.paper.commands import ClosePaper
from widgets.pages.process_acts import PAUSE, Act, holding
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.chip import Chip
from widgets.parts.status import Status
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.labels import dressed
from widgets.states.trading.bots import BotChoice, BotState
from widgets.states.trading.closing import NOTHING_HELD, held_by

_LEAST_TITLE, _LEAST_CHIP = 260, 70
_ROOM_FOR_FILE = 1320


class Header(QWidget):
    """``chosen`` is a bot of the list, ``act`` what a person wants done with the one that is shown."""

    chosen = pyqtSignal(str)
    act = pyqtSignal(object)
    backtest = pyqtSignal()
    override = pyqtSignal()
    closing = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = dressed(ElidedLabel("Trading", _LEAST_TITLE), size="title")
        self.market, self.state, self.file = (
            Chip("", least=_LEAST_CHIP),
            Chip("", Status.IDLE),
            Chip("", dense=True, least=_LEAST_CHIP),
        )
        self.hold = ActionButton(PAUSE.label, icon_name=PAUSE.icon, tip=PAUSE.tip)
        self.backtest_button = ActionButton(
            "Backtest", tip="Run this strategy over all its candles, in another process"
        )
        self.override_button = ActionButton("Override…", tip="Other parameters, for good or for one run")
        self.close_button = ActionButton("Close position", "danger")
        self._holding = PAUSE
        self._name = ""
        self._choices: dict[str, Chip] = {}
        self._lay_out()
        self.hold.clicked.connect(lambda: self.act.emit(self._holding))
        self.backtest_button.clicked.connect(self.backtest)
        self.override_button.clicked.connect(self.override)
        self.close_button.clicked.connect(self.closing)

    def show_bots(self, choices: tuple[BotChoice, ...], bot: BotState, *, working: Act | None, why_not: str) -> None:
        """The list, and the chosen bot; ``why_not`` says why nothing can be done now."""
        if bot.choice.name != self._name:
            self.close_button.reset()
        self._name = bot.choice.name
        self._show_list(choices)
        tape, line = bot.tape, bot.choice.line
        self.title.setText(f"{bot.choice.name} · {tape.market}" if tape else bot.choice.name)
        told = f"{tape.timeframe} · paper · {tape.label}" if tape else "paper"
        self.market.show_text(told)
        because = f". {tape.because}" if tape and tape.because else ""
        self.market.setToolTip(f"{told}{because}\n{bot.file}")
        self.state.show_text(line.word, Status(line.shape))
        self.state.setToolTip(line.doing)
        self.file.show_text(bot.file)
        self._fit()
        self._show_hold(holding(line), working, why_not)
        self._show_close("" if held_by(bot) else NOTHING_HELD, why_not)

    def answered(self, command: Command, error: str) -> None:
        """What became of a position that was to be closed."""
        if not isinstance(command, ClosePaper):
            return
        if error:
            self.close_button.show_failed("Not closed", error)
        else:
            self.close_button.show_done()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The file is the first to leave where there is little room."""
        self.file.setVisible(bool(self.file.text()) and self.width() >= _ROOM_FOR_FILE)

    def _show_hold(self, act: Act, working: Act | None, why_not: str) -> None:
        self._holding = act
        self.hold.show_label(act.label, act.icon, f"{act.tip} ({act.key})")
        if working is not None:
            self.hold.show_working()
        elif self.hold.state == "working":
            self.hold.reset()
        self.hold.setEnabled(not why_not and working is None)
        if why_not:
            self.hold.setToolTip(f"Not now: {why_not}")

    def _show_close(self, lacks: str, why_not: str) -> None:
        not_now = why_not or lacks
        self.close_button.setEnabled(not not_now and self.close_button.state != "working")
        tip = f"Not now: {not_now}" if not_now else "Leave what it holds at the next price; asks first"
        if self.close_button.state == "ready":
            self.close_button.setToolTip(tip)

    def _show_list(self, choices: tuple[BotChoice, ...]) -> None:
        for gone in self._choices.keys() - {each.name for each in choices}:
            chip = self._choices.pop(gone)
            self._row.removeWidget(chip)
            chip.deleteLater()
        for place, each in enumerate(choices):
            chip = self._choices.get(each.name) or self._chip(each.name)
            self._row.insertWidget(place, chip)
            chip.show_text(f"{each.name} {each.told}".strip(), Status(each.line.shape))
            chip.setToolTip(each.tip)
            chip.setChecked(each.name == self._name)
        self._list.setVisible(len(choices) > 1)

    def _chip(self, name: str) -> Chip:
        chip = self._choices[name] = Chip(name, Status.IDLE, dense=True, pressable=True, least=_LEAST_CHIP)
        chip.setCheckable(True)
        chip.clicked.connect(lambda _checked: self.chosen.emit(name))
        return chip

    def _lay_out(self) -> None:
        self._list = QWidget()
        self._list.setAccessibleName("Strategies")
        self._row = QHBoxLayout(self._list)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addStretch(1)
        self._list.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.title, self.market, self.state, self.file):
            row.addWidget(widget)
        row.addStretch(1)
        for button in (self.hold, self.override_button, self.backtest_button, self.close_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._list)
        column.addLayout(row)
