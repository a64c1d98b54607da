"""What a person can tell the ledger."""

from datetime import datetime

from services.core.commands import Command


class ApproveDecision(Command, name="decision.approve"):
    """Carry out what waits in the Inbox."""

    id: str


class EditDecision(Command, name="decision.edit"):
    """Change the draft that waits, then carry it out: fields of the effect's ``limits``, with their new words."""

    id: str
    changes: dict[str, str | int | float | bool | None]


class RejectDecision(Command, name="decision.reject"):
    """Decline what waits in the Inbox."""

    words = frozenset({"why"})

    id: str
    why: str


class LookNow(Command, name="decision.look_now"):
    """Have looked again whether what a finding tells is still so: where it is not, it leaves the Inbox by itself."""

    id: str


class SettleUnknown(Command, name="decision.settle"):
    """Say what came of an act whose outcome nobody could tell: ``done`` as a person found it, and ``why`` they know."""

    words = frozenset({"why"})

    id: str
    done: bool
    why: str


class UndoDecision(Command, name="decision.undo"):
    """Take back what was done; what was rejected waits once more."""

    id: str


class SnoozeDecision(Command, name="decision.snooze"):
    """Put off what waits in the Inbox: it comes back at ``until`` (UTC)."""

    id: str
    until: datetime


class WakeDecision(Command, name="decision.wake"):
    """Bring back at once what was put off."""

    id: str


AboutDecision = (
    ApproveDecision
    | EditDecision
    | RejectDecision
    | LookNow
    | SettleUnknown
    | UndoDecision
    | SnoozeDecision
    | WakeDecision
)
"""Every command that is about one decision."""


def decision_of(command: Command) -> str:
    """The id of the decision that a command is about; empty for commands of other things."""
    return command.id if isinstance(command, AboutDecision) else ""
