"""What rules asked for: on disk with the rule's own change until it is done, so that no crash loses it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from app.wiring.rules.rule_actions import ApplyRule
from services.core.effects import Details
from services.core.journal import Journal, Transaction
from services.core.rules.actions import Action
from services.core.rules.changes import RuleChanged
from services.core.store.facts import drop_fact, facts_from, keep_fact

log = logging.getLogger(__name__)
_PREFIX = "asked:"


@dataclass(frozen=True)
class Asked:
    """One act that a rule asked for, and what it saw."""

    effect: ApplyRule
    because: Details


def asked_for(change: RuleChanged, action: Action, cause: str, way_on: str = "") -> Asked:
    """What an action of a rule that changed asks for; ``cause`` makes that of each change another."""
    effect = ApplyRule(change.rule, change.each, str(action.verb), action.target, cause, str(change.because), way_on)
    return Asked(effect, change.because.as_dict())


def ask(tx: Transaction, acts: Sequence[Asked]) -> None:
    """Keep what is asked for."""
    for act in acts:
        keep_fact(tx.connection, _PREFIX + act.effect.key, msgspec.json.encode(act).decode())


def answered(tx: Transaction, act: Asked) -> None:
    """It was done, refused, or is unknown: the ledger says which."""
    drop_fact(tx.connection, _PREFIX + act.effect.key)


def unanswered(journal: Journal) -> list[Asked]:
    """What was asked for and not answered before the program ended. Blocks."""
    with journal.store.reading.connect() as connection:
        left = facts_from(connection, _PREFIX)
    found = []
    for key, text in left.items():
        try:
            found.append(msgspec.json.decode(text, type=Asked))
        except msgspec.MsgspecError as error:
            log.error("what a rule asked for as %s cannot be read and is not done: %s", key, error)
    return found
