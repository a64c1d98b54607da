"""The account process: keeps one exchange account, whatever becomes of the strategies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.core.clock import Clock
from services.core.durations import seconds
from services.core.process import ConfigurationFault, Isolation, Process
from services.core.process.context import Context, Position
from services.core.words import counted
from services.trading.desk.desk import Desk, Opening
from services.trading.desk.door import Door
from services.trading.desk.inbox import asked_of_a_person
from services.trading.desk.lease import Lease
from services.trading.desk.ledger import Ledger, LedgerUnusable
from services.trading.venue.venue import Venue, VenueRefused

PERIOD = 1.0
"""Seconds between two rounds: a stop rests within two of the fill."""
_AT_ONCE = 200
"""Events told to the journal in one go."""


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

        ``at_any_cost`` opens it by what can be read of a ledger that cannot be written: it buys nothing then.
        """
        with Lease(self.lease):
            ledger = opened(self.ledger, at_any_cost=at_any_cost)
            try:
                yield Desk(self.venue(), ledger, clock, self.opening)
            finally:
                ledger.close()


def opened(path: Path, *, at_any_cost: bool) -> Ledger:
    """A ledger; ``at_any_cost`` one held in memory where the file cannot be written. Raises ``LedgerUnusable`` else."""
    try:
        return Ledger(path)
    except LedgerUnusable:
        if not at_any_cost:
            raise
        return Ledger.recalled(path)


class AccountKeeper(Process):
    """Runs the desk in a thread of the program. It cannot be paused: a position needs its stop at any time.

    What its ledger says is told to the journal, each event once: its position is the number of the latest.
    """

    service = "system"
    isolation = Isolation.THREAD
    heartbeat = seconds(60)
    goes_on = True
    parallel = False
    can_pause = False

    account: Account
    door: Door

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
        asked: dict[str, str] = {}
        amiss = ""
        self.door.open = True
        while True:
            desk.round()
            if self.door.serve(desk):
                desk.round()
            self._tell(context, desk)
            for proposal in asked_of_a_person(desk):
                if proposal.effect.key not in asked:
                    asked[proposal.effect.key] = context.propose(proposal)
            before, amiss = amiss, desk.amiss()
            if amiss and amiss != before:
                context.log.error("%s", amiss)
            context.found_amiss(amiss)
            context.doing(amiss or _standing(desk))
            context.wait(PERIOD, f"the next look: {amiss or _standing(desk)}" if desk.reconciled else "the exchange")

    def _tell(self, context: Context, desk: Desk) -> None:
        """Tell the journal what is new in the ledger."""
        told = told_until(context.position)
        for seq, event in desk.register.ledger.read(told):
            context.emit(event)
            if seq - told_until(context.position) >= _AT_ONCE:
                context.checkpoint({"told": seq})
            told = seq
        context.checkpoint({"told": told})


def told_until(position: Position | None) -> int:
    """The number of the latest event that the journal was told."""
    told = (position or {}).get("told", 0)
    return told if isinstance(told, int) else 0


def _standing(desk: Desk) -> str:
    """In a few words, for the list of processes."""
    if not desk.reconciled:
        return "waiting for the exchange"
    held = len([each for each in desk.book.holdings.values() if each.opened])
    return f"{desk.standing.mode}, {counted(held, 'position')}, {counted(len(desk.book.open_orders()), 'order')}"
