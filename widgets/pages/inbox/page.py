"""The Inbox page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

from services.core.commands import Command
from services.core.decisions.commands import UndoDecision, decision_of
from services.core.decisions.inbox import DecisionRow, DecisionsValue
from services.core.projections.views import View
from widgets.actions import ActionEntry, ChangeEntry
from widgets.pages.decision_list import DecisionListPage, list_of, runs_of
from widgets.pages.inbox.columns import COLUMNS
from widgets.pages.inbox.state import KINDS, InboxState, Settled, inbox_state
from widgets.parts.controls.filters import Choices, SearchField
from widgets.parts.decisions.pane import DecisionPane
from widgets.parts.items import ItemList, ItemView
from widgets.parts.panels.card import Card
from widgets.parts.panels.empty_state import Offer
from widgets.parts.panels.split import Split

_SCOPE: dict[str, Any] = {"group": "Inbox", "scope": "inbox"}


class InboxPage(DecisionListPage):
    """A list of what waits with the selected matter in full. Acting on one selects the next."""

    ACTIONS = (
        ChangeEntry(
            "inbox.approve", "Approve or look again", "Carry it out, with the draft as it stands", "A", **_SCOPE
        ),
        ChangeEntry("inbox.edit", "Edit the draft", "Ctrl+Enter approves it, Escape takes it back", "E", **_SCOPE),
        ChangeEntry("inbox.reject", "Reject", "Leave it undone, with a reason or without", "R", grave=True, **_SCOPE),
        ChangeEntry("inbox.snooze", "Put off", "You say until when; it comes back by itself", "S", **_SCOPE),
        ChangeEntry("inbox.wake", "Wake what was put off", "It comes back into the Inbox now", "W", **_SCOPE),
        ActionEntry("inbox.search", "Search the Inbox", shortcut="Ctrl+F", **_SCOPE),
    )

    EMPTY = (
        "Nothing waits for you",
        "Replies, posts, patches and raised limits come here before they are carried out, "
        "and what was found in your projects. Put off is what you want to see later.",
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Inbox",
            Choices("Which matters", KINDS),
            SearchField("Search the Inbox"),
            list_of(COLUMNS, "Inbox"),
            DecisionPane("In full", "Select what you want to decide"),
            parent,
        )
        self._state = InboxState()
        self.settled = ItemList("Decided by you", self)
        self._list = self.list_card("Needs you")
        self._settled = Card("Decided by you", parent=self)
        self._settled.add(self.settled, 1)
        left = Split("inbox-left", Qt.Orientation.Vertical).fill((self._list, 3), (self._settled, 2))
        self.lay_out(panes=Split("inbox", Qt.Orientation.Horizontal).fill((left, 5), (self.pane, 5)))
        self.table.opened.connect(lambda _key: self.pane.card.edit())
        self.settled.chosen.connect(lambda identity, _offer: self._tell(UndoDecision(identity)))

    def _obeyed(self, command: Command) -> None:
        """Select the next matter that nobody works on, else the one before; the keyboard goes back to the list."""
        identity = decision_of(command)
        if isinstance(command, UndoDecision):
            return
        ids = [matter.id for matter in self._state.matters]
        place = ids.index(identity) if identity in ids else -1
        others = (*ids[place + 1 :], *reversed(ids[: max(place, 0)]))
        following = next((other for other in others if other not in self._under_way.notes), None)
        if following is not None:
            self.table.select_key(following)
        self.table.setFocus()

    def _asked(self, view: View) -> tuple[object, ...]:
        tenth = int(view.at.timestamp()) // 10  # ages are told in seconds at first
        return self.kinds.current, self.search.text(), tenth

    def _show_rows(self, view: View) -> None:
        notes, running = self._under_way.notes, runs_of(view)
        self._state = state = inbox_state(view, self.kinds.current, self.search.text(), notes, running)
        self.kinds.show_counts(state.counts)
        self._list.show_note(f"{state.total:,}" if state.total else "")
        self.settled.show_items(tuple(map(_item, state.settled)))
        self._settled.setVisible(bool(state.settled))
        self.show_list(state.matters, state.total or len(state.matters))

    def _known(self, known: DecisionsValue) -> Iterable[DecisionRow]:
        return (*known.unknown, *known.waiting, *known.snoozed)


def _item(settled: Settled) -> ItemView:
    why_not = f"Not yet: {settled.undo_held}" if settled.undo_held else ""
    offers = (Offer("undo", "Undo", "link", "Take it back", why_not),) if settled.can_undo else ()
    return ItemView(settled.id, settled.text, when=settled.when, offers=offers)
