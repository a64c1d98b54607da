"""The events of the ledger."""

from dataclasses import field
from datetime import datetime
from typing import Any

from services.core.decisions.decision import Verdict
from services.core.events import Event


class DecisionTaken(Event, name="decision.taken"):
    """A decision stands in the ledger: an intent about to be carried out, a note of what was done, or a question.

    A question that ``expires`` is no longer asked from then on.
    """

    id: str
    kind: str
    what: str
    by: str
    process: str
    because: dict[str, Any] | str
    verdict: Verdict
    undoable: bool
    evidence: dict[str, Any]
    expires: datetime | None = None
    word: str = ""
    """What a person says yes with, where that is not to approve it."""
    finding: bool = False
    """It only tells how something stands."""


class DecisionChanged(Event, name="decision.changed"):
    """What became of a decision, and who or what brought it there.

    ``changes`` are the fields of the effect that a person replaced first; ``what`` says the act as it then was.
    """

    id: str
    verdict: Verdict
    by: str
    why: str
    outcome: dict[str, Any]
    what: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


class DecisionSnoozed(Event, name="decision.snoozed"):
    """A decision that waits is put off; without ``until`` it is back."""

    id: str
    until: datetime | None
    by: str
