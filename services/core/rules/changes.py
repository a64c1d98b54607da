"""What comes out of the rules: how each stands, and the changes between its states."""

from dataclasses import dataclass
from datetime import datetime

from services.core.rules.actions import Action
from services.core.rules.judgement import Evidence
from services.core.rules.states import AlertState


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
