"""A list of decisions with the selected one in full: what the Inbox and the ledger have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.process import State
from services.core.projections.views import View
from services.core.rules.holding import undo_held
from services.core.rules.standings import RuleStandings, RulesValue
from services.orchestrator.history.projections import Processes, ProcessesValue
from widgets.pages.page import Page
from widgets.parts.controls.filters import Choices, SearchField
from widgets.parts.decisions.pane import DecisionPane
from widgets.parts.decisions.under_way import UnderWay
from widgets.parts.panels.card import Card
from widgets.parts.panels.empty_state import Offer
from widgets.parts.panels.faces import Faces
from widgets.parts.table import RowsModel, Table
from widgets.parts.text.labels import text_label

_SETTLE_MS = 120  # after the last letter of a search


class DecisionListPage(Page):
    """Filter, list, pane, and the commands that are on their way. Reads the same over a past view.

    A page of this kind says what it asks of a view (`_asked`), shows the answer (`_show_rows`), knows all decisions
    it may be asked to select (`_known`), and lays out its panes.
    """

    EMPTY = ("", "")
    """What stands where there is no decision at all: a title and a sentence."""

    def __init__(
        self,
        title: str,
        kinds: Choices,
        search: SearchField,
        table: Table,
        pane: DecisionPane,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.kinds, self.search, self.table, self.pane = kinds, search, table, pane
        self._view: View | None = None
        self._seen: tuple[Any, ...] = ()
        self._under_way = UnderWay()
        self._wanted = ""
        self._faces = Faces(table)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._show)
        self._connect()

    def refresh(self, view: View) -> None:
        self._view = view
        self.set_live(view.live)
        self._show()

    def select(self, what: str) -> None:
        """Select a decision by its id; the filter gives way if it hides it."""
        self._wanted = what
        if self._view is not None and not self.table.rows.index_of(what).isValid():
            self._widen()
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
        """Take one of the page's actions."""
        match action_id.partition(".")[2]:
            case "approve":
                self.pane.card.approve()
            case "edit":
                self.pane.card.edit()
            case "reject":
                self.pane.card.ask_why()
            case "snooze":
                self.pane.card.snooze()
            case "wake":
                self.pane.card.wake()
            case "search":
                self.search.setFocus()

    def why_not(self, action_id: str) -> str:
        name = action_id.partition(".")[2]
        if name not in ("approve", "edit", "reject", "snooze", "wake"):
            return ""
        return self.pane.card.why_not(name) if self.pane.row is not None else "nothing is selected"

    # What a page of this kind says of itself

    def _asked(self, view: View) -> tuple[object, ...]:
        """What the rows depend on besides the decisions: filters, and the time as far as it shows."""
        raise NotImplementedError(f"{type(self).__name__} asks for nothing")

    def _show_rows(self, view: View) -> None:
        """Show the rows of a view by `show_list`."""
        raise NotImplementedError(f"{type(self).__name__} shows nothing")

    def _known(self, known: DecisionsValue) -> Iterable[DecisionRow]:
        """All that can be shown in full."""
        raise NotImplementedError(f"{type(self).__name__} knows nothing")

    def _widen(self) -> None:
        """Let everything through the filter."""
        self.kinds.choose("all")
        self.search.clear()

    def _obeyed(self, command: Command) -> None:
        """A command has just left: its button goes, and the keyboard must not go on to the next one."""
        self.table.setFocus()

    # From what is known to what is shown

    def show_list(self, rows: tuple[Any, ...], total: int) -> None:
        """These are the rows, of so many decisions in all; the first is selected if none is."""
        self.table.rows.show_rows(rows)
        self.pane.setVisible(total > 0)
        if total:
            self._faces.show_content()
        elif self._faces.currentWidget() is self._faces.content:
            self._faces.show_empty(
                *self.EMPTY, (Offer("processes", "Open Processes", tip="What is done for you is done by a process"),)
            )
        if not self.table.currentIndex().isValid() and rows:
            self.table.select_key(rows[0].id)
        self._select_wanted()
        self._show_selected()

    def _show(self) -> None:
        view = self._view
        if view is None:
            return
        known = view.value(Decisions)
        self._under_way.forget_told({row.id for row in known.waiting})
        now = (self._asked(view), view.live, self._under_way.state(), runs_of(view), rules_of(view))
        if self._seen and known is self._seen[0] and now == self._seen[1]:
            return
        self._seen = (known, now)
        self._show_rows(view)

    def _show_selected(self) -> None:
        view, key = self._view, self.table.current_key
        rows = self._known(view.value(Decisions)) if view is not None else ()
        row = next((row for row in rows if row.id == key), None)
        if view is None or row is None:
            self.pane.show_nothing()
            return
        working, fault = row.id in self._under_way.notes, self._under_way.faults.get(row.id, "")
        looking = row.finding and row.process in runs_of(view)
        held = undo_held(row, rules_of(view))
        self.pane.show_row(
            row, view.at, can_act=self.can_act, working=working, fault=fault, looking=looking, undo_held=held
        )

    def _select_wanted(self) -> None:
        if self._wanted and self.table.rows.index_of(self._wanted).isValid():
            self.table.select_key(self._wanted)
            self._wanted = ""

    def _tell(self, command: Command) -> None:
        if self.can_act and self._under_way.begin(command):
            self.command.emit(command)
            self._obeyed(command)
            self._show()

    def _connect(self) -> None:
        self.table.selected.connect(lambda _key: self._show_selected())
        self.kinds.chosen.connect(lambda _kind: self._show())
        self.search.textChanged.connect(lambda _text: self._settle.start(_SETTLE_MS))
        self.search.leads_to(self.table, self._show)
        self.pane.card.command.connect(self._tell)
        self.pane.process.connect(lambda name: self.go_to.emit("processes", name))
        self._faces.chosen.connect(lambda page: self.go_to.emit(page, ""))

    def lay_out(self, *, panes: QWidget, below: tuple[QWidget, ...] = ()) -> None:
        """The bar with title, kinds and search, `below` it what narrows further, and the panes."""
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(text_label(self.accessibleName(), size="title"))
        bar.addSpacing(6)
        bar.addWidget(self.kinds)
        bar.addStretch(1)
        bar.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(bar)
        if below:
            narrowing = QHBoxLayout()
            narrowing.setSpacing(8)
            for widget in below:
                narrowing.addWidget(widget)
            narrowing.addStretch(1)
            column.addLayout(narrowing)
        column.addWidget(panes, 1)

    def list_card(self, title: str) -> Card:
        """The card around the list and what stands there while it is empty."""
        card = Card(title, parent=self)
        card.add(self._faces, 1)
        return card


def rules_of(view: View) -> RulesValue:
    """How the rules stand; of a past moment nothing is undone, whatever they held then."""
    known: RulesValue = view.value(RuleStandings) if view.live else RulesValue()
    return known


def runs_of(view: View) -> frozenset[str]:
    """The names of the processes that run now: findings of theirs are being looked at."""
    if not view.live:
        return frozenset()
    known: ProcessesValue = view.value(Processes)
    return frozenset(row.name for row in known.rows if row.state in (State.STARTING, State.RUNNING))


def list_of(columns: Iterable[Any], name: str) -> Table:
    """A table of rows that are recognised by their decision's id."""
    return Table(RowsModel(tuple(columns), key=lambda row: row.id), name=name)
