"""The process that is selected, in full: how it stands and why, what can be done, and how its runs ended."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from widgets.pages.processes.columns import service_role
from widgets.pages.processes.controls import Controls, DangerRow
from widgets.pages.processes.detail import Action, Detail, Trouble
from widgets.pages.processes.parameters import Parameters
from widgets.pages.processes.runs import Runs
from widgets.pages.processes.texts import Texts
from widgets.parts.card import Card
from widgets.parts.error_state import ErrorState, ErrorView
from widgets.parts.faces import Faces
from widgets.parts.facts import Fact, Facts
from widgets.parts.labels import text_label
from widgets.parts.split import Split
from widgets.parts.status import Status


class ProcessPane(Split):
    """``wanted`` is an action, ``set_wanted`` parameters and whether for one run, ``log`` and ``remove`` a name."""

    wanted = pyqtSignal(str)
    set_wanted = pyqtSignal(object, bool)
    log = pyqtSignal(str)
    remove = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("process", Qt.Orientation.Vertical, parent)
        self._name = ""
        self._trouble: Trouble | None = None
        self.card = Card("Process", parent=self)
        self.headline = text_label("", weight="strong", wrap=True)
        self.since = text_label("", "hint", "label")
        self.texts = Texts(self)
        self.fault = text_label("", "bad", "label", wrap=True)
        self.fault.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.controls = Controls(self)
        self.facts = Facts("Figures", self)
        self.parameters = Parameters(self)
        self.runs = Runs(self)
        self._error = QVBoxLayout()
        self._faces = Faces(self._scrolled())
        self.card.add(self._faces, 1)
        self.fill((self.card, 3), (self.runs, 2))
        self.controls.wanted.connect(self.wanted)
        self.controls.log.connect(lambda: self.log.emit(self._name))
        self.controls.remove.connect(lambda: self.remove.emit(self._name))
        self.parameters.wanted.connect(self.set_wanted)
        self.show_nothing()

    @property
    def name(self) -> str:
        """The process that is shown; empty if none is."""
        return self._name

    def show_detail(self, detail: Detail, *, can_act: bool, working: Action | None = None, fault: str = "") -> None:
        """Show a process; ``working`` is on its way, ``fault`` says why the last command was refused."""
        if detail.line.name != self._name:
            self._change(detail.line.name)
        self.card.show_title(detail.line.name)
        self.card.show_status(Status(detail.line.shape))
        self.card.show_note(detail.line.service.capitalize())
        self.headline.setText(detail.headline)
        self.since.setText(detail.since)
        self.since.setToolTip(detail.since_exactly)
        self.texts.show_texts(detail.texts)
        self.texts.setVisible(bool(detail.texts))
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        self._show_trouble(detail.trouble)
        role = service_role(detail.line.service)
        bar = role if role != "tx1" else "accent"
        self.facts.show_facts(tuple(Fact(each.name, each.value, each.part, bar_role=bar) for each in detail.figures))
        self.controls.show_detail(detail, working, can_act=can_act)
        self.parameters.set_can_act(can_act)
        self.runs.show_runs(detail.runs)

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self._name = ""
        self.card.show_title("Process")
        self.card.show_note("")
        self.runs.show_runs(())
        self._faces.show_empty("Nothing is selected", "Select a process to see how it stands and what it did.")

    def _change(self, name: str) -> None:
        self._name = name
        self._faces.show_content()
        self.controls.forget()
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
            self._error.addWidget(ErrorState(view, self))

    def _scrolled(self) -> QScrollArea:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addLayout(self._error)
        column.addWidget(self.texts)
        column.addWidget(self.controls)
        column.addWidget(self.fault)
        column.addWidget(self.facts)
        column.addWidget(self.parameters)
        column.addStretch(1)
        column.addWidget(DangerRow(self.controls, body))
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        return area

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.headline, 1)
        row.addWidget(self.since)
        return row
