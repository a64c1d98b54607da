"""The account process: keeps one exchange account, whatever becomes of the strategies."""

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.core.clock import Clock
from services.core.durations import seconds
from services.core.events import Event
from services.core.process import ConfigurationFault, Isolation, Process
from services.core.process.context import Context
from services.core.words import counted
from services.trading.desk.desk import Desk, Opening
from services.trading.desk.door import Door
from services.trading.desk.inbox import asked_of_a_person
from services.trading.desk.lease import Lease
from services.trading.desk.ledger import Ledger, LedgerUnusable
from services.trading.desk.left_behind import Left
from services.trading.desk.telling import Telling
from services.trading.venue.venue import Venue, VenueRefused

log = logging.getLogger(__name__)
PERIOD = 1.0
"""Seconds between two rounds: a stop rests within two of the fill."""


@dataclass(frozen=True)
class Account:
    """What an account is kept with: its ledger, its lease, who opens its venue, and how."""

    ledger: Path
    lease: Path
    venue: Callable[[], Venue]
    opening: Opening

    @contextmanager
    def opened(self, clock: Clock, *, at_any_cost: bool = False) -> Iterator[Desk]:
        """A desk on the account, for as long as it is held. Raises ``AccountTaken`` or ``LedgerUnusable``.

        A ledger that can be read and not written, as on a full disk, is held in memory: nothing is bought then, and
        what is held is protected, and sold. ``at_any_cost`` opens the account also where none can be read.
        """
        with Lease(self.lease):
            ledger = opened(self.ledger, at_any_cost=at_any_cost)
            try:
                desk = Desk(self.venue(), ledger, clock, self.opening)
            except BaseException:
                ledger.close()
                raise
            try:
                yield desk
            finally:
                desk.register.ledger.close()


def opened(path: Path, *, at_any_cost: bool) -> Ledger:
    """A ledger, or one held in memory where the file cannot be written.

    Raises ``LedgerUnusable`` where it cannot even be read, unless ``at_any_cost``.
    """
    try:
        return Ledger(path)
    except LedgerUnusable as error:
        log.error("%s", error)
        return Ledger.recalled(path, or_nothing=at_any_cost)


class AccountKeeper(Process):
    """Runs the desk in a thread of the program. It cannot be paused: a position needs its stop at any time.

    What its ledger says is told to the journal, each event once.
    """

    service = "system"
    isolation = Isolation.THREAD
    heartbeat = seconds(60)
    goes_on = True
    parallel = False
    can_pause = False

    account: Account
    door: Door
    journal: Callable[[], Iterable[Event]] = tuple
    """What the journal has of what it was told, in its order."""
    settle: "Callable[[Left], Future[None]] | None" = None
    """Puts positions whose bot is gone before a person, and withdraws what is settled."""

    def run(self, context: Context) -> None:
        """Round after round, until it is told to end: what rests at the exchange stays there."""
        try:
            with self.account.opened(context.clock) as desk:
                try:
                    self._keep(context, desk)
                finally:
                    self.door.shut()
        except VenueRefused as refused:
            raise ConfigurationFault(str(refused), "exchange") from refused

    def _keep(self, context: Context, desk: Desk) -> None:
        inbox, amiss = Asked(self.settle), ""
        telling = Telling(context, desk, self.journal)
        begun = self._begun(telling, desk)
        self.door.knock, self.door.open = context.rouse, True
        desk.round()
        while True:
            if begun := begun or self._begun(telling, desk):
                telling.go_on()
            inbox.put(context, desk)
            before, amiss = amiss, desk.amiss()
            if amiss and amiss != before:
                context.log.error("%s", amiss)
            self.door.unasked, self.door.offset = desk.reach.told(), desk.measuring.offset
            self.door.unarmed = desk.permission.unarmed()
            context.found_amiss("; ".join(dict.fromkeys(filter(None, (amiss, self.door.unasked)))))
            context.doing(standing := amiss or _standing(desk))
            what = f"the next look: {standing}" if desk.reconciled or self.door.unasked else "the exchange"
            context.wait(PERIOD, what, until=self.door.waited_at)
            self.door.serve(desk)
            desk.round()

    @staticmethod
    def _begun(telling: Telling, desk: Desk) -> bool:
        """Of a ledger that is held in memory nothing is told: it may lack what the file has."""
        if desk.register.ledger.in_memory:
            return False
        telling.begin()
        return True


@dataclass
class Asked:
    """What was put before a person, each once, without waiting until the store has it."""

    settle: "Callable[[Left], Future[None]] | None" = None
    _put: "dict[str, Future[str]]" = field(default_factory=dict)
    _left: "tuple[Left, Future[None]] | None" = None
    """The positions without a bot that were told last."""

    def put(self, context: Context, desk: Desk) -> None:
        for proposal in asked_of_a_person(desk):
            key = proposal.effect.key
            if key not in self._put or _failed(self._put[key]):
                self._put[key] = context.put(proposal)
        self._tell_left(desk.left_behind.left)

    def _tell_left(self, left: Left | None) -> None:
        if self.settle is None or left is None:
            return
        if self._left is None or self._left[0] != left or _failed(self._left[1]):
            self._left = left, self.settle(left)


def _failed(future: "Future[Any]") -> bool:
    return future.done() and future.exception() is not None


def _standing(desk: Desk) -> str:
    """In a few words, for the list of processes."""
    if not (desk.reconciled or desk.reach.told()):
        return "waiting for the exchange"
    held = len([each for each in desk.book.holdings.values() if each.opened])
    ours = f"{counted(held, 'position')}, {counted(len(desk.book.open_orders()), 'order')}"
    if desk.reach.since is not None:
        return f"{desk.reach.told()}; by our ledger {ours}"
    unasked = f"; {told}" if (told := desk.reach.told()) else ""
    return f"{desk.standing.mode}, {ours}{unasked}"
