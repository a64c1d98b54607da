"""What a person has asked for about decisions and what came of it, until the ledger says so itself. No Qt here."""

from __future__ import annotations

from collections.abc import Container

from services.core.commands import Command
from services.core.decisions.commands import (
    ApproveDecision,
    EditDecision,
    LookNow,
    RejectDecision,
    SettleUnknown,
    SnoozeDecision,
    UndoDecision,
    WakeDecision,
    decision_of,
)

_WORDS: dict[type[Command], tuple[str, str]] = {
    ApproveDecision: ("Approving…", "Approved"),
    EditDecision: ("Approving…", "Approved"),
    LookNow: ("Looking again…", ""),  # what came of it is told when the run has ended
    RejectDecision: ("Rejecting…", "Rejected"),
    SnoozeDecision: ("Putting off…", ""),
    WakeDecision: ("Waking…", ""),
    SettleUnknown: ("Settling…", ""),
    UndoDecision: ("Undoing…", ""),  # it may have been refused: only the ledger knows
}


class UnderWay:
    """By the id of the decision: what is being done about it, and why the last attempt failed."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}
        self.faults: dict[str, str] = {}
        self._asked: set[str] = set()  # without an answer yet

    def begin(self, command: Command) -> bool:
        """Note that it was asked for; False if something about this decision is under way already."""
        identity = decision_of(command)
        if identity in self.notes or type(command) not in _WORDS:
            return False
        self.notes[identity] = _WORDS[type(command)][0]
        self._asked.add(identity)
        self.faults.pop(identity, None)
        return True

    def answered(self, command: Command, error: str) -> None:
        """It was obeyed, or not and why; commands about other things are ignored."""
        identity = decision_of(command)
        if type(command) not in _WORDS:
            return
        self._asked.discard(identity)
        self.notes.pop(identity, None)
        if error:
            self.faults[identity] = error
        elif done := _WORDS[type(command)][1]:
            self.notes[identity] = done

    def forget_told(self, waiting: Container[str]) -> None:
        """What the ledger tells by itself needs no note: it was answered and is not among `waiting` any more."""
        self.notes = {each: note for each, note in self.notes.items() if each in self._asked or each in waiting}

    def state(self) -> tuple[dict[str, str], dict[str, str]]:
        """Notes and faults as they are now, to be compared later."""
        return dict(self.notes), dict(self.faults)
