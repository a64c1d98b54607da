"""The learners in the store: outcomes are gathered, and weights change only by a decision that can be undone.

Each telling is one transaction, so that rewards told together count together. Once enough has been gathered it is
learned from in one go: the new weights, the outcomes behind them and the line in the ledger are on disk together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.engine import Engine
from services.core.decisions import ledger
from services.core.decisions.decision import Verdict
from services.core.decisions.ledger import NewDecision, Origin
from services.core.effects import AT_ONCE, Details, Effect, Outcome, Refused, Standing
from services.core.journal import Journal, Transaction, Work
from services.core.learning import Gathered, Learner, NotReversible
from services.core.store.schema import learners
from services.core.words import counted
from services.orchestrator.units.host import Learn

ENOUGH = 10
"""Outcomes that are learned from together: about as many as a campaign has in a day."""
LONGEST = timedelta(days=1)
"""How long an outcome waits for others."""
_SHOWN = 3
"""Arms whose weights are told in a line; the evidence has all."""


class LearnWeights(Effect, name="learner.learn"):
    """A learner took outcomes in: its updates ``first`` to ``last``, after which ``arms`` weigh something else."""

    learner: str
    first: int
    last: int
    arms: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"learn:{self.learner}:{self.first}-{self.last}"

    @property
    def what(self) -> str:
        kind, _, whose = self.learner.partition(":")
        arms = kind.rpartition(".")[2] + (f" of {whose}" if whose else "")
        count = len(self.versions)
        return f"Weighed {arms} anew by {counted(count, 'outcome')}"

    @property
    def versions(self) -> range:
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Unlearning:
    """Takes what a learner learned back: it then knows what it would had those outcomes never been told."""

    journal: Journal

    def carry_out(self, effect: LearnWeights) -> Details:
        return {}  # weights and ledger are written in one transaction: there is nothing left to do

    def look_up(self, effect: LearnWeights) -> Outcome:
        with self.journal.store.reading.connect() as connection:
            learner = _load(connection, effect.learner)
        stands = any(learner.in_force(version) for version in effect.versions)
        return Outcome(Standing.DONE if stands else Standing.NOT_DONE)

    def settling(self, effect: LearnWeights) -> timedelta:
        return AT_ONCE  # what the store does not have was not written

    def undo(self, effect: LearnWeights, details: Details) -> Details:
        def work(tx: Transaction) -> Details:
            learner = _load(tx.connection, effect.learner)
            learner.revert(effect.versions, tx.at)
            _keep(tx, effect.learner, learner)
            now = learner.weights(effect.arms, tx.at)
            return {"version": learner.version, "weights": [{"arm": a, "now %": _percent(w)} for a, w in now.items()]}

        try:
            return self.journal.clock.result(self.journal.write(work))
        except NotReversible as error:
            told = f"too much was learned since, or it was replaced ({error})"
            raise Refused(told) from error


def learning_in(engine: Engine) -> Learn:
    """What ``context.learn`` asks: takes rewards in, gives the weights of the arms. Also makes it undoable."""
    journal = engine.journal
    engine.acts.handlers[LearnWeights] = Unlearning(journal)

    def learn(
        name: str, arms: Sequence[str], rewards: dict[str, float], origin: Origin, also: Work[None] = _nothing
    ) -> dict[str, float]:
        def work(tx: Transaction) -> tuple[Learner, datetime]:
            if origin.process:
                ledger.require_epoch(tx, origin.process, origin.epoch)
            also(tx)
            learner = _load(tx.connection, name)
            for arm, reward in rewards.items():
                learner.gather(arm, reward, tx.at)
            due = _is_due(learner.gathered, tx.at)
            if due:
                _decide(tx, name, learner, tuple(arms), origin)
            if due or rewards:
                _keep(tx, name, learner)
            return learner, tx.at

        learner, at = journal.clock.result(journal.write(work))
        return learner.weights(arms, at)  # worked out by who asks: the writer has others to serve

    return learn


def _nothing(tx: Transaction) -> None:
    """What is written with rewards that stand for themselves."""


def _is_due(gathered: Sequence[Gathered], now: datetime) -> bool:
    return len(gathered) >= ENOUGH or any(now - each.at >= LONGEST for each in gathered)


def _decide(tx: Transaction, name: str, learner: Learner, arms: tuple[str, ...], origin: Origin) -> None:
    """Learn from all that was gathered, with a line in the ledger."""
    outcomes, before, version = learner.gathered, learner.weights(arms, tx.at), learner.version
    learner.learn()
    after = learner.weights(arms, tx.at)
    effect = LearnWeights(name, version + 1, learner.version, arms)
    because = {
        "outcomes": len(outcomes),
        "mean reward": sum(each.reward for each in outcomes) / len(outcomes),
        "weights": _told(before, after),
    }
    evidence: dict[str, Any] = {
        "weights": [
            {"arm": arm, "before %": _percent(before[arm]), "after %": _percent(after[arm])}
            for arm in sorted(arms, key=lambda arm: -after[arm])
        ],
        "outcomes": [
            {"arm": each.arm, "reward": round(each.reward, 3), "at (UTC)": f"{each.at:%Y-%m-%d %H:%M:%S}"}
            for each in outcomes
        ],
        "version": f"{version} → {learner.version}",
    }
    done = Outcome(Standing.DONE, {"version": learner.version})
    learned = NewDecision(effect, origin, because, Verdict.DONE, undoable=True, outcome=done, evidence=evidence)
    ledger.enter(tx, learned)


def _told(before: dict[str, float], after: dict[str, float]) -> str:
    """The weights that moved most, in a line."""
    moved = sorted(after, key=lambda arm: -abs(after[arm] - before[arm]))[:_SHOWN]
    return ", ".join(f"{arm} {before[arm]:.0%} → {after[arm]:.0%}" for arm in moved)


def _percent(weight: float) -> float:
    return round(100 * weight, 1)


def _load(connection: Connection, name: str) -> Learner:
    text = connection.execute(select(learners.c.state).where(learners.c.name == name)).scalar()
    return Learner(msgspec.json.decode(text) if text else None)


def _keep(tx: Transaction, name: str, learner: Learner) -> None:
    state = msgspec.json.encode(learner.save()).decode()
    statement = upsert(learners).values(name=name, version=1, state=state)
    tx.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name"], set_={"state": state, "version": learners.c.version + 1}
        )
    )
