"""Override: other parameters for the bot that is shown, for good, for its next run, or in a run that begins now."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QWidget

from services.core.commands import Command
from services.orchestrator.commands import RunAnew, SetParameters
from widgets.pages.processes.parameters import NOW, ONCE, Parameters
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.panels.card import Card, padded
from widgets.states.trading.bots import BotState


class OverrideCard(Card):
    """``command`` is what a person wants changed; ``process_wanted`` the bot that they want to see in full."""

    command = pyqtSignal(object)
    process_wanted = pyqtSignal(str)
    left = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Override", parent=parent)
        self.parameters = Parameters()
        self.process = ActionButton("Open process", "quiet", dense=True, tip="Its runs, rules and log")
        self.back = ActionButton("Done", "quiet", dense=True, tip="Close this (Esc)")
        self.add_to_header(self.process)
        self.add_to_header(self.back)
        self.add(padded(self.parameters))
        self._bot = ""
        self.parameters.wanted.connect(self._set)
        self.process.clicked.connect(lambda: self.process_wanted.emit(self._bot))
        self.back.clicked.connect(self.leave)
        self.hide()

    def toggle(self, bot: BotState) -> None:
        """Open it for a bot, or close it."""
        if self.isVisible():
            self.leave()
            return
        self.show()
        self.show_bot(bot, can_act=True)
        self.parameters.field.setFocus()

    def show_bot(self, bot: BotState, *, can_act: bool) -> None:
        """What its next run is given; while it is closed it costs nothing."""
        if not self.isVisible():
            return
        if bot.choice.name != self._bot:
            self._bot = bot.choice.name
            self.show_title(f"Override {self._bot}")
            self.parameters.forget()
        self.parameters.set_can_act(can_act)
        self.parameters.show_lines(bot.parameters)

    def leave(self) -> None:
        """It is done with."""
        self.hide()
        self.left.emit()

    def answered(self, command: Command, error: str) -> None:
        if isinstance(command, SetParameters | RunAnew) and command.process == self._bot and self.isVisible():
            self.parameters.show_answer(error)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _set(self, changed: object, span: str) -> None:
        if isinstance(changed, dict) and self._bot:
            anew = span == NOW
            self.command.emit(RunAnew(self._bot, changed) if anew else SetParameters(self._bot, changed, span == ONCE))
