"""The Processes page: the list with filter and search, and the detail of the one that is selected."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.process import State
from services.core.views import View
from services.orchestrator.commands import AddProcess
from widgets.pages.page import Page
from widgets.pages.process_table import LIST_COLUMNS, LOG, ProcessTable, Shown
from widgets.pages.processes.detail import DetailPane
from widgets.pages.processes.new_script import NewScript, NewScriptForm
from widgets.parts.action_button import ActionButton
from widgets.parts.card import Card
from widgets.parts.chip import Chip
from widgets.parts.empty_state import EmptyState
from widgets.parts.split import Split
from widgets.states.process_detail import process_detail
from widgets.states.process_lines import process_lines

_FILTERS: dict[str, Callable[[Shown], bool]] = {
    "All": lambda row: True,
    "Running": lambda row: row.line.state in (State.RUNNING, State.STARTING),
    "Paused": lambda row: row.line.held,
    "Attention": lambda row: row.line.troubled,
}


class ProcessesPage(Page):
    """Keys: those of the table; / searches, N makes a new process, L shows the log of the selected one."""

    new_script = pyqtSignal(object)
    """A ``NewScript``: the application writes its file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Processes")
        self.table = ProcessTable(LIST_COLUMNS)
        self.search = QLineEdit()
        self.chips = {name: Chip(name, dense=True, pressable=True) for name in _FILTERS}
        self.new = ActionButton("New process", icon_name="plus", dense=True, tip="Make any command a process (N)")
        self.detail, self.form = DetailPane(), NewScriptForm()
        self.empty = EmptyState("No process selected", "Select one to see why it is where it is, and what it did.")
        self._wanted = ""
        self._adding: NewScript | None = None
        self._view: View | None = None
        self._lay_out()
        self._wire()

    def refresh(self, view: View) -> None:
        """Show what ``view`` knows."""
        self._view = view
        lines = process_lines(view)
        self.table.show_lines(lines)
        for name, chip in self.chips.items():
            count = sum(1 for line in lines if _FILTERS[name](Shown(line)))
            chip.show_text(f"{name} {count}")
        if self._wanted or (self.table.current_key is None and lines):
            self.table.select_key(self._wanted or lines[0].name)
            self._wanted = ""
        self._show_detail()

    def select(self, what: str) -> None:
        """Show a process; one that is not known yet is shown as soon as it is."""
        self._show_all()
        self._wanted = "" if self.table.line_of(what) else what
        self.table.select_key(what)
        self.table.setFocus()

    def answered(self, command: Command, error: str) -> None:
        """Tell row, button or form what came of a command."""
        if isinstance(command, AddProcess) and self._adding and command.process == self._adding.name:
            self.script_answered(self._adding, error)
        self.table.answered(command)
        self.detail.answered(command, error)

    def set_live(self, live: bool) -> None:
        """Nothing can be done in the past."""
        super().set_live(live)
        self.table.set_can_act(live)
        self.new.setEnabled(live)
        self._show_detail()

    def begin_script(self) -> None:
        """Show the form for a new process."""
        if self.can_act:
            self.form.begin()
            self._right.setCurrentWidget(self._form_card)
            self.form.name.setFocus()

    def script_answered(self, script: NewScript, error: str) -> None:
        """The application wrote the file, or says why it could not. ``AddProcess`` answered says so too."""
        self._adding = None
        if error:
            self.form.add.show_failed("Add process", error)
            self.form.mistake.setText(error)
            return
        self.form.add.reset()
        self._wanted = script.name
        self._right.setCurrentWidget(self.empty)

    def _show_detail(self) -> None:
        if self._view is None or self._right.currentWidget() is self._form_card:
            return
        key = self.table.current_key
        detail = process_detail(self._view, str(key)) if key is not None else None
        if detail is not None:
            self.detail.show_detail(detail, can_act=self.can_act)
        self._right.setCurrentWidget(self.empty if detail is None else self.detail)

    def _leave_form(self) -> None:
        self._right.setCurrentWidget(self.empty)
        self._show_detail()
        self.table.setFocus()

    def _submit(self, script: NewScript) -> None:
        self._adding = script
        self.form.add.show_working("Adding…")
        self.new_script.emit(script)

    def _selected(self, key: object) -> None:
        if key is not None and self._right.currentWidget() is self._form_card:
            self._right.setCurrentWidget(self.empty)
        self._show_detail()

    def _filter(self) -> None:
        chosen = next((name for name, chip in self.chips.items() if chip.isChecked()), "All")
        self.table.rows.show_only(self.search.text(), None if chosen == "All" else _FILTERS[chosen])
        self._show_detail()

    def _show_all(self) -> None:
        self.search.clear()
        self.chips["All"].setChecked(True)

    def _want(self, what: str, name: str) -> None:
        if what == LOG:
            self.go_to.emit("logs", name)
        else:
            self.detail.hold.setFocus()

    def _wire(self) -> None:
        for source in (self.table, self.detail):
            source.command.connect(self.command)
            source.wanted.connect(self._want)
        self.table.selected.connect(self._selected)
        self.search.textChanged.connect(lambda _text: self._filter())
        for chip in self.chips.values():
            chip.toggled.connect(lambda checked: self._filter() if checked else None)
        self.new.clicked.connect(lambda: self.begin_script())
        self.form.made.connect(self._submit)
        self.form.given_up.connect(self._leave_form)
        keys: dict[str, Callable[[], object]] = {
            "/": self.search.setFocus,
            "N": self.begin_script,
            "L": lambda: self._want(LOG, self.detail.name),
        }
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _lay_out(self) -> None:
        self._form_card = Card("New process")
        self._form_card.add(self.form, 1)
        self._right = QStackedWidget()
        for pane in (self.empty, self.detail, self._form_card):
            self._right.addWidget(pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        panes = Split("processes", Qt.Orientation.Horizontal)
        column.addWidget(panes.fill((self._list(), 6), (self._right, 5)), 1)

    def _list(self) -> Card:
        card = Card("Processes")
        for chip in self.chips.values():
            chip.setCheckable(True)
            chip.setAutoExclusive(True)
            card.add_to_header(chip)
        self.chips["All"].setChecked(True)
        card.add_to_header(self.new)
        self.search.setPlaceholderText("Search by name, state or what it does   /")
        self.search.setAccessibleName("Search processes")
        self.search.setClearButtonEnabled(True)
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 8, 10, 8)
        row.addWidget(self.search)
        card.add(bar)
        card.add(self.table, 1)
        return card
