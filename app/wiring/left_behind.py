"""Positions whose bot is gone come before a person, and out of the Inbox once they are flat or their bot is back.

One that was dismissed is not asked about again while its bot stays away; once it was back and is gone once more, it is.
"""

from concurrent.futures import Future
from dataclasses import replace

import msgspec

from app.wiring.asked_before import verdicts, waiting, withdraw
from app.wiring.plans.kind_names import ACCOUNT
from services.core.decisions import ledger
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.ledger import NewDecision, Origin
from services.core.journal import Journal, Transaction
from services.core.store.facts import fact, keep_fact
from services.trading.desk.left_behind import Left
from services.trading.desk.waiting import SellLeftBehind

_ANEW = (Verdict.EXPIRED, Verdict.NOT_DONE)
"""What came of asking before it is asked again."""
_SETTLED = "it is flat, or its bot is back"
_AWAY = "left behind"
"""The fact that names the positions which were asked about, and whose bot has been away ever since."""


def settle_left_behind(journal: Journal, left: Left) -> "Future[None]":
    """Ask about what is news, and withdraw what is no longer so."""

    def work(tx: Transaction) -> None:
        for entry, asked in waiting(tx, SellLeftBehind):
            if asked.position not in left.missed:
                withdraw(tx, entry, _SETTLED)
        known = _known(tx)
        away = known & left.missed if known is not None else None
        for effect in left.told:
            before = verdicts(tx, f"left-behind:{effect.position}:")
            was_back = away is not None and effect.position not in away and before[-1:] == [Verdict.REJECTED]
            if not before or before[-1] in _ANEW or was_back:
                again = replace(effect, asked=len(before) + 1)
                because = f"no process called {effect.bot} trades there any more; 'close {effect.bot}' sells it as well"
                ledger.enter(tx, NewDecision.put(Proposal(again, because), Origin(f"process:{ACCOUNT}", ACCOUNT)))
        now = (away or frozenset()) | {effect.position for effect in left.told}
        if now != known:
            keep_fact(tx.connection, _AWAY, msgspec.json.encode(sorted(now)).decode())

    return journal.write(work)


def _known(tx: Transaction) -> frozenset[str] | None:
    """Those positions, also by a program before this one; None where that was never kept."""
    text = fact(tx.connection, _AWAY)
    return frozenset(msgspec.json.decode(text)) if text else None
