"""The emergency stop: halt, cancel ours, flatten ours, again and again, and name what remains.

It is a state of the ledger, not a run through steps: whoever opens the ledger next goes on with it.
"""

from dataclasses import dataclass
from decimal import Decimal

from services.trading.desk.book import Book
from services.trading.desk.events import EntryEnded, ExitAsked, Latched
from services.trading.desk.guards.standing import ACCOUNT, PANIC
from services.trading.desk.register import Register
from services.trading.desk.sending import cancel
from services.trading.desk.states import OrderState, Role


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

    @property
    def on(self) -> bool:
        return (PANIC, ACCOUNT) in self.register.book.latches

    def begin(self, why: str) -> None:
        """Halt. From here on each round cancels and flattens, also after a crash."""
        if not self.on:
            self.register.record(Latched(PANIC, ACCOUNT, why, self.register.venue.now()))
        self.register.at("panic_halted")

    def round(self) -> None:
        """Give up what was asked for, cancel entries, and have every position left."""
        if not self.on:
            return
        register, book = self.register, self.register.book
        for bot, symbol in sorted(book.entries):
            asked = book.entries[bot, symbol]
            register.record(EntryEnded(bot, symbol, asked.cause, PANIC, register.venue.now()))
        for order in book.open_orders(role=Role.ENTRY):
            if order.open and order.state is not OrderState.CANCEL_PENDING:
                cancel(register, order, PANIC)
                register.at("panic_cancelled")
        for key in sorted(book.positions()):
            if book.holding(*key).opened and key not in book.exits:
                at = register.venue.now()
                register.record(ExitAsked(*key, f"panic/{at.isoformat()}", PANIC, PANIC, at))
                register.at("panic_flatten")

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
