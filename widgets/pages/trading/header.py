"""The top of the Trading page: which bot, what its candles are, how it runs, and what can be done with it."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.trading.desk.commands import ClosePosition
from services.trading.paper.commands import ClosePaper
from widgets.pages.process_acts import PAUSE, Act, holding
from widgets.pages.trading.bot_list import BotList
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.chip import Chip
from widgets.parts.status import Status
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.labels import dressed
from widgets.states.trading.bots import BotChoice, BotState
from widgets.states.trading.closing import NOTHING_HELD, held_by

_LEAST_TITLE, _LEAST_CHIP, _BETWEEN = 160, 70, 8


class Header(QWidget):
    """``chosen`` is a bot of the list, ``act`` what a person wants done with the one that is shown."""

    chosen = pyqtSignal(str)
    act = pyqtSignal(object)
    backtest = pyqtSignal()
    override = pyqtSignal()
    closing = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = BotList()
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
        self._told: tuple[tuple[str, str], ...] = (("", ""),)
        """What market and file say, the most first."""
        self._holding = PAUSE
        self._name = ""
        self._lay_out()
        self.list.chosen.connect(self.chosen)
        self.hold.clicked.connect(lambda: self.act.emit(self._holding))
        self.backtest_button.clicked.connect(self.backtest)
        self.override_button.clicked.connect(self.override)
        self.close_button.clicked.connect(self.closing)

    def show_bots(self, choices: tuple[BotChoice, ...], bot: BotState, *, working: Act | None, why_not: str) -> None:
        """The list, and the chosen bot; ``why_not`` says why nothing can be done now."""
        if bot.choice.name != self._name:
            self.close_button.reset()
        self._name = bot.choice.name
        self.list.show_bots(choices, self._name)
        tape, line = bot.tape, bot.choice.line
        self.title.setText(f"{bot.choice.name} · {tape.market}" if tape else bot.choice.name)
        told, origin = _traded_where(bot)
        name = bot.file.rpartition("/")[2]
        self._told = ((told, bot.file), (origin, bot.file), (origin, name), (origin, ""))
        because = f". {tape.because}" if tape and tape.because else ""
        self.market.setToolTip(f"{told}{because}\n{bot.file}")
        self.state.show_text(line.word, Status(line.shape))
        self.state.setToolTip(line.doing)
        self.file.setToolTip(f"{bot.file}: the strategy it trades by")
        self._show_hold(holding(line), working, why_not)
        self._show_close("" if held_by(bot) else NOTHING_HELD, why_not)
        self._fit()

    def answered(self, command: Command, error: str) -> None:
        """What became of a position that was to be closed."""
        if not isinstance(command, ClosePaper | ClosePosition) or command.bot != self._name:
            return
        if error:
            self.close_button.show_failed("Not closed", error)
        else:
            self.close_button.show_done()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Say as much of market and file as there is room for; the whole of both is in their tooltips."""
        own = (self.title, self.state, self.hold, self.override_button, self.backtest_button, self.close_button)
        room = self.width() - sum(each.sizeHint().width() + _BETWEEN for each in own)
        for market, file in self._told:
            chips = ((self.market, market), (self.file, file))
            if sum(chip.wide_for(text) + _BETWEEN for chip, text in chips if text) <= room:
                break
        self.market.show_text(market)
        self.file.show_text(file)
        self.file.setVisible(bool(file))

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

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(_BETWEEN)
        for widget in (self.title, self.market, self.state, self.file):
            row.addWidget(widget)
        row.addStretch(1)
        for button in (self.hold, self.override_button, self.backtest_button, self.close_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list)
        column.addLayout(row)


def _traded_where(bot: BotState) -> tuple[str, str]:
    """With whose money and on which candles, whole and short; where that is the exchange, it is never left out."""
    tape = bot.tape
    if tape is None:
        where = bot.choice.where or "paper"
        return where, where
    if tape.exchange:
        return f"{tape.timeframe} · {tape.label}, traded there", f"{tape.timeframe} · {tape.label}"
    origin = tape.label.partition(":")[0]
    return f"{tape.timeframe} · paper · {tape.label}", f"{tape.timeframe} · paper · {origin}"
