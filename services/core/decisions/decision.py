"""Decisions as data: an act taken for the user or put before them, with why, what it rested on, what came of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.core.effects import Effect


class Verdict(StrEnum):
    """Where a decision stands."""

    WAITING = "waiting"
    """Before a person, in the Inbox."""
    INTENDED = "intended"
    """On disk, and from then on maybe begun: until its outcome is on disk nobody may say what came of it."""
    DONE = "done"
    NOT_DONE = "not done"
    """Certainly did not happen."""
    UNKNOWN = "unknown"
    """May have happened; it is looked up, never tried again."""
    REJECTED = "rejected"
    UNDOING = "undoing"
    UNDONE = "undone"
    EXPIRED = "expired"
    """What it rested on no longer holds."""


OPEN = frozenset({Verdict.INTENDED, Verdict.UNKNOWN, Verdict.UNDOING})
"""Acts whose outcome is not settled."""


def can_be_undone(verdict: Verdict, undoable: bool) -> bool:
    """What was done can be taken back if it is ``undoable``; what was rejected can always be put before a person again.

    Whether it still can, only who does it knows.
    """
    return verdict is Verdict.REJECTED or (undoable and verdict is Verdict.DONE)


@dataclass(frozen=True)
class Proposal:
    """A decision put before a person.

    ``effect`` runs on approval, on the stored data, after ``still_holds`` of its handler has been asked. ``expires``
    (UTC) ends the wait.
    """

    effect: Effect
    because: dict[str, Any] | str = ""
    what: str = ""
    expires: datetime | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    """What a person looks at before deciding: a diff, a draft, scores."""


@dataclass(frozen=True)
class Decision:
    """One line of the ledger.

    ``by`` is who decided (``process:NAME``, ``rule:NAME``, ``watchdog``, ``user``); ``because`` and ``evidence`` are
    shown as they are.
    """

    id: str
    at: datetime
    kind: str
    what: str
    by: str
    because: dict[str, Any] | str
    verdict: Verdict
    undoable: bool = False
    outcome: dict[str, Any] = field(default_factory=dict)
    why: str = ""
    """Why it was not done, is unknown, or expired."""
    evidence: dict[str, Any] = field(default_factory=dict)
    settled_at: datetime | None = None
