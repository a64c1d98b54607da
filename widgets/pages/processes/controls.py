"""What can be done with a process: the common buttons in one row, the dangerous ones apart."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from widgets.pages.process_acts import ACTS, CANCEL, KILL, ONE_RUNS, PAUSE, RESUME, RUN, SKIP, Act, acts_for, refusal
from widgets.pages.processes.developer import DeveloperMenu
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.sure_button import SureButton
from widgets.parts.text.labels import rule
from widgets.states.process_detail import ProcessDetail

PAST = "a past moment is shown"


class Controls(QWidget):
    """``wanted`` is the act that a person wants done. The buttons stand where they stand; some are grey."""

    wanted = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hold = _button(PAUSE)
        self.run, self.skip, self.cancel = (_button(act) for act in (RUN, SKIP, CANCEL))
        self.kill = SureButton(KILL.label, "Kill now", tip=KILL.tip)
        self._holding = PAUSE
        self._buttons = {"run": self.run, "skip": self.skip, "cancel": self.cancel, "kill": self.kill}
        self.hold.clicked.connect(lambda: self.wanted.emit(self._holding))
        for button, act in ((self.run, RUN), (self.skip, SKIP), (self.cancel, CANCEL)):
            button.clicked.connect(lambda _checked, chosen=act: self.wanted.emit(chosen))
        self.kill.sure.connect(lambda: self.wanted.emit(KILL))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for button in (self.hold, self.run, self.skip, self.cancel):
            row.addWidget(button)
        row.addStretch(1)

    def show_detail(self, detail: ProcessDetail, working: Act | None, *, can_act: bool) -> None:
        """Offer what makes sense now; ``working`` is on its way."""
        self._holding = acts_for(detail.line)[0]
        self.hold.show_label(self._holding.label, self._holding.icon, _tip(self._holding))
        self._allow(self.hold, working in (PAUSE, RESUME), "" if can_act else PAST)
        for name, button in self._buttons.items():
            self._allow(button, working is ACTS[name], why_not(ACTS[name], detail) if can_act else PAST)

    def show_answer(self, act: Act, error: str) -> None:
        """What came of it."""
        button = self._button_of(act)
        if error:
            button.show_failed("Not done", error)
        else:
            button.show_done()

    def forget(self) -> None:
        """Another process is shown: what was said of the one before goes."""
        self.kill.take_back()
        for button in (self.hold, *self._buttons.values()):
            button.reset()

    def _button_of(self, act: Act) -> ActionButton:
        return self._buttons.get(act.id, self.hold)

    def _allow(self, button: ActionButton, working: bool, why_not: str) -> None:
        """A grey button says why it is; one that was pressed says how it goes instead."""
        if working:
            if button.state != "working":
                button.show_working()
            return
        if button.state == "working":
            button.reset()
        if why_not and button.hasFocus():
            self.hold.setFocus()  # a grey button loses the keyboard, and the next one may be a dangerous one
        button.setEnabled(not why_not)
        if button.state == "ready":
            usual = button.accessibleDescription()
            button.setToolTip(f"Not now: {why_not}" if why_not else usual)


class DangerRow(QWidget):
    """The red-edged buttons, far from the common ones: ``remove`` is wanted, or the kill of some controls."""

    remove = pyqtSignal()

    def __init__(self, controls: Controls, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gone = SureButton("Remove", "Remove now", tip="End it and take its file away; its history stays")
        self.gone.sure.connect(self.remove)
        self.developer = DeveloperMenu(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(rule(self))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.developer)
        row.addStretch(1)
        row.addWidget(self.gone)
        row.addWidget(controls.kill)
        column.addLayout(row)

    def allow_removal(self, why_not: str) -> None:
        """Grey the button that removes, with the reason; an empty one says that it may be pressed."""
        self.gone.setEnabled(not why_not)
        if not self.gone.asking:
            self.gone.setToolTip(f"Not now: {why_not}" if why_not else self.gone.accessibleDescription())


def possible(detail: ProcessDetail) -> tuple[Act, ...]:
    """What makes sense for a process of which the history is known."""
    return tuple(act for act in acts_for(detail.line) if not why_not(act, detail))


def why_not(act: Act, detail: ProcessDetail) -> str:
    """Why an act makes no sense for a process of which the history is known; empty where it does."""
    if act is KILL and not detail.under_way:
        return "nothing of it runs"
    if act is RUN and detail.line.one_at_a_time and detail.under_way:
        return ONE_RUNS
    return refusal(act, detail.line)


def _button(act: Act) -> ActionButton:
    return ActionButton(act.label, icon_name=act.icon, tip=_tip(act))


def _tip(act: Act) -> str:
    return f"{act.tip} ({act.key})" if act.key else act.tip
