"""Undo as a person means it: their own last decision is taken back, and what was taken back is always told.

What was done without them is never taken back unasked: it is offered, and so is a decision of theirs that lies far
back, since then it is hardly what they have in mind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from services.core.commands import Command
from services.core.decisions.commands import UndoDecision
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.decisions.yours import last_undoable, settled_at, your_last
from services.core.durations import hours
from services.core.rules.holding import undo_held
from services.core.rules.standings import RuleStandings, RulesValue
from widgets.parts.decisions.words import bounded, who
from widgets.parts.status import Status
from widgets.parts.text.times import clock_time
from widgets.parts.toast import Offered

if TYPE_CHECKING:
    from app.runtime.desk.front import Front

RECENT = hours(1)
"""A decision that is older is undone only after asking."""
KEPT = 50
_LONGEST = 90


@dataclass(frozen=True)
class Change:
    """Something else that a person did in this window, such as a setting: what, when, and both ways."""

    at: datetime
    what: str
    back: Callable[[], object]
    again: Callable[[], object]


@dataclass
class Undoing:
    """Takes back on the GUI thread; what has to be told is told by the desk."""

    desk: Front
    _asked: dict[str, DecisionRow | None] = field(default_factory=dict)
    """By the id of a decision that is being taken back: how it stood before."""
    _by_key: set[str] = field(default_factory=set)
    """Those of them that nobody pointed at."""
    _changes: list[Change] = field(default_factory=list)

    def note(self, change: Change) -> None:
        """A person did something that undo can mean."""
        self._changes = [*self._changes, change][-KEPT:]

    def undo_last(self) -> None:
        """Take back what the person decided last, or say why not and what could be instead."""
        rows = self._free()
        row, now = your_last(rows), self.desk.program.clock.now()
        change = self._changes[-1] if self._changes else None
        if change is not None and (row is None or change.at > settled_at(row)):
            self._take_back(change)
            return
        recent = row is not None and now - settled_at(row) <= RECENT
        if row is not None and recent and not _by_word(row):
            self._by_key.add(row.id)
            self._undo(row.id)
        else:
            self._offer(rows, now, "" if recent else "You decided nothing in the last hour. ")

    def began(self, command: Command) -> None:
        """A command has left, from wherever in the window."""
        if isinstance(command, UndoDecision):
            self._asked[command.id] = self._value().by_id(command.id)

    def answered(self, command: Command, error: str) -> bool:
        """Tell what was taken back, or of what nobody pointed at why not; False where nothing was told."""
        if not isinstance(command, UndoDecision):
            return False
        before = self._asked.pop(command.id, None)
        by_key = command.id in self._by_key
        self._by_key.discard(command.id)
        if not error:
            self._tell_undone(command.id, before)
        elif by_key:
            self._tell_refused(command.id, error)
        return not error or by_key

    def _undo(self, identity: str) -> None:
        self.desk.dispatch(UndoDecision(identity), of_now=True)

    def _tell_undone(self, identity: str, before: DecisionRow | None) -> None:
        what = _short(before) if before is not None else f"decision {identity}"
        waits = before is not None and before.verdict is Verdict.REJECTED
        page, told = ("inbox", "Waits for you again") if waits else ("decisions", "Undone")
        see = Offered("See it", lambda: self.desk.show(page, identity), "Open it in full")
        self.desk.tell(f"{told}: {what}", Status.OK, see)

    def _tell_refused(self, identity: str, error: str) -> None:
        """Why, and what of theirs could be taken back instead."""
        rows = (row for row in self._free() if row.id != identity)
        other = last_undoable(rows, of_yours=True)
        instead = ""
        if other is not None:
            instead = f". Before it {_standing(other, self.desk.program.clock.now())}: {_short(other)}"
        self.desk.tell(f"{error}{instead}", Status.WARN, self._offered(other))

    def _offer(self, rows: list[DecisionRow], now: datetime, lead: str) -> None:
        """Nothing of the person's own is clearly meant: say what could be undone, and leave it to them."""
        found = [row for yours in (True, False) if (row := last_undoable(rows, of_yours=yours)) is not None]
        newest = max(found, key=settled_at, default=None)
        if newest is None:
            self.desk.tell("There is nothing that could be undone", Status.IDLE)
            return
        told = f"{lead}What can be undone {_standing(newest, now)}: {_short(newest)}"
        self.desk.tell(told, Status.IDLE, self._offered(newest))

    def _offered(self, row: DecisionRow | None) -> Offered | None:
        return Offered("Undo it", lambda: self._undo(row.id), "Take it back") if row is not None else None

    def _take_back(self, change: Change) -> None:
        self._changes.remove(change)
        change.back()
        self.desk.tell(f"Undone: {change.what}", Status.OK, Offered("Redo", change.again, "As it was before the undo"))

    def _free(self) -> list[DecisionRow]:
        """What is not being taken back, and can be or need not be: what a rule holds is offered to nobody."""
        rules: RulesValue = self.desk.program.engine.board.values.get(RuleStandings.name) or RulesValue()
        return [row for row in self._value().rows if row.id not in self._asked and not undo_held(row, rules)]

    def _value(self) -> DecisionsValue:
        found: DecisionsValue | None = self.desk.program.engine.board.values.get(Decisions.name)
        return found or DecisionsValue()


def _by_word(row: DecisionRow) -> bool:
    """Whether it may stand as done by the person's word alone, which undo would not take back, but the act itself."""
    return row.verdict is Verdict.DONE and bool(row.why)


def _short(row: DecisionRow) -> str:
    return f"“{bounded(row.what, _LONGEST)}”"


def _standing(row: DecisionRow, now: datetime) -> str:
    """Who brought it there, and when."""
    verb = "rejected" if row.verdict is Verdict.REJECTED else "done"
    by = row.changed_by if row.changed_by == "user" else row.by
    return f"was {verb} by {who(by)} at {clock_time(settled_at(row), now)}"
