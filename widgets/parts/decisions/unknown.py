"""What a person can say of an act that nobody could tell about, and what each answer leads to."""

from __future__ import annotations

from dataclasses import dataclass

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow
from widgets.parts.controls.reason_row import Asking

SETTLING = Asking(
    "How do you know? Enter says it, Escape does not",
    "How you know, for the ledger",
    "It was done",
    "Say it (Enter)",
    "Leave it unknown (Esc)",
    required=True,
    dangerous=False,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and what it leads to."""

    label: str
    leads_to: str


_OF_ACT = {
    True: Answer("It was done", "it then stands as done, and is not done again"),
    False: Answer("It was not done", "it then stands as not done; its process may do it when its cause comes again"),
}
_OF_UNDO = {
    True: Answer("It still stands", "it then stands as done, and can be undone again"),
    False: Answer("It was taken back", "it then stands as undone, and is not done again"),
}


def answers(row: DecisionRow) -> dict[bool, Answer]:
    """By whether the act stands outside: what can be said of it, or of its being taken back."""
    return _OF_UNDO if row.verdict is Verdict.UNDOING else _OF_ACT


def what_to_do(row: DecisionRow) -> str:
    """For who is asked to look."""
    happened = "was taken back" if row.verdict is Verdict.UNDOING else "happened"
    said = "\n".join(f"“{answer.label}”: {answer.leads_to}." for answer in answers(row).values())
    return (
        f"Nobody could tell whether this {happened}, so it is not tried again. Look where it would show, and say what "
        f"you found; your word is not taken back by undo.\n{said}\nThe outside is asked once more before the process "
        "runs again and when Dreamscape starts."
    )
