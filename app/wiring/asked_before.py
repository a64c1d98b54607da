"""What is put before a person as long as it is so: what came of it earlier, what waits now, and how it is withdrawn."""

from typing import TypeVar

from sqlalchemy import select

from services.core.decisions import ledger
from services.core.decisions.decision import Verdict
from services.core.decisions.ledger import Entry
from services.core.effects import Effect, Outcome, Standing
from services.core.journal import Transaction
from services.core.store.prefixes import begins
from services.core.store.schema import decisions

E = TypeVar("E", bound=Effect)


def verdicts(tx: Transaction, prefix: str) -> list[Verdict]:
    """What came of each time that it was asked about, oldest first; the keys of all of them begin with ``prefix``."""
    same = begins(decisions.c.key, prefix)
    rows = tx.connection.execute(select(decisions.c.verdict).where(same).order_by(decisions.c.at, decisions.c.key))
    return [Verdict(row.verdict) for row in rows]


def waiting(tx: Transaction, kind: type[E]) -> list[tuple[Entry, E]]:
    """What waits for a person's word, of one kind of effect."""
    found = [(entry, entry.effect()) for entry in ledger.waiting(tx) if entry.effect_name == kind.type_name]
    return [(entry, effect) for entry, effect in found if isinstance(effect, kind)]


def withdraw(tx: Transaction, entry: Entry, why: str) -> None:
    """Out of the Inbox: it is no longer so."""
    ledger.change(tx, entry, Verdict.EXPIRED, "program", Outcome(Standing.NOT_DONE, why=why))
