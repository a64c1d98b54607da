"""What can be done with a process: the common buttons in one row, the dangerous ones apart."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.orchestrator.commands import CancelProcess, KillProcess, PauseProcess, ResumeProcess, RunNow, SkipNext
from widgets.pages.processes.detail import Action, Detail
from widgets.parts.action_button import ActionButton
from widgets.parts.labels import rule
from widgets.parts.sure_button import SureButton

MAKE: dict[Action, Callable[[str], Command]] = {
    "pause": PauseProcess,
    "resume": ResumeProcess,
    "run": lambda name: RunNow(name, {}),
    "skip": SkipNext,
    "cancel": CancelProcess,
    "kill": KillProcess,
}
"""The command of each action."""
_WORKING: dict[Action, str] = {
    "pause": "Pausing…",
    "resume": "Resuming…",
    "run": "Starting…",
    "skip": "Skipping…",
    "cancel": "Cancelling…",
    "kill": "Killing…",
}
_DONE: dict[Action, str] = {
    "pause": "Asked",
    "resume": "Resumed",
    "run": "Started",
    "skip": "Skipped",
    "cancel": "Asked",
    "kill": "Killed",
}


def working_word(action: Action) -> str:
    """What stands where the state is while the command is on its way."""
    return _WORKING[action]


class Controls(QWidget):
    """``wanted`` says which action; ``log``, ``remove`` are for the page."""

    wanted = pyqtSignal(str)
    log = pyqtSignal()
    remove = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hold = ActionButton("Pause", icon_name="pause", tip=_PAUSE, parent=self)
        self.run = ActionButton("Run now", icon_name="play", tip="Start a run now, whatever the schedule says (R)")
        self.skip = ActionButton("Skip next", tip="Leave out the next scheduled run")
        self.cancel = ActionButton("Cancel", icon_name="stop", tip="End its runs; its schedule stays (Del)")
        self.logs = ActionButton("Show log", "quiet", icon_name="logs", tip="What it said, on the Logs page")
        self.kill = SureButton(
            "Kill", "Kill now", tip="End its run at once, as a fault would; the watchdog restarts it"
        )
        self.gone = SureButton(
            "Remove", "Remove now", tip="End it and take its file away; its history stays", parent=self
        )
        self._buttons: dict[Action, ActionButton] = {
            "pause": self.hold,
            "resume": self.hold,
            "run": self.run,
            "skip": self.skip,
            "cancel": self.cancel,
            "kill": self.kill,
        }
        self._holds: Action = "pause"
        self._lay_out()
        self._wire()

    def show_detail(self, detail: Detail, working: Action | None, *, can_act: bool) -> None:
        """Offer what makes sense now; ``working`` is on its way."""
        self._show_hold(detail)
        for action, button in self._buttons.items():
            if button is self.hold and action != self._holds:
                continue
            if working is not None and button is self._buttons[working]:
                if button.state != "working":
                    button.show_working(_WORKING[working])
                continue
            if button.state == "working":
                button.reset()
            button.setEnabled(can_act and action in detail.can)
        self.gone.setEnabled(can_act)

    def show_answer(self, action: Action, error: str) -> None:
        """What came of a press."""
        button = self._buttons[action]
        if error:
            button.show_failed("Not done", error)
        else:
            button.show_done(_DONE[action])

    def forget(self) -> None:
        """Another process is shown: what was said of the one before goes."""
        for button in dict.fromkeys(self._buttons.values()):
            button.reset()
        self.kill.take_back()
        self.gone.take_back()

    def _show_hold(self, detail: Detail) -> None:
        self._holds = "resume" if "resume" in detail.can else "pause"
        if self._holds == "resume":
            self.hold.show_label("Resume", "play", "Let it go on (Space)")
        else:
            self.hold.show_label("Pause", "pause", _PAUSE)

    def _wire(self) -> None:
        self.hold.clicked.connect(lambda: self.wanted.emit(self._holds))
        self.run.clicked.connect(lambda: self.wanted.emit("run"))
        self.skip.clicked.connect(lambda: self.wanted.emit("skip"))
        self.cancel.clicked.connect(lambda: self.wanted.emit("cancel"))
        self.kill.sure.connect(lambda: self.wanted.emit("kill"))
        self.gone.sure.connect(self.remove)
        self.logs.clicked.connect(self.log)

    def _lay_out(self) -> None:
        common = QHBoxLayout()
        common.setSpacing(6)
        for button in (self.hold, self.run, self.skip, self.cancel):
            common.addWidget(button)
        common.addStretch(1)
        common.addWidget(self.logs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(common)


class DangerRow(QWidget):
    """The red-edged buttons of ``Controls``, far from the common ones."""

    def __init__(self, controls: Controls, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(rule(self))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addStretch(1)
        row.addWidget(controls.gone)
        row.addWidget(controls.kill)
        column.addLayout(row)


_PAUSE = "Hold it at its next checkpoint (Space)"
