"""What comes out of the rules: states, and the changes between them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.core.rules.actions import Action
from services.core.rules.judgement import Evidence


class AlertState(StrEnum):
    """Where a rule stands for a subject."""

    NORMAL = "normal"
    PENDING = "pending"
    """It would fire, but not yet for long enough."""
    FIRING = "firing"
    RECOVERING = "recovering"
    """It would not fire any more, but is not cleared yet either."""
    NO_DATA = "no data"
    ERROR = "error"
    """What was observed cannot be judged as the rule wants."""


ALARMED = frozenset({AlertState.FIRING, AlertState.RECOVERING})
"""One incident, from its firing to its clearing."""
UNJUDGED = frozenset({AlertState.NO_DATA, AlertState.ERROR})


@dataclass(frozen=True, slots=True)
class RuleChanged:
    """A rule moved for a subject, or (``before`` and ``after`` both FIRING) took actions that had to wait.

    ``actions`` are to be done, with their subject filled in; ``withheld`` would be, but for ``why_withheld``.
    """

    rule: str
    each: str
    before: AlertState
    after: AlertState
    at: datetime
    because: Evidence
    actions: tuple[Action, ...] = ()
    withheld: tuple[Action, ...] = ()
    why_withheld: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule stands for a subject, for a person: also when nothing is judged yet."""

    rule: str
    each: str
    state: AlertState
    since: datetime | None
    evidence: Evidence
    latched: bool = False
    last_acted: datetime | None = None
