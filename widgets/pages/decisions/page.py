"""The Decisions page."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.decision_commands import UndoDecision
from services.core.decisions import Decisions
from services.core.views import View
from widgets.actions import ActionEntry
from widgets.pages.decisions.columns import COLUMNS, DAY_WIDTH, TIME_WIDTH
from widgets.pages.decisions.state import KINDS, DecisionsState, LedgerFilter, decisions_state, every, last_undoable
from widgets.pages.page import Page
from widgets.parts.card import Card
from widgets.parts.decision_pane import DecisionPane
from widgets.parts.empty_state import Offer
from widgets.parts.faces import Faces
from widgets.parts.filters import Choices, Dropdown, SearchField
from widgets.parts.labels import text_label
from widgets.parts.split import Split
from widgets.parts.table import RowsModel, Table
from widgets.parts.under_way import UnderWay

_SCOPE = {"group": "Decisions", "scope": "decisions"}
ACTIONS = (
    ActionEntry("decisions.undo", "Undo the last decision", "Take back what was settled last", "Ctrl+Z", **_SCOPE),
    ActionEntry("decisions.approve", "Approve the selected decision", shortcut="A", **_SCOPE),
    ActionEntry("decisions.reject", "Reject the selected decision", shortcut="R", **_SCOPE),
    ActionEntry("decisions.search", "Search the decisions", shortcut="Ctrl+F", **_SCOPE),
)


class DecisionsPage(Page):
    """The ledger, newest first, and the decision that is selected in full. Reads the same over a past view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: View | None = None
        self._seen: tuple[object, ...] = ()
        self._under_way = UnderWay()
        self._wanted = ""
        self.kinds = Choices("Which decisions", KINDS, self)
        self.processes = Dropdown("Process", "All processes", self)
        self.search = SearchField("Search decisions", parent=self)
        self.table = Table(RowsModel(COLUMNS, key=lambda row: row.id), name="Decisions")
        self.pane = DecisionPane("Decision", "Select a decision", self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._show)
        self._lay_out()
        self._wire()

    def refresh(self, view: View) -> None:
        self._view = view
        self.set_live(view.live)
        self._show()

    def select(self, what: str) -> None:
        """Select a decision by its id; the filter gives way if it hides it."""
        self._wanted = what
        if self._view is not None and not self.table.rows.index_of(what).isValid():
            self.kinds.choose("all")
            self.processes.choose("")
            self.search.clear()
            self._show()
        self._select_wanted()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        super().showEvent(event)
        if event is not None and not event.spontaneous():
            self.table.setFocus()  # so that the page's keys count at once

    def answered(self, command: Command, error: str) -> None:
        self._under_way.answered(command, error)
        self.pane.card.answered(command, error)
        self._show()

    def obey(self, action_id: str) -> None:
        """Take one of this page's actions."""
        match action_id:
            case "decisions.undo":
                self.undo_last()
            case "decisions.approve":
                self.pane.card.approve()
            case "decisions.reject":
                self.pane.card.ask_why()
            case "decisions.search":
                self.search.setFocus()

    def undo_last(self) -> None:
        """Take back what was settled last and can be undone."""
        if self._view is None or not self.can_act:
            return
        rows = (row for row in every(self._view.value(Decisions)) if row.id not in self._under_way.notes)
        last = last_undoable(rows)
        if last is not None:
            self._tell(UndoDecision(last.id))

    def _tell(self, command: Command) -> None:
        if self.can_act and self._under_way.begin(command):
            self.command.emit(command)
            self._show()

    # From what is known to what is shown

    def _show(self) -> None:
        view = self._view
        if view is None:
            return
        wanted = LedgerFilter(self.kinds.current, self.processes.chosen, self.search.text())
        known = view.value(Decisions)
        self._under_way.forget_told({row.id for row in known.waiting})
        minute = int(view.at.timestamp()) // 60  # the day of a time changes at most so often
        now = (known, wanted, minute, view.live, self._under_way.state())
        if self._seen and known is self._seen[0] and now[1:] == self._seen[1:]:
            return
        self._seen = now
        self._show_state(decisions_state(view, wanted, self._under_way.notes))

    def _show_state(self, state: DecisionsState) -> None:
        self.table.rows.show_rows(state.rows)
        self.kinds.show_counts({kind: count for kind, count in state.counts.items() if kind != "all"})
        self.processes.offer(state.processes)
        self._fit_times(state)
        counted = f"{len(state.rows):,} of {state.total:,}" if len(state.rows) != state.total else f"{state.total:,}"
        self._list.show_note(counted)
        self.pane.setVisible(state.total > 0)
        if state.total:
            self._faces.show_content()
        else:
            self._show_empty()
        if not self.table.currentIndex().isValid() and state.rows:
            self.table.select_key(state.rows[0].id)
        self._select_wanted()
        self._show_selected()

    def _fit_times(self, state: DecisionsState) -> None:
        """Days are named only where there are some, and only then need the room."""
        longest = max((len(row.when) for row in state.rows), default=0)
        width = TIME_WIDTH if longest <= len("09:31") else DAY_WIDTH
        if self.table.columnWidth(0) in (TIME_WIDTH, DAY_WIDTH) and self.table.columnWidth(0) != width:
            self.table.setColumnWidth(0, width)

    def _show_empty(self) -> None:
        if self._faces.currentWidget() is self._faces.content:
            self._faces.show_empty(
                "No decision yet",
                "Every act taken for you, or put before you, stands here with its reason and its undo.",
                (Offer("processes", "Open Processes"),),
            )

    def _show_selected(self) -> None:
        view, key = self._view, self.table.current_key
        rows = every(view.value(Decisions)) if view is not None else ()
        row = next((row for row in rows if row.id == key), None)
        if view is None or row is None:
            self.pane.show_nothing()
            return
        working, fault = row.id in self._under_way.notes, self._under_way.faults.get(row.id, "")
        self.pane.show_row(row, view.at, can_act=self.can_act, working=working, fault=fault)

    def _select_wanted(self) -> None:
        if self._wanted and self.table.rows.index_of(self._wanted).isValid():
            self.table.select_key(self._wanted)
            self._wanted = ""

    def _wire(self) -> None:
        self.table.selected.connect(lambda _key: self._show_selected())
        self.table.acted.connect(lambda _action, key: self._tell(UndoDecision(str(key))))
        self.table.opened.connect(lambda _key: self.pane.card.setFocus())
        self.kinds.chosen.connect(lambda _kind: self._show())
        self.processes.activated.connect(lambda _place: self._show())
        self.search.textChanged.connect(lambda _text: self._settle.start(120))
        self.pane.card.command.connect(self._tell)
        self.pane.process.connect(lambda name: self.go_to.emit("processes", name))
        self._faces.chosen.connect(lambda page: self.go_to.emit(page, ""))

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(text_label("Decisions", size="title"))
        bar.addSpacing(6)
        bar.addWidget(self.kinds)
        bar.addStretch(1)
        bar.addWidget(self.processes)
        bar.addWidget(self.search)
        self._list = Card("Ledger", parent=self)
        self._faces = Faces(self.table)
        self._list.add(self._faces, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addWidget(Split("decisions", Qt.Orientation.Horizontal).fill((self._list, 8), (self.pane, 5)), 1)
