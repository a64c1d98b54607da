"""When the exchange told of each order of ours last, and which of them have to be asked for by themselves now."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from services.trading.desk import resting
from services.trading.desk.order import Order
from services.trading.desk.register import Register
from services.trading.desk.resting import Around, Seen
from services.trading.desk.states import Role
from services.trading.venue.told import Reported, Standing


@dataclass
class LastSeen:
    """Since the latest list of open orders; what that list lacked is asked for in each round until there is another."""

    register: Register
    restless: Callable[[], bool] = lambda: False
    """Whether each order is asked for in each round, however well it rests."""
    _seen: dict[str, Seen] = field(default_factory=dict)
    """Of what the list had, and is known to rest since."""
    _asked: set[str] = field(default_factory=set)
    """Orders that were asked for by themselves since the round began."""
    _prices: dict[str, Decimal] = field(default_factory=dict)
    """Of each market, the latest that was told."""

    def begin(self) -> None:
        """A round begins."""
        self._asked.clear()

    def listed(self, told: Iterable[Reported], at: datetime) -> None:
        """The list, asked for at that time, has these of ours, and no others."""
        self._seen.clear()
        for each in told:
            self._put(each, at)

    def ask(self, order: Order) -> bool:
        """It is asked for now: it counts as seen once that is ``answered``. Tells whether it did before."""
        self._asked.add(order.client_id)
        return self._seen.pop(order.client_id, None) is not None

    def answered(self, told: Reported, at: datetime) -> None:
        self._put(told, at)

    def may_wait(self, order: Order, missed: Collection[str]) -> bool:
        """Whether it need not be asked for before prices are told; ``missed`` are ids of those not found."""
        if self.restless():
            return False
        book = self.register.book
        busy = {symbol for _, symbol in (*book.entries, *book.exits)}
        tried = (each for each in book.orders.values() if (each.bot, each.symbol) == (order.bot, order.symbol))
        sent = max((each.sent for each in tried if each.sent is not None), default=None)
        around = Around(book.open_orders(), missed, busy, sent)
        return resting.may_wait(order, self._seen.get(order.client_id), around, self.register.venue.now())

    def near(self, prices: Mapping[str, Decimal]) -> list[Order]:
        """Stops that prices, told just now, have come near to, and that were not asked for in this round yet.

        A market that has no price there may stand anywhere.
        """
        self._prices.update(prices)
        found = []
        for order in self.register.book.open_orders(role=Role.STOP):
            seen, price = self._seen.get(order.client_id), prices.get(order.symbol)
            if not order.live or seen is None or order.client_id in self._asked:
                continue
            if resting.is_near(order, seen, price):
                found.append(order)
            elif price is not None:
                self._seen[order.client_id] = seen.told(price)
        return found

    def _put(self, told: Reported, at: datetime) -> None:
        """Only where it is in the book, and what is filled of it by the exchange's word is known by its trades."""
        order = self.register.book.orders.get(told.client_id)
        if order is not None and not told.unread and told.standing is Standing.OPEN and told.filled <= order.filled:
            price = self._prices.get(order.symbol)
            self._seen[order.client_id] = Seen(at, price, price)
