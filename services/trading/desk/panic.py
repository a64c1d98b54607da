"""The emergency stop: halt, cancel ours, flatten ours, again and again, and name what remains.

It is a state of the ledger, not a run through steps: whoever opens the ledger next goes on with it.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from services.trading.desk import intents
from services.trading.desk.book import Book
from services.trading.desk.bulkheads import Bulkheads
from services.trading.desk.events import ExitAsked, Latched
from services.trading.desk.guards.standing import ACCOUNT, PANIC
from services.trading.desk.order import Order
from services.trading.desk.register import Register
from services.trading.desk.sending import cancel
from services.trading.desk.states import OrderState, Role

SOONEST, LATEST = timedelta(seconds=5), timedelta(minutes=1)
"""Between two tries to cancel an entry of which nobody knows whether it arrived: each wait is twice the one before."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """Something of ours that is not at rest, and why it is still there."""

    bot: str
    symbol: str
    what: str


@dataclass
class Panic:
    """Only ours: an order or a coin of the user's is never touched."""

    register: Register
    bulkheads: Bulkheads = field(default_factory=Bulkheads)

    @property
    def on(self) -> bool:
        return (PANIC, ACCOUNT) in self.register.book.latches

    def begin(self, why: str) -> None:
        """Halt. From here on each round cancels and flattens, also after a crash."""
        if not self.on:
            self.register.note(Latched(PANIC, ACCOUNT, why, self.register.venue.now()))
        self.register.at("panic_halted")

    def round(self) -> None:
        """Give up what was asked for, cancel entries, and have every position left; no market waits for another."""
        if not self.on:
            return
        for symbol in sorted(self.register.book.symbols()):
            self.bulkheads.within(symbol, self._market, symbol)

    def _market(self, symbol: str) -> None:
        register, book = self.register, self.register.book
        for asked in [each for each in book.entries.values() if each.symbol == symbol]:
            register.note(book.ending(asked, PANIC, register.venue.now()))
        for order in book.open_orders(symbol=symbol, role=Role.ENTRY):
            if self._is_due(order):
                cancel(register, order, PANIC)
                register.at("panic_cancelled")
        for key in sorted(each for each in book.positions() if each[1] == symbol):
            if book.holding(*key).opened and key not in book.exits:
                cause = f"panic/{intents.latest_trade(register, *key)}"
                register.note(ExitAsked(*key, cause, PANIC, PANIC, register.venue.now()))
                register.at("panic_flatten")

    def _is_due(self, order: Order) -> bool:
        """Whether to ask for its cancelling now: of one that nobody can find, less and less often."""
        if not order.open or order.state is OrderState.CANCEL_PENDING:
            return False
        if order.state is not OrderState.UNKNOWN or order.cancel_asked is None:
            return True
        tried = abs(order.cancel_asked - (order.sent or order.at))
        waited = self.register.venue.now() - order.cancel_asked
        return not timedelta(0) <= waited < min(max(tried, SOONEST), LATEST)

    def remaining(self) -> list[Remaining]:
        """What is not at rest; dust counts as such."""
        return remaining(self.register.book)


def remaining(book: Book) -> list[Remaining]:
    """What of ours is not at rest by this book; dust counts as such."""
    held = [
        Remaining(each.bot, each.symbol, f"{each.quantity.normalize():f} {each.base} are held")
        for each in book.holdings.values()
        if each.opened and each.quantity > Decimal(0)
    ]
    orders = [Remaining(o.bot, o.symbol, f"order {o.client_id} is {o.state}") for o in book.open_orders()]
    return held + orders


def dust(book: Book) -> list[Remaining]:
    """What is still ours and too small to be sold: it waits for the next trade."""
    return [
        Remaining(each.bot, each.symbol, f"{each.quantity.normalize():f} {each.base}")
        for each in book.held()
        if not each.opened
    ]
