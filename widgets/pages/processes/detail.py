"""The detail pane: one process with its reasons, its runs, its parameters and everything that can be done with it."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.orchestrator.commands import SetParameters
from widgets.pages.process_acts import ACTS, RESUME, Act, acts_for, name_of
from widgets.pages.process_table import LOG
from widgets.pages.processes.parameters import ParameterEditor
from widgets.pages.processes.run_table import RunTable
from widgets.parts.action_button import ActionButton, Variant
from widgets.parts.card import Card
from widgets.parts.facts import Fact, Facts
from widgets.parts.labels import section_label, text_label
from widgets.parts.status import Status
from widgets.states.process_detail import ProcessDetail


class DetailPane(Card):
    """Shows a ``ProcessDetail``; its buttons stand where they stand, those that make no sense are grey."""

    command = pyqtSignal(object)
    wanted = pyqtSignal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.name = ""
        self._can_act = True
        self._asked: dict[type[Command], ActionButton] = {}
        self.hold = ActionButton("Pause", icon_name="pause")
        self.buttons = {name: _button(ACTS[name]) for name in ("run", "skip", "cancel", "kill")}
        self.log = ActionButton("Log", "quiet", icon_name="logs", tip="Its lines of the log (L)")
        self.facts = Facts("Process")
        self.doing = text_label("", wrap=True)
        self.stalled = text_label("", "bad", "label", wrap=True)
        self.parameters = ParameterEditor()
        self.runs = RunTable()
        self._detail: ProcessDetail | None = None
        self._lay_out()
        self._wire()

    def show_detail(self, detail: ProcessDetail, *, can_act: bool) -> None:
        """Show one process; equal values cost nothing."""
        if (detail, can_act) == (self._detail, self._can_act):
            return
        if detail.line.name != self.name:
            self._begin(detail.line.name)
        self._detail, self._can_act = detail, can_act
        line = detail.line
        self.show_title(line.name)
        self.show_status(Status(line.shape))
        self.show_note(line.service)
        self.doing.setText(line.doing)
        self.facts.show_facts(tuple(Fact(name, value) for name, value in detail.facts))
        self.stalled.setText(f"When it last stalled it stood at {detail.stalled_at}" if detail.stalled_at else "")
        self.stalled.setVisible(bool(detail.stalled_at))
        self.runs.show_runs(detail.runs)
        self._allow(detail)

    def answered(self, command: Command, error: str) -> None:
        """Show on the button what came of its command."""
        if isinstance(command, SetParameters):
            self.parameters.answered(command, error)
            return
        button = self._asked.pop(type(command), None)
        if button is None or name_of(command) != self.name:
            return
        if error:
            button.show_failed("Failed", error)
        else:
            button.show_done()
        if self._detail is not None:
            self._allow(self._detail)

    def do(self, act: Act) -> None:
        """Tell an act's command, unless it is being obeyed already."""
        button = self.hold if act.key == "Space" else self.buttons[act.id]
        if self.name and button.isEnabled():
            button.show_working()
            command = act.command(self.name)
            self._asked[type(command)] = button
            self.command.emit(command)

    def _begin(self, name: str) -> None:
        self.name = name
        self._asked.clear()
        for button in (self.hold, *self.buttons.values()):
            button.reset()
        self.parameters.show_process(name)

    def _allow(self, detail: ProcessDetail) -> None:
        sensible = acts_for(detail.line)
        holding = sensible[0]
        self.hold.show_label(holding.label, holding.icon, f"{holding.tip} ({holding.key})")
        for name, button in (("hold", self.hold), *self.buttons.items()):
            if button.state != "working":
                button.setEnabled(self._can_act and (name == "hold" or ACTS[name] in sensible))
        self.parameters.setEnabled(self._can_act)

    def _hold(self) -> None:
        if self._detail is not None:
            self.do(acts_for(self._detail.line)[0])

    def _wire(self) -> None:
        self.hold.clicked.connect(lambda: self._hold())
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _checked, act=ACTS[name]: self.do(act))
        self.log.clicked.connect(lambda: self.wanted.emit(LOG, self.name))
        self.parameters.command.connect(self.command)

    def _lay_out(self) -> None:
        self.hold.show_label(RESUME.label, RESUME.icon, RESUME.tip)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.hold, self.buttons["run"], self.buttons["skip"], self.buttons["cancel"]):
            row.addWidget(button)
        row.addWidget(self.log)
        row.addStretch(1)
        row.addWidget(self.buttons["kill"])  # red-edged, and never beside the common ones
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.doing)
        column.addLayout(row)
        column.addWidget(self.facts)
        column.addWidget(self.stalled)
        column.addWidget(section_label("Parameters"))
        column.addWidget(self.parameters)
        column.addWidget(section_label("Runs"))
        self.stalled.hide()
        self.add_padded(body)
        self.add(self.runs, 1)


def _button(act: Act) -> ActionButton:
    variant: Variant = "danger" if act.dangerous else "plain"
    return ActionButton(act.label, variant, icon_name=act.icon, tip=f"{act.tip} ({act.key})")
