"""Positions whose bot is gone come before a person, and out of the Inbox once they are flat or their bot is back.

One that was dismissed is not asked about again while its bot stays away.
"""

from concurrent.futures import Future
from dataclasses import replace

from app.wiring.asked_before import verdicts, waiting, withdraw
from app.wiring.plans.kind_names import ACCOUNT
from services.core.decisions import ledger
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.ledger import NewDecision, Origin
from services.core.journal import Journal, Transaction
from services.trading.desk.left_behind import Left
from services.trading.desk.waiting import SellLeftBehind

_ANEW = (Verdict.EXPIRED, Verdict.NOT_DONE)
"""What came of asking before it is asked again."""
_SETTLED = "it is flat, or its bot is back"


def settle_left_behind(journal: Journal, left: Left) -> "Future[None]":
    """Ask about what is news, and withdraw what is no longer so."""

    def work(tx: Transaction) -> None:
        for entry, asked in waiting(tx, SellLeftBehind):
            if asked.position not in left.missed:
                withdraw(tx, entry, _SETTLED)
        for effect in left.told:
            before = verdicts(tx, f"left-behind:{effect.position}:")
            if not before or before[-1] in _ANEW:
                again = replace(effect, asked=len(before) + 1)
                because = f"no process is called {effect.bot} any more; 'close {effect.bot}' sells it as well"
                ledger.enter(tx, NewDecision.put(Proposal(again, because), Origin(f"process:{ACCOUNT}", ACCOUNT)))

    return journal.write(work)
