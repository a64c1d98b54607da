"""The emergency stop where the program does not answer: by the account's own ledger, from any process."""

import os
import signal
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from services.core.clock import Clock
from services.trading.desk.keeper import Account
from services.trading.desk.lease import AccountTaken, Lease
from services.trading.desk.ledger import Ledger
from services.trading.desk.panic import Remaining, remaining
from services.trading.desk.shown import book_of
from services.trading.venue.venue import NotSent, VenueRefused, VenueUnsure

PATIENCE = 5.0
"""Seconds for a process that was ended to be gone."""
TRIES = 60
PAUSE = 1.0
"""Seconds between two rounds."""


@dataclass(frozen=True)
class Stopped:
    """Which process was ended (0 for none), and what remains of ours."""

    ended: int
    remaining: tuple[Remaining, ...]
    reached: bool
    """Whether the exchange could be asked at all."""


def stop(account: Account, clock: Clock, why: str, tries: int = TRIES) -> Stopped:
    """End who holds the account, by its id, take its lease, and bring what is ours to rest.

    Raises ``AccountTaken`` where the holder does not end, and ``LedgerUnusable``.
    """
    ended = end_holder(Lease(account.lease), clock)
    with account.opened(clock) as desk:
        desk.panic.begin(why)
        for number in range(tries):
            desk.round()
            if desk.reconciled and not desk.panic.remaining():
                break
            if number + 1 < tries:
                clock.wakeup().wait(PAUSE)
        return Stopped(ended, tuple(desk.panic.remaining()), desk.reconciled)


def why_not(account: Account) -> str:
    """Why the account cannot be worked from here for certain; empty where it can be, or might be in a moment.

    Asked before anybody is ended: who holds the account may still protect what it holds.
    """
    try:
        account.venue().funds()
    except (NotSent, VenueUnsure):
        return ""
    except VenueRefused as no:
        return str(no)
    return ""


def left_in(path: Path) -> list[Remaining]:
    """What of ours is not at rest by the ledger of an account. Raises ``LedgerUnusable``."""
    with closing(Ledger(path)) as ledger:
        return remaining(book_of(ledger))


def end_holder(lease: Lease, clock: Clock) -> int:
    """End the process that holds the lease; its id, or 0 where nobody holds it. It has had its time to answer."""
    holder = lease.holder()
    if not holder or holder == os.getpid():
        return 0
    with suppress(ProcessLookupError):  # it ended by itself meanwhile, which is what was wanted
        os.kill(holder, getattr(signal, "SIGKILL", signal.SIGTERM))
    until = clock.monotonic() + PATIENCE
    while lease.holder() == holder:
        if clock.monotonic() >= until:
            raise AccountTaken(lease.path, holder)
        clock.wakeup().wait(0.05)
    return holder
