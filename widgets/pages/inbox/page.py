"""The Inbox page."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.commands import Command
from services.core.decision_commands import (
    ApproveDecision,
    EditDecision,
    RejectDecision,
    SnoozeDecision,
    UndoDecision,
)
from services.core.decisions import DecisionRow, Decisions
from services.core.views import View
from widgets.actions import ActionEntry
from widgets.pages.inbox.columns import COLUMNS
from widgets.pages.inbox.state import KINDS, InboxState, Settled, inbox_state
from widgets.pages.page import Page
from widgets.parts.card import Card
from widgets.parts.decision_pane import DecisionPane
from widgets.parts.empty_state import Offer
from widgets.parts.faces import Faces
from widgets.parts.filters import Choices, SearchField
from widgets.parts.items import ItemList, ItemView
from widgets.parts.labels import text_label
from widgets.parts.split import Split
from widgets.parts.table import RowsModel, Table
from widgets.parts.under_way import UnderWay

_SCOPE = {"group": "Inbox", "scope": "inbox"}
ACTIONS = (
    ActionEntry("inbox.approve", "Approve", "Carry it out, with the draft as it stands", "A", **_SCOPE),
    ActionEntry("inbox.edit", "Edit the draft", "Ctrl+Enter approves it, Escape takes it back", "E", **_SCOPE),
    ActionEntry("inbox.reject", "Reject", "Leave it undone, with a reason or without", "R", **_SCOPE),
    ActionEntry("inbox.snooze", "Put off", "It comes back by itself in two hours", "S", **_SCOPE),
    ActionEntry("inbox.undo", "Undo what you decided last", shortcut="Ctrl+Z", **_SCOPE),
    ActionEntry("inbox.search", "Search the Inbox", shortcut="Ctrl+F", **_SCOPE),
)


class InboxPage(Page):
    """A list of what waits with the selected matter in full. Acting on one selects the next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: View | None = None
        self._seen: tuple[object, ...] = ()
        self._under_way = UnderWay()
        self._state = InboxState()
        self._wanted = ""
        self.kinds = Choices("Which matters", KINDS, self)
        self.search = SearchField("Search the Inbox", parent=self)
        self.table = Table(RowsModel(COLUMNS, key=lambda matter: matter.id), name="Inbox")
        self.settled = ItemList("Decided by you", self)
        self.pane = DecisionPane("In full", "Select what you want to decide", self)
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
        """Select a matter by its decision's id; the filter gives way if it hides it."""
        self._wanted = what
        if self._view is not None and not self.table.rows.index_of(what).isValid():
            self.kinds.choose("all")
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
            case "inbox.approve":
                self.pane.card.approve()
            case "inbox.edit":
                self.pane.card.edit()
            case "inbox.reject":
                self.pane.card.ask_why()
            case "inbox.snooze":
                self.pane.card.snooze()
            case "inbox.undo":
                self.undo_last()
            case "inbox.search":
                self.search.setFocus()

    def undo_last(self) -> None:
        """Take back what the person decided last, if that can be."""
        last = next((settled for settled in self._state.settled if settled.can_undo), None)
        if last is not None:
            self._tell(UndoDecision(last.id))

    def _tell(self, command: ApproveDecision | EditDecision | RejectDecision | SnoozeDecision | UndoDecision) -> None:
        if not self.can_act or not self._under_way.begin(command):
            return
        self.command.emit(command)
        if not isinstance(command, UndoDecision):
            self._go_on(command.id)
        self._show()

    def _go_on(self, identity: str) -> None:
        """Select the next matter that nobody works on, else the one before; the keyboard goes back to the list."""
        ids = [matter.id for matter in self._state.matters]
        place = ids.index(identity) if identity in ids else -1
        others = (*ids[place + 1 :], *reversed(ids[: max(place, 0)]))
        following = next((other for other in others if other not in self._under_way.notes), None)
        if following is not None:
            self.table.select_key(following)
        self.table.setFocus()

    # From what is known to what is shown

    def _show(self) -> None:
        view = self._view
        if view is None:
            return
        known = view.value(Decisions)
        self._under_way.forget_told({row.id for row in known.waiting})
        tenth = int(view.at.timestamp()) // 10  # ages are told in seconds at first
        now = (known, self.kinds.current, self.search.text(), tenth, view.live, self._under_way.state())
        if self._seen and known is self._seen[0] and now[1:] == self._seen[1:]:
            return
        self._seen = now
        self._state = inbox_state(view, self.kinds.current, self.search.text(), self._under_way.notes)
        self._show_state(self._state)

    def _show_state(self, state: InboxState) -> None:
        self.table.rows.show_rows(state.matters)
        self.kinds.show_counts(state.counts)
        self._list.show_note(f"{state.total:,}" if state.total else "")
        self.settled.show_items(tuple(map(_item, state.settled)))
        self._settled.setVisible(bool(state.settled))
        shown = state.total > 0 or bool(state.matters)
        self.pane.setVisible(shown)
        if shown:
            self._faces.show_content()
        else:
            self._show_empty()
        if not self.table.currentIndex().isValid() and state.matters:
            self.table.select_key(state.matters[0].id)
        self._select_wanted()
        self._show_selected()

    def _show_empty(self) -> None:
        if self._faces.currentWidget() is self._faces.content:
            self._faces.show_empty(
                "Nothing waits for you",
                "Replies, posts, patches and raised limits come here before they are carried out, "
                "once a process that asks first is running.",
                (Offer("processes", "Open Processes"),),
            )

    def _show_selected(self) -> None:
        view, row = self._view, self._selected()
        if view is None or row is None:
            self.pane.show_nothing()
            return
        working, fault = row.id in self._under_way.notes, self._under_way.faults.get(row.id, "")
        self.pane.show_row(row, view.at, can_act=self.can_act, working=working, fault=fault)

    def _selected(self) -> DecisionRow | None:
        key = self.table.current_key
        if self._view is None:
            return None
        known = self._view.value(Decisions)
        return next((row for row in (*known.unknown, *known.waiting, *known.snoozed) if row.id == key), None)

    def _select_wanted(self) -> None:
        if self._wanted and self.table.rows.index_of(self._wanted).isValid():
            self.table.select_key(self._wanted)
            self._wanted = ""

    def _wire(self) -> None:
        self.table.selected.connect(lambda _key: self._show_selected())
        self.table.opened.connect(lambda _key: self.pane.card.edit())
        self.kinds.chosen.connect(lambda _kind: self._show())
        self.search.textChanged.connect(lambda _text: self._settle.start(120))
        self.settled.chosen.connect(lambda identity, _offer: self._tell(UndoDecision(identity)))
        self.pane.card.command.connect(self._tell)
        self.pane.process.connect(lambda name: self.go_to.emit("processes", name))
        self._faces.chosen.connect(lambda page: self.go_to.emit(page, ""))

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(text_label("Inbox", size="title"))
        bar.addSpacing(6)
        bar.addWidget(self.kinds)
        bar.addStretch(1)
        bar.addWidget(self.search)
        self._list = Card("Needs you", parent=self)
        self._faces = Faces(self.table)
        self._list.add(self._faces, 1)
        self._settled = Card("Decided by you", parent=self)
        self._settled.add(self.settled, 1)
        left = Split("inbox-left", Qt.Orientation.Vertical).fill((self._list, 3), (self._settled, 2))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addWidget(Split("inbox", Qt.Orientation.Horizontal).fill((left, 5), (self.pane, 5)), 1)


def _item(settled: Settled) -> ItemView:
    offers = (Offer("undo", "Undo", "link", "Take it back"),) if settled.can_undo else ()
    return ItemView(settled.id, settled.text, when=settled.when, offers=offers)
