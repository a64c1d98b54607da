"""What came of writing an intent: whether it is to be carried out, to be looked up, or known."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from services.core.effects import Outcome
from services.core.effects.inhand import Call


class Next(Enum):
    """What an intent leads to."""

    CARRY_OUT = "carry out"
    LOOK_UP = "look up"
    KNOWN = "known"
    WAIT = "wait"
    """It is being looked up, and then more is known."""


@dataclass(frozen=True)
class Intent:
    """What follows for the decision ``id``, and what is known of it already."""

    next: Next
    id: str
    outcome: Outcome | None = None
    call: Call | None = None
    doubted: datetime | None = None
    """The ledger does not know whether it was done until then, when the store was put back from a copy."""
