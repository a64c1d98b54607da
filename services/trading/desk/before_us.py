"""What a desk before us did and could not write: where the ledger takes nothing, it is asked for before a sale."""

from dataclasses import dataclass

from services.trading.desk.book import Key
from services.trading.desk.polling import Polling
from services.trading.desk.reconciling import known_until
from services.trading.desk.register import Register
from services.trading.desk.sending import require_settled
from services.trading.venue.venue import VenueUnsure


@dataclass
class BeforeUs:
    """A position of which orders may have been sent that stand nowhere: not under which id, nor for which cause."""

    register: Register
    polling: Polling

    def require_known(self, key: Key) -> None:
        """Raises ``VenueUnsure`` while one of them may still arrive, or where the book learns of one just now."""
        if self.register.ledger.probe():
            return
        require_settled(self.register)
        before, symbol = self._standing(key), key[1]
        self.polling.trades(symbol, known_until(self.register, symbol))
        if self._standing(key) != before:
            raise VenueUnsure("what a desk before this one did, and could not write, is learnt just now")

    def _standing(self, key: Key) -> object:
        book = self.register.book
        return book.holding(*key), [order for order in book.orders.values() if (order.bot, order.symbol) == key]
