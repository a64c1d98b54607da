"""Putting off: what waits for a person leaves the Inbox until a moment, and comes back by itself.

Nothing else about the decision changes: it still waits, and whoever finds it may decide it at any time.
"""

from collections.abc import Mapping
from datetime import datetime

from services.core.decisions import ledger
from services.core.decisions.decision import Verdict
from services.core.decisions.events import DecisionSnoozed
from services.core.decisions.ledger import Entry, NotWaiting
from services.core.errors import UserError
from services.core.events.micros import from_micros, to_micros
from services.core.journal import Transaction
from services.core.store.facts import drop_fact, fact, facts_from, keep_fact

_PREFIX = "snoozed:"


def put_off(tx: Transaction, identity: str, until: datetime, by: str) -> Entry:
    """Have what waits leave the Inbox until then. Raises ``NoSuchDecision``, ``NotWaiting``, or ``UserError``."""
    entry = ledger.by_id(tx, identity)
    known = entry.decision
    if known.verdict is not Verdict.WAITING:
        raise NotWaiting(f"decision {known.id} is {known.verdict} and cannot be put off")
    if until <= tx.at:
        raise UserError("that moment is over", f"decision {known.id}", "choose one that is to come")
    if entry.expires is not None and until >= entry.expires:
        told = f"it expires at {entry.expires.astimezone():%Y-%m-%d %H:%M}, before it would be back"
        raise UserError(told, f"decision {known.id}", "put it off for less, or decide it now")
    _remember(tx, known.id, until)
    tx.record(DecisionSnoozed(known.id, until, by), source=entry.process)
    return entry


def wake(tx: Transaction, identity: str, by: str) -> Entry:
    """Bring back what is put off before its time. Raises ``NoSuchDecision``, or ``NotWaiting`` where it is not."""
    entry = ledger.by_id(tx, identity)
    known = entry.decision
    if known.verdict is not Verdict.WAITING or fact(tx.connection, _PREFIX + known.id) is None:
        raise NotWaiting(f"decision {known.id} is not put off, so there is nothing to wake")
    drop_fact(tx.connection, _PREFIX + known.id)
    tx.record(DecisionSnoozed(known.id, None, by), source=entry.process)
    return entry


def remember(tx: Transaction, until: Mapping[str, datetime]) -> None:
    """Make sure that what is known to be put off comes back: an imported store knows of it from events alone."""
    for identity, moment in until.items():
        _remember(tx, identity, moment)


def bring_back(tx: Transaction) -> list[str]:
    """Put what was put off until now back into the Inbox; returns the ids."""
    snoozed = facts_from(tx.connection, _PREFIX)
    due = [identity for identity, until in snoozed.items() if from_micros(int(until)) <= tx.at]
    for identity in due:
        drop_fact(tx.connection, _PREFIX + identity)
        tx.record(DecisionSnoozed(identity, None, "program"))
    return due


def _remember(tx: Transaction, identity: str, until: datetime) -> None:
    keep_fact(tx.connection, _PREFIX + identity, str(to_micros(until)))
