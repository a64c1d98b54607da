"""The process that is selected, in full: how it stands and why, what can be done, and how its runs ended."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from widgets.pages.process_acts import Act
from widgets.pages.process_table import service_role
from widgets.pages.processes.controls import PAST, Controls, DangerRow
from widgets.pages.processes.parameters import Parameters
from widgets.pages.processes.runs import Runs
from widgets.pages.processes.watched import WatchedBy
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.panels.card import Card
from widgets.parts.panels.error_state import ErrorState, ErrorView
from widgets.parts.panels.faces import Faces
from widgets.parts.panels.scrolled import Scrolled, headed
from widgets.parts.panels.split import Split
from widgets.parts.status import Status
from widgets.parts.text.facts import Fact, Facts
from widgets.parts.text.labels import text_label
from widgets.parts.text.texts import Texts
from widgets.states.process_detail import ProcessDetail, Trouble

_OURS = "it belongs to Dreamscape itself; pause it instead"
NARROWEST = 408
"""Px, under which the buttons would not stand in one row."""


class ProcessPane(Split):
    """``wanted`` is an act, ``set_wanted`` parameters and for how long; ``log`` and ``remove`` a name."""

    wanted = pyqtSignal(object)
    set_wanted = pyqtSignal(object, str)
    log = pyqtSignal(str)
    remove = pyqtSignal(str)
    rule = pyqtSignal(str)
    """The key of a rule that watches it, to be opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("process", Qt.Orientation.Vertical, parent)
        self.name = ""
        self._trouble: Trouble | None = None
        self.card = Card("Process", parent=self)
        self.logs = ActionButton("Show log", dense=True, icon_name="logs", tip="What it said, on the Logs page (L)")
        self.headline = text_label("", weight="strong", wrap=True)
        self.since = text_label("", "hint", "label")
        self.texts = Texts(self)
        self.fault = text_label("", "bad", "label", wrap=True)
        self.fault.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.controls = Controls(self)
        self.danger = DangerRow(self.controls, self)
        self.facts = Facts("Figures", self)
        self.watched = WatchedBy(self)
        self.parameters = Parameters(self)
        self.runs = Runs(self)
        self._error = QVBoxLayout()
        self._faces = Faces(self._scrolled())
        self.card.add_to_header(self.logs)
        self.card.add(self._faces, 1)
        self.fill((self.card, 7), (self.runs, 3))
        self._wire()
        self.show_nothing()

    def show_detail(self, detail: ProcessDetail, *, can_act: bool, working: Act | None = None, fault: str = "") -> None:
        """Show a process; ``working`` is on its way, ``fault`` says why the last command was refused."""
        if detail.line.name != self.name:
            self._change(detail.line.name)
        line = detail.line
        self.card.show_title(line.name)
        self.card.show_status(Status(line.shape))
        self.card.show_note(line.service.capitalize())
        self.headline.setText(detail.headline)
        self.since.setText(detail.since)
        self.since.setToolTip(detail.since_exactly)
        self.texts.show_texts(detail.texts)
        self.texts.setVisible(bool(detail.texts))
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        self._show_trouble(detail.trouble)
        role = service_role(line.service)
        bar = role if role != "tx1" else "accent"
        self.facts.show_facts(tuple(Fact(each.name, each.value, each.part, bar_role=bar) for each in detail.figures))
        self.watched.show_lines(detail.rules)
        self.controls.show_detail(detail, working, can_act=can_act)
        self.danger.allow_removal(PAST if not can_act else _OURS if line.service == "system" else line.fixed)
        self.danger.developer.setEnabled(can_act and detail.under_way)
        self.parameters.set_can_act(can_act)
        self.parameters.show_lines(detail.parameters)
        self.runs.show_runs(detail.runs, older=detail.older)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The same for nearly every process, so that going through the list moves nothing."""
        own = super().minimumSizeHint()
        return QSize(max(NARROWEST, own.width()), own.height())

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self.name = ""
        self.card.show_title("Process")
        self.card.show_note("")
        self.card.show_status(None)
        self.logs.hide()
        self.runs.show_runs(())
        self.runs.hide()
        if self._faces.currentWidget() is self._faces.content:
            self._faces.show_empty("Nothing is selected", "Select a process to see how it stands and what it did.")

    def _change(self, name: str) -> None:
        self.name = name
        self._faces.show_content()
        self.logs.show()
        self.runs.show()
        self.controls.forget()
        self.danger.gone.take_back()
        self.parameters.forget()
        self.runs.close_run()

    def _show_trouble(self, trouble: Trouble | None) -> None:
        if trouble == self._trouble:
            return
        self._trouble = trouble
        while (item := self._error.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if trouble is not None:
            view = ErrorView(trouble.what, trouble.why, trouble.what_to_do, trouble.details)
            error = ErrorState(view, self)
            self._error.addWidget(error)
            error.show()  # else it would count for nothing until the next beat, and be cut for one frame

    def _wire(self) -> None:
        self.controls.wanted.connect(self.wanted)
        self.logs.clicked.connect(lambda: self.log.emit(self.name))
        self.danger.remove.connect(lambda: self.remove.emit(self.name))
        self.parameters.wanted.connect(self.set_wanted)
        self.watched.chosen.connect(self.rule)

    def _scrolled(self) -> Scrolled:
        body, column = headed(self.headline, self.since)
        column.addLayout(self._error)
        for widget in (self.texts, self.controls, self.fault, self.facts, self.watched, self.parameters):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self.danger)
        return Scrolled(body, self)
