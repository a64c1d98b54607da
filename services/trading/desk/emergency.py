"""The emergency stop where the program does not answer: by the account's own ledger, from any process."""

import os
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.core.clock import Clock
from services.trading.desk.commands import stopped
from services.trading.desk.keeper import Account, opened
from services.trading.desk.lease import AccountTaken, Lease
from services.trading.desk.panic import Remaining, remaining
from services.trading.desk.shown import book_of
from services.trading.venue.venue import NotSent, VenueRefused, VenueUnsure

PATIENCE = 5.0
"""Seconds for a process that was ended to be gone."""
TRIES = 60
AT_MOST = 120.0
"""Seconds after which no further round is begun: one at an exchange that gives no answer takes many."""
PAUSE = 1.0
"""Seconds between two rounds."""


@dataclass(frozen=True)
class Stopped:
    """Which process was ended (0 for none), and what was done and is left, as a plain document."""

    ended: int
    told: dict[str, Any]


def stop(
    account: Account, clock: Clock, why: str, tries: int = TRIES, tell: Callable[[str], None] = lambda told: None
) -> Stopped:
    """End who holds the account, by its id, take its lease, and bring what is ours to rest.

    A ledger that cannot be written keeps nothing from being sold. ``tell`` hears why the exchange cannot be asked,
    once, while it is tried again. Raises ``AccountTaken`` where the holder does not end.
    """
    ended = end_holder(Lease(account.lease), clock)
    until = clock.monotonic() + AT_MOST
    with account.opened(clock, at_any_cost=True) as desk:
        asked = desk.register.venue.now()
        desk.panic.begin(why)
        told = ""
        for number in range(tries):
            desk.round()
            if clock.monotonic() >= until or (desk.reconciled and not desk.panic.remaining()):
                break
            if (unasked := desk.reach.account()) and not told:
                tell(told := unasked)
            if number + 1 < tries:
                clock.wakeup().wait(PAUSE)
        return Stopped(ended, stopped(desk, asked))


@dataclass(frozen=True)
class Tried:
    """Whether the account can be worked from here: not where it is ``refused`` for certain, nor ``unsure`` now."""

    refused: str = ""
    unsure: str = ""


def tried(account: Account) -> Tried:
    """Asked before anybody is ended: who holds the account may still protect what it holds."""
    try:
        account.venue().funds()
    except (NotSent, VenueUnsure) as unsure:
        return Tried(unsure=str(unsure).removeprefix("not sent: "))
    except VenueRefused as no:
        return Tried(refused=str(no))
    return Tried()


def left_in(path: Path) -> list[Remaining]:
    """What of ours is not at rest by the ledger of an account, or by what can be read of it."""
    with closing(opened(path, at_any_cost=True)) as ledger:
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
