"""Measures the scene that the guards look at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from services.trading.desk import prices as quoted
from services.trading.desk.book import Key
from services.trading.desk.events import CapitalSet
from services.trading.desk.guards.conduct import unanswered
from services.trading.desk.guards.scene import Scene
from services.trading.desk.guards.standing import standing
from services.trading.desk.limits import Limits
from services.trading.desk.order import Order
from services.trading.desk.polling import Polling
from services.trading.desk.prices import Prices
from services.trading.desk.register import Register
from services.trading.desk.states import OrderState, Role
from services.trading.desk.valuing import NoRate, Valuing
from services.trading.fills import Side
from services.trading.venue.told import Depth, Funds
from services.trading.venue.venue import VenueRefused, VenueUnsure

ZERO = Decimal(0)
MINUTE = timedelta(minutes=1)
_UNANSWERED = (OrderState.INITIALISED, OrderState.SUBMITTED, OrderState.UNKNOWN)


@dataclass
class Measuring:
    """``reconciled`` is told by who keeps the account; ``live`` is whether the money is real."""

    register: Register
    limits: Limits
    prices: Prices
    polling: Polling
    valuing: Valuing
    live: bool = False
    unarmed: Callable[[], str] = lambda: ""
    reconciled: bool = False
    offset: timedelta | None = None

    def measure_clock(self) -> None:
        """Take the exchange's clock anew; where it cannot be asked, it is not known."""
        try:
            self.offset = self.register.venue.offset()
        except (VenueUnsure, VenueRefused):
            self.offset = None

    def closed(self, key: Key) -> str:
        """Why nothing more may be bought for a bot on a market, whatever its size."""
        if key in self.register.book.exits:
            return "the position is being left"
        against = standing(self.register.book.latches.values()).against(key[1])
        return f"{against[0].guard}: {against[0].why}" if against else self.unarmed()

    def unanswered(self, symbol: str) -> str:
        """What the exchange is about to tell of a market, by what is known: nothing is asked for it."""
        return unanswered(self._unknown(symbol), self._missing(symbol))

    def scene(
        self,
        bot: str,
        symbol: str,
        quantity: Decimal,
        price: Decimal,
        depth: Depth,
        given: Sequence[CapitalSet] = (),
    ) -> Scene:
        """How things stand for an entry of this size at this price, with what is given for it.

        Raises ``VenueUnsure``.
        """
        register, book, valuing = self.register, self.register.book, self.valuing
        latest = register.venue.latest(symbol)
        allotted = book.allotted() | {each.bot: each for each in given}
        now, cost, quote = register.venue.now(), valuing.cost(quantity, price), symbol.split("/")[1]
        return Scene(
            now=now,
            bot=bot,
            symbol=symbol,
            live=self.live,
            unarmed=self.unarmed(),
            notional=known(lambda: valuing.in_account(quantity * price, quote)),
            exposure=known(lambda: valuing.exposure(book)),
            capital=known(lambda: valuing.capital(allotted)),
            equity=known(lambda: valuing.equity(book, allotted)),
            free=valuing.free(book, bot, symbol, allotted.get(bot)),
            cost=cost,
            available=self._available(quote),
            standing=standing(book.latches.values()),
            last=latest.price,
            told_at=latest.at,
            worst=quoted.worst(depth, Side.BUY, quantity),
            spread=quoted.spread(depth),
            offset=self.offset,
            sent_by_bot=len(self._sent(now, bot)),
            sent_by_account=len(self._sent(now)),
            open_orders=len(book.open_orders()),
            rejected=rejected_in_a_row(list(book.orders.values()), self._rearmed()),
            unknown=self._unknown(symbol),
            missing=self._missing(symbol),
            reconciled=self.reconciled,
            writable=register.ledger.probe(),
            lost_at=self._lost_at(symbol),
            trips=len(book.closed),
        )

    def _unknown(self, symbol: str) -> int:
        return sum(order.state in _UNANSWERED for order in self.register.book.open_orders(symbol=symbol))

    def _missing(self, symbol: str) -> int:
        owing = sum(order.owing for order in self.register.book.open_orders(symbol=symbol))
        return len(self.polling.missing(symbol)) + owing

    def _available(self, quote: str) -> Decimal:
        """What the exchange has free, less what it may not know of yet."""
        free = self.register.venue.funds().get(quote, Funds(ZERO, ZERO)).free
        waiting = [o for o in self.register.book.open_orders() if o.side is Side.BUY and o.state in _UNANSWERED]
        mine = [order for order in waiting if order.symbol.split("/")[1] == quote]
        return free - sum((self.valuing.cost(order.remaining, order.price) for order in mine), ZERO)

    def _sent(self, now: datetime, bot: str = "") -> list[Order]:
        orders = self.register.book.orders.values()
        return [o for o in orders if o.sent is not None and abs(now - o.sent) < MINUTE and bot in ("", o.bot)]

    def _lost_at(self, symbol: str) -> datetime | None:
        lost = [each.at for each in self.register.book.closed if each.symbol == symbol and each.result < 0]
        return lost[-1] if lost else None

    def _rearmed(self) -> datetime | None:
        return self.register.book.rearmed_at


def rejected_in_a_row(orders: list[Order], since: datetime | None) -> int:
    """Of the latest entries that were sent, how many in a row the exchange refused since a person armed the guard."""
    count = 0
    for order in reversed(orders):
        if order.role is not Role.ENTRY or order.sent is None:
            continue
        if order.state is not OrderState.REJECTED or (since is not None and order.sent <= since):
            return count
        count += 1
    return count


def known(value: Callable[[], Decimal]) -> Decimal | None:
    """A value, or None where something of it has no rate."""
    try:
        return value()
    except NoRate:
        return None
