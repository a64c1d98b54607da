"""The register: venue, ledger and book in one hand. What becomes known is on disk before it counts."""

from dataclasses import dataclass, field

from services.core.clock import Clock
from services.core.events import Event
from services.core.faults import fault_point
from services.trading.desk.book import Book, folded
from services.trading.desk.ledger import Ledger
from services.trading.desk.order import Order
from services.trading.venue.told import MarketRules
from services.trading.venue.venue import Venue


@dataclass
class Register:
    """Used by the account's own thread alone. ``instance`` is the 8 hex digits by which our orders are known."""

    venue: Venue
    ledger: Ledger
    clock: Clock
    instance: str
    book: Book = field(default_factory=Book)
    _rules: dict[str, MarketRules] = field(default_factory=dict)

    @classmethod
    def opened(cls, venue: Venue, ledger: Ledger, clock: Clock, instance: str) -> "Register":
        """With the book that the ledger tells."""
        return cls(venue, ledger, clock, instance, folded(event for _, event in ledger.read()))

    def record(self, *events: Event) -> None:
        """Keep them, then let them count. Raises ``LedgerUnusable``, and then nothing counts."""
        if events:
            self.ledger.append(*events)
            self.book.apply(*events)

    def news(self, *events: Event) -> bool:
        """Record those that change anything: what is told again leaves no trace. Tells whether there was any."""
        changed = False
        for event in events:
            if self.book.is_news(event):
                self.record(event)
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
