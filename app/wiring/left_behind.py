"""Positions whose bot is gone come before a person, and out of the Inbox once they are flat or their bot is back.

One that was dismissed is not asked about again while its bot stays away.
"""

from concurrent.futures import Future
from dataclasses import replace

from sqlalchemy import select

from app.wiring.plans.kind_names import ACCOUNT
from services.core.decisions import ledger
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.ledger import Entry, NewDecision, Origin
from services.core.effects import Outcome, Standing
from services.core.journal import Journal, Transaction
from services.core.store.prefixes import begins
from services.core.store.schema import decisions
from services.trading.desk.left_behind import Left
from services.trading.desk.waiting import SellLeftBehind

_ANEW = (Verdict.EXPIRED, Verdict.NOT_DONE)
"""What came of asking before it is asked again."""
_SETTLED = "it is flat, or its bot is back"


def settle_left_behind(journal: Journal, left: Left) -> "Future[None]":
    """Ask about what is news, and withdraw what is no longer so."""

    def work(tx: Transaction) -> None:
        for entry, asked in _waiting(tx):
            if asked.position not in left.missed:
                ledger.change(tx, entry, Verdict.EXPIRED, "program", Outcome(Standing.NOT_DONE, why=_SETTLED))
        for effect in left.told:
            before = _before(tx, effect)
            if not before or before[-1] in _ANEW:
                again = replace(effect, asked=len(before) + 1)
                because = f"no process is called {effect.bot} any more; 'close {effect.bot}' sells it as well"
                ledger.enter(tx, NewDecision.put(Proposal(again, because), Origin(f"process:{ACCOUNT}", ACCOUNT)))

    return journal.write(work)


def _before(tx: Transaction, effect: SellLeftBehind) -> list[Verdict]:
    """What came of each time it was asked about, oldest first."""
    same = begins(decisions.c.key, f"left-behind:{effect.position}:")
    rows = tx.connection.execute(select(decisions.c.verdict).where(same).order_by(decisions.c.at, decisions.c.key))
    return [Verdict(row.verdict) for row in rows]


def _waiting(tx: Transaction) -> list[tuple[Entry, SellLeftBehind]]:
    found = [(entry, entry.effect()) for entry in ledger.waiting(tx) if entry.effect_name == SellLeftBehind.type_name]
    return [(entry, effect) for entry, effect in found if isinstance(effect, SellLeftBehind)]
