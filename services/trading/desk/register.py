"""The register: venue, ledger and book in one hand. What becomes known is on disk before it counts."""

import logging
from dataclasses import dataclass, field

from services.core.clock import Clock
from services.core.events import Event
from services.core.faults import fault_point
from services.trading.desk.book import Book, folded
from services.trading.desk.events import ExitAsked, Latched, OrderInitialised
from services.trading.desk.ledger import Ledger, LedgerUnusable
from services.trading.desk.order import Order
from services.trading.desk.reserve import Reserve
from services.trading.venue.told import MarketRules
from services.trading.venue.venue import Venue

log = logging.getLogger(__name__)


@dataclass
class Register:
    """Used by the account's own thread alone. ``instance`` is the 8 hex digits by which our orders are known."""

    venue: Venue
    ledger: Ledger
    clock: Clock
    instance: str
    book: Book = field(default_factory=Book)
    opened_at: float | None = None
    """By a clock that no measuring moves: what was sent before this, a desk before us sent."""
    _rules: dict[str, MarketRules] = field(default_factory=dict)
    reserve: Reserve | None = None
    """Where stands what must not be forgotten while the ledger takes nothing."""
    _unkept: list[Event] = field(default_factory=list)
    """What counts already and is not on disk, in its order: it is written before anything else."""
    amiss: str = ""
    """Why something that counts is not on disk; empty where all is."""

    @classmethod
    def opened(cls, venue: Venue, ledger: Ledger, clock: Clock, instance: str) -> "Register":
        """With the book that the ledger tells, and what a program before this one could not write there."""
        told = [event for _, event in ledger.read()]
        book, reserve = folded(told), Reserve(ledger.path)
        register = cls(venue, ledger, clock, instance, book, clock.monotonic(), reserve=reserve)
        if ledger.in_memory:
            register.amiss = (
                f"{ledger.path} takes nothing, so nothing is bought; what is held is protected and can be sold"
            )
        if left := _lacking(book, [event for event in reserve.read() if event not in told]):
            register.note(*left)
        return register

    def record(self, *events: Event, kept: dict[str, str] | None = None) -> None:
        """Keep them, then let them count. Raises ``LedgerUnusable``, and then nothing counts."""
        if events or kept or self._unkept:
            self.ledger.append(*self._unkept, *events, kept=kept)
            self._unkept.clear()
            if self.reserve is not None:
                self.reserve.clear()
            self.amiss = ""
            self.book.apply(*events)

    def note(self, *events: Event) -> None:
        """Let them count also where the disk takes nothing: facts, and whatever reduces exposure.

        They are kept once that can be. If the program dies before, the exchange tells them at the next start; what no
        exchange can tell stands in the reserve.
        """
        try:
            self.record(*events)
        except LedgerUnusable as error:
            if not self.amiss:
                log.error("not kept from here on, and gone on with: %s", error)
            self.amiss = f"what is done now is not on disk: {error}"
            self._unkept.extend(events)
            if self.reserve is not None:
                self.reserve.keep(self._unkept)
            self.book.apply(*events)

    def keep(self, values: dict[str, str]) -> None:
        """Keep values of the desk's own; where the disk takes none, the ones before go on."""
        try:
            self.record(kept=values)
        except LedgerUnusable as error:
            log.error("not kept: %s", error)

    def catch_up(self) -> None:
        """Try to keep what could not be kept before."""
        if self.ledger.in_memory:
            self._return_to_disk()
        if self._unkept:
            self.note()

    def _return_to_disk(self) -> None:
        """Go on with the file once it can be written: it may know more than could be read of it."""
        try:
            ledger = Ledger(self.ledger.path)
        except LedgerUnusable:
            return
        self.ledger.close()
        self.ledger, self.amiss = ledger, ""
        self.book = folded(event for _, event in ledger.read())
        self.book.apply(*self._unkept)

    def news(self, *events: Event) -> bool:
        """Record those that change anything: what is told again leaves no trace. Tells whether there was any."""
        changed = False
        for event in events:
            if self.book.is_news(event):
                self.note(event)
                changed = True
        return changed

    def order(self, client_id: str) -> Order:
        return self.book.orders[client_id]

    def rules(self, symbol: str) -> MarketRules:
        """The market's, asked once."""
        if symbol not in self._rules:
            self._rules[symbol] = self.venue.rules(symbol)
        return self._rules[symbol]

    def at(self, point: str) -> None:
        """A named moment at which a drill may end the program."""
        fault_point(f"desk.{point}")


def _lacking(book: Book, told: list[Event]) -> list[Event]:
    """What of it the ledger does not know; an order of which not even the intent is known is the exchange's to tell."""
    begun = {*book.orders, *(event.client_id for event in told if isinstance(event, OrderInitialised))}
    known = (event for event in told if getattr(event, "client_id", None) in {None, *begun})
    return [event for event in known if not _has(book, event)]


def _has(book: Book, event: Event) -> bool:
    """Whether the ledger knows of one that it does not have by the letter: told again, or over since."""
    if isinstance(event, Latched):
        return (event.guard, event.scope) in book.latches
    if not isinstance(event, ExitAsked):
        return not book.is_news(event)
    key = event.bot, event.symbol
    over = any((each.bot, each.symbol) == key and each.at >= event.at for each in book.closed)
    return key in book.exits or over
