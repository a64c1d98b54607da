"""Orders meet the book: limits, immediate-or-cancel, stops; prices driven from outside; nothing is ever rounded."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from tests.support.exchange.book import DEEP, Book
from tests.support.exchange.ledger import NOTHING, Ledger, Order, Trade
from tests.support.exchange.markets import DEFAULT, Market, Rejection

_TYPES = ("LIMIT", "MARKET", "STOP_LOSS_LIMIT")


@dataclass
class Engine:
    """One account on a few markets."""

    ledger: Ledger = field(default_factory=Ledger)
    markets: dict[str, Market] = field(default_factory=lambda: {each.id: each for each in DEFAULT})
    books: dict[str, Book] = field(default_factory=dict)
    ahead: int = 0
    """By how many milliseconds the exchange's clock is ahead."""
    stands: int | None = None
    """Where the clock stands still, however long a test takes."""

    def now(self) -> int:
        if self.stands is not None:
            return self.stands
        return time.time_ns() // 1_000_000 + self.ahead

    def market(self, symbol: str) -> Market:
        if symbol not in self.markets:
            raise Rejection(-1121, "Invalid symbol.")
        return self.markets[symbol]

    def book(self, symbol: str) -> Book:
        market = self.market(symbol)
        return self.books.setdefault(symbol, Book(market.tick))

    def checked(self, fields: Mapping[str, str], *, mine: bool = True) -> tuple[Order, Rejection | None]:
        """The order that a request asks for, and what the book has against it where the rules have nothing."""
        order = self._made(fields, mine=mine)
        at_once = not order.working and self._triggered(order, self.book(order.market.id).last)
        return order, Rejection(-2010, "Stop price would trigger immediately.") if at_once else None

    def _made(self, fields: Mapping[str, str], *, mine: bool) -> Order:
        market, kind = self.market(fields.get("symbol", "")), fields.get("type", "")
        if kind not in _TYPES:
            raise Rejection(-1116, "Invalid orderType.")
        price = self._collar(market, fields["side"]) if kind == "MARKET" else _amount(fields, "price")
        order = Order(
            id=len(self.ledger.orders) + 1,
            client_id=fields.get("newClientOrderId") or f"web_{len(self.ledger.orders) + 1}",
            market=market,
            side=fields["side"],
            type=kind,
            tif="IOC" if kind == "MARKET" else fields.get("timeInForce", "GTC"),
            quantity=_amount(fields, "quantity"),
            price=price,
            trigger=_amount(fields, "stopPrice") if kind == "STOP_LOSS_LIMIT" else NOTHING,
            at=self.now(),
            working=kind != "STOP_LOSS_LIMIT",
            mine=mine,
        )
        market.check(order.quantity, order.price)
        if order.trigger:
            market.check_price(order.trigger)
        return order

    def asked(self, fields: Mapping[str, str], *, mine: bool = True) -> Order:
        """The order that a request asks for, with nothing against it, but not yet in the book."""
        order, refused = self.checked(fields, mine=mine)
        if refused:
            raise refused
        return order

    def accept(self, order: Order) -> list[Trade]:
        """Into the book, and what it takes at once; raises where the id is in use or the account is short."""
        if any(each.open and each.client_id == order.client_id for each in self.ledger.orders):
            raise Rejection(-2010, "Duplicate order sent.")
        order.id, order.at = len(self.ledger.orders) + 1, self.now()
        self.ledger.hold(order)
        self.ledger.enter(order)
        return self._take(order) if order.working else []

    def found(self, symbol: str, number: str = "", client_id: str = "") -> Order | None:
        """The newest order of that number or client id that can be seen."""
        for order in reversed(self.ledger.orders):
            wanted = str(order.id) == number if number else order.client_id == client_id
            if wanted and order.market.id == symbol and not order.hidden:
                return order
        return None

    def cancel(self, order: Order | None) -> None:
        if order is None or not order.open:
            raise Rejection(-2011, "Unknown order sent.")
        self.ledger.release(order, "CANCELED", self.now())

    def jump(self, symbol: str, price: Decimal, volume: Decimal = DEEP) -> None:
        """The price is there at once: stops are triggered there, and what rests is met by at most ``volume``."""
        self.book(symbol).around(price)
        for order in [each for each in self.ledger.orders if each.open and each.market.id == symbol]:
            if not order.working and self._triggered(order, price):
                order.working = True
                self._take(order)
        self.meet(symbol, volume)

    def glide(self, symbol: str, price: Decimal, volume: Decimal = DEEP) -> None:
        """The price goes there through every trigger between: each is triggered at its own price."""
        start = self.book(symbol).last
        low, high = min(start, price), max(start, price)
        asleep = [each for each in self.ledger.orders if each.open and not each.working and each.market.id == symbol]
        for stop in sorted({each.trigger for each in asleep if low <= each.trigger <= high}, reverse=price < start):
            self.jump(symbol, stop, volume)
        self.jump(symbol, price, volume)

    def meet(self, symbol: str, volume: Decimal = DEEP) -> None:
        """Others trade with what rests at our price, where theirs crosses it."""
        book = self.book(symbol)
        for order in [each for each in self.ledger.orders if each.open and each.working and each.market.id == symbol]:
            crossing = book.take(buys=order.buys, quantity=min(order.rest, volume), limit=order.price)
            quantity = sum((part for _, part in crossing), NOTHING)
            if quantity:
                volume -= quantity
                self.ledger.fill(order, quantity, order.price, self.now(), maker=True)

    def fill(self, order: Order, quantity: Decimal) -> Trade:
        """Somebody takes so much of an order that rests."""
        return self.ledger.fill(order, min(quantity, order.rest), order.price, self.now(), maker=True)

    def _take(self, order: Order) -> list[Trade]:
        book, trades = self.book(order.market.id), []
        for price, quantity in book.take(buys=order.buys, quantity=order.rest, limit=order.price):
            trades.append(self.ledger.fill(order, quantity, price, self.now(), maker=False))
            book.last = price
        if order.open and order.tif == "IOC":
            self.ledger.release(order, "EXPIRED", self.now())
        return trades

    def _triggered(self, order: Order, price: Decimal) -> bool:
        return price >= order.trigger if order.buys else price <= order.trigger

    def _collar(self, market: Market, side: str) -> Decimal:
        return (self.book(market.id).last * (2 if side == "BUY" else 1) / (1 if side == "BUY" else 2)).quantize(
            market.tick
        )


def _amount(fields: Mapping[str, str], name: str) -> Decimal:
    try:
        return Decimal(fields[name])
    except (KeyError, InvalidOperation):
        raise Rejection(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.") from None
