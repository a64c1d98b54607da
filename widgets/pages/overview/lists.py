"""The two lists at the side of Overview: what needs a person, and what was done without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget

from services.core.commands import Command
from services.core.decisions.commands import ApproveDecision, LookNow, UndoDecision, decision_of
from widgets.parts.items import ItemList, ItemView
from widgets.parts.panels.card import Card
from widgets.parts.panels.empty_state import EmptyState, Offer
from widgets.parts.status import Status
from widgets.parts.text.times import clock_time
from widgets.states.overview import Deed, Need, OverviewState

_UNDO = Offer("undo", "Undo", "link", "Take it back")
_PAST = "You are looking at a past moment"


class DecisionList(Card):
    """A card with items whose buttons become commands; a button tells how its command stands."""

    command = pyqtSignal(object)
    review = pyqtSignal(str)  # a decision's id

    def __init__(self, title: str, nothing: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self.items = ItemList(title)
        self.items.chosen.connect(self._chosen)
        self.empty = EmptyState(nothing, sentence)
        self.add(self.empty, 1)
        self.add(self.items, 1)
        self._live = True
        self._shown: tuple[ItemView, ...] = ()
        self._asked: dict[str, str] = {}
        self.items.hide()

    def show_items(self, items: tuple[ItemView, ...], *, live: bool) -> None:
        """Show these; in a past moment their buttons are grey."""
        if (items, live) == (self._shown, self._live):
            return
        self._shown, self._live = items, live
        self.items.show_items(items)
        self.items.setVisible(bool(items))
        self.empty.setVisible(not items)

    def answered(self, command: Command, error: str) -> None:
        """The end of a command that one of the buttons gave."""
        identity = decision_of(command)
        offer = self._asked.pop(identity, "")
        if not offer or identity not in {item.id for item in self._shown}:
            return
        button = self.items.row(identity).buttons.get(offer)
        if button is not None and error:
            button.show_failed("Failed", error)
        elif button is not None:
            button.show_done()

    def _chosen(self, identity: str, offer: str) -> None:
        commands: dict[str, Callable[[str], Command]] = {
            "approve": ApproveDecision,
            "look": LookNow,
            "undo": UndoDecision,
        }
        if offer not in commands:
            self.review.emit(identity)
        elif identity not in self._asked:
            self._asked[identity] = offer
            self.items.row(identity).buttons[offer].show_working()
            self.command.emit(commands[offer](identity))


class NeedsCard(DecisionList):
    """What waits for a person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Needs you", "Nothing waits for you", "What needs a decision will stand here.", parent)
        self.show_status(Status.OK)

    def show_state(self, state: OverviewState, *, live: bool) -> None:
        self.show_note(str(state.needs_count) if state.needs_count else "")
        self.show_status(Status.WARN if state.needs_count else Status.OK)
        self.show_items(tuple(_need_item(need, live) for need in state.needs), live=live)


class DeedsCard(DecisionList):
    """What was done without a person, with the way back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        sentence = "What is done for you stands here."
        super().__init__("Done without you", "Nothing yet", sentence, parent)

    def show_state(self, state: OverviewState, *, live: bool) -> None:
        self.show_items(tuple(_deed_item(deed, state.at, live) for deed in state.deeds), live=live)


def _need_item(need: Need, live: bool) -> ItemView:
    if need.of_now:
        return ItemView(need.id, need.what, need.detail, "bad")
    review = Offer("review", "Review", tip="See what it rests on, in the Inbox")
    why_not = "" if live else _PAST
    offers = (*_yes(need, why_not), review)
    return ItemView(need.id, need.what, need.detail, need.service or "tx2", offers=offers, expiry=need.expiry)


def _yes(need: Need, why_not: str) -> tuple[Offer, ...]:
    """The button that says yes, in the decision's own word."""
    if need.finding:
        return (Offer("look", need.approve, "plain", "See whether it is still so; else it goes", why_not),)
    return (Offer("approve", need.approve, "approve", "Carry it out", why_not),) if need.approve else ()


def _not_yet(deed: Deed) -> str:
    return f"Not yet: {deed.undo_held}" if deed.undo_held else ""


def _deed_item(deed: Deed, now: datetime, live: bool) -> ItemView:
    more = f" · and {deed.more:,} more" if deed.more else ""
    undone = " (undone)" if deed.undone else ""
    offers = (replace(_UNDO, why_not=_not_yet(deed) if live else _PAST),) if deed.can_undo else ()
    return ItemView(deed.id, f"{deed.what}{undone}{more}", when=clock_time(deed.at, now), offers=offers)
