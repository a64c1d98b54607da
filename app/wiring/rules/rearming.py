"""Arming a rule again, as a decision of the ledger: with what it had measured, and with a way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.engine import Engine
from services.core.decisions import ledger
from services.core.decisions.decision import Verdict
from services.core.decisions.ledger import NewDecision, Origin
from services.core.effects import AT_ONCE, Details, Effect, Outcome, Refused, Standing
from services.core.journal import Transaction
from services.core.metrics import Metrics
from services.core.rules.actions import Verb
from services.core.rules.changes import RuleChanged
from services.core.rules.engine import Saved
from services.core.rules.fall import Fall
from services.core.rules.holding import how_to_rearm
from services.core.rules.standings import RuleStandings, RulesValue


class RuleRearmed(Effect, name="rule.rearmed"):
    """A person has ended the incident of a rule that only a person ends."""

    rule: str
    each: str
    reason: str
    at: datetime
    before: dict[str, Any]
    """What the rule remembered until then: its measurement and its latch, which an undo puts back."""

    @property
    def key(self) -> str:
        return f"rearmed:{self.rule}:{self.each}:{self.at.isoformat()}"

    @property
    def what(self) -> str:
        return f"Re-arm rule “{self.rule}”" + (f" for {self.each}" if self.each else "")


LatchAgain = Callable[[RuleRearmed], None]
"""Shuts the rule again; raises ``Refused`` with the reason where that cannot be."""


def not_yet(effect: RuleRearmed) -> None:
    """Stands in until the rules are read."""
    raise Refused(f"the rules are not read yet; try again in a moment, {effect.rule!r} stays as it is")


@dataclass(frozen=True)
class Rearmed:
    """Handles ``RuleRearmed``: it is done when it enters the ledger, and can be taken back until the rule fires."""

    engine: Engine
    latch_again: LatchAgain = not_yet

    def carry_out(self, effect: RuleRearmed) -> Details:
        return {}

    def look_up(self, effect: RuleRearmed) -> Outcome:
        """The re-arming stands for as long as the rule has not been shut again."""
        shown: RulesValue = self.engine.view.value(RuleStandings)
        row = shown.named(effect.rule)
        shut = row is not None and any(each.latched for each in row.subjects if each.each == effect.each)
        return Outcome(Standing.NOT_DONE if shut else Standing.DONE)

    def settling(self, effect: RuleRearmed) -> timedelta:
        return AT_ONCE  # the rules are in this program

    def undo(self, effect: RuleRearmed, details: Details) -> Details:
        self.latch_again(effect)
        return {}


def way_on(change: RuleChanged) -> str:
    """What a person does next about a rule that only a person ends."""
    paused = [str(act.target) for act in change.actions if act.verb is Verb.PAUSE]
    resume = f"; then resume {', '.join(paused)}" if paused else ""
    return f"Look why, and re-arm it {how_to_rearm(change.rule, change.each)}{resume}"


def measured(engine: Engine, metrics: Metrics, metric: str, each: str, before: Saved) -> Details:
    """What the rule had measured, and from where it measures on: in money where its metric is a fall of some."""
    fall = Fall(**before["fall"])
    if metric not in metrics or not metrics[metric].fall_of:
        return {}
    whole = metrics[metric].fall_of
    worth = engine.view.newest(f"{whole}:{each}")
    if worth is None or fall.newest >= 1:
        return {"fall from the peak": fall.newest}
    peak = worth / (1 - fall.newest) * (1 - fall.base)
    return {"peak until now": peak, "fall from it": 1 - worth / peak, "peak from now on": worth}


def enter(tx: Transaction, effect: RuleRearmed, by: str, saw: str, evidence: Details) -> None:
    """Put it into the ledger, as done; what only a person ended can be shut again."""
    because = {"reason": effect.reason, "it had seen": saw}
    undoable = bool(effect.before["latched"])
    done = Outcome(Standing.DONE)
    armed = NewDecision(effect, Origin(by), because, Verdict.DONE, undoable, done, evidence)
    ledger.enter(tx, armed)
