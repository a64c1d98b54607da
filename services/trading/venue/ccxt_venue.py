"""An exchange account through ccxt. Implements ``Venue``; one request at a time, and each sent once."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from services.core.clock import Clock
from services.trading.candles import Candle
from services.trading.venue import grid, reading
from services.trading.venue.access import Access
from services.trading.venue.asking import ClockOff, ask, half_done
from services.trading.venue.bar_reading import candle, words
from services.trading.venue.client_ids import form_of, written
from services.trading.venue.dialect import dialect_of
from services.trading.venue.exchange_clock import ExchangeClock
from services.trading.venue.limiter import Limiters
from services.trading.venue.opening import Opened, open_exchange
from services.trading.venue.paging import ORDERS, PAGE, TRADES, pages
from services.trading.venue.rights import Rights, reader_of
from services.trading.venue.silence import Silence
from services.trading.venue.told import Depth, Funds, Latest, MarketRules, Moved, OrderKind, Reported, Ticket, Traded
from services.trading.venue.venue import NoAnswer, NotSent, NotThere, Unreached, VenueRefused, VenueUnsure

T = TypeVar("T")

TIMEOUT = 10.0
"""Seconds that an answer is waited for."""


class CcxtVenue:
    """Opened at its first request. Raises ``VenueRefused`` at once for an exchange that is not known well enough."""

    def __init__(self, access: Access, clock: Clock, limiters: Limiters, timeout: float = TIMEOUT) -> None:
        self._access, self._timeout = access, timeout
        self._dialect, self._form = dialect_of(access.exchange), form_of(access.exchange)
        self._limiter = limiters.of(access.account, self._dialect.weight_limit, self._dialect.weight_header)
        self._times = ExchangeClock(clock)
        self._silence = Silence(clock)
        self._lock = threading.RLock()
        self._opened: Opened | None = None

    @property
    def name(self) -> str:
        return self._access.exchange

    @property
    def resting(self) -> frozenset[OrderKind]:
        return self._dialect.resting

    @property
    def settling(self) -> timedelta | None:
        return self._dialect.settling

    def now(self) -> datetime:
        return self._times.now()

    def offset(self) -> timedelta:
        with self._lock:
            self._open()
            return self._times.measure(
                lambda: reading.moment(self._once("time", lambda exchange: exchange.fetch_time()))
            )

    def close(self) -> None:
        """Lets go of the connection; the next request opens another one."""
        with self._lock:
            if self._opened is not None:
                self._opened.exchange.session.close()
                self._opened = None

    def rules(self, symbol: str) -> MarketRules:
        def read(exchange: Any) -> MarketRules:
            markets = exchange.load_markets()
            if symbol not in markets:
                raise VenueRefused(f"{self.name} has no market {symbol}")
            return reading.rules(markets[symbol], exchange.precisionMode)

        return self._asked("rules", read)

    def place(self, ticket: Ticket) -> Reported:
        fields = self._fields(ticket)

        def send(exchange: Any) -> Reported:
            quantity, price = f"{ticket.quantity:f}", f"{ticket.price:f}"
            order = exchange.create_order(ticket.symbol, "limit", ticket.side.value, quantity, price, fields)
            told = reading.reported(order, self._form)
            if (told.client_id, told.symbol) != (ticket.client_id, ticket.symbol):
                raise VenueUnsure(f"the exchange answered with another order, {told.client_id!r}")
            return told

        return self._sent("place", send, lambda: grid.check(ticket, self.rules(ticket.symbol)))

    def cancel(self, symbol: str, client_id: str) -> Reported:
        fields = {"clientOrderId": written(self.name, client_id)}

        def take_out(exchange: Any) -> Reported:
            order = exchange.cancel_order(None, symbol, fields)
            return reading.cancelled(order, self._form, client_id)

        return self._sent("cancel", take_out)

    @property
    def moves(self) -> bool:
        return "move" in self._dialect.calls

    def move(self, former: str, ticket: Ticket) -> Moved:
        fields = self._fields(ticket)
        fields["stopPrice"] = fields.pop("stopLossPrice")
        fields["newClientOrderId"] = fields.pop("clientOrderId")
        fields["cancelOrigClientOrderId"] = written(self.name, former)
        fields["cancelRestrictions"] = "ONLY_NEW"  # of one that is being filled nobody knows yet how much is left

        def send(exchange: Any) -> Moved:
            quantity, price = f"{ticket.quantity:f}", f"{ticket.price:f}"
            told = half_done(
                exchange,
                lambda: exchange.edit_order(None, ticket.symbol, "limit", ticket.side.value, quantity, price, fields),
            )
            return reading.moved(exchange, told, self._form, former, ticket)

        return self._sent("move", send, lambda: grid.check(ticket, self.rules(ticket.symbol)))

    def order(self, symbol: str, client_id: str) -> Reported | None:
        fields = {"clientOrderId": written(self.name, client_id)}
        try:
            return self._asked(
                "order", lambda exchange: reading.reported(exchange.fetch_order(None, symbol, fields), self._form)
            )
        except NotThere:
            return None

    def open_orders(self) -> Sequence[Reported]:
        def read(exchange: Any) -> list[Reported]:
            return [reading.listed(each, self._form) for each in exchange.fetch_open_orders()]

        return self._asked("open_orders", read)

    def orders(self, symbol: str, since: datetime) -> Sequence[Reported]:
        """All of the account's orders on a market that were made from a moment on, whatever became of them."""

        def page(limit: int, fields: Mapping[str, object]) -> list[Reported]:
            return self._asked(
                "orders",
                lambda exchange: [
                    reading.listed(each, self._form)
                    for each in exchange.fetch_orders(symbol, None, limit, dict(fields))
                ],
            )

        return pages(page, ORDERS, since, self.now())

    def trades(self, symbol: str, since: datetime) -> Sequence[Traded]:
        def page(limit: int, fields: Mapping[str, object]) -> list[Traded]:
            return self._asked(
                "trades",
                lambda exchange: [
                    reading.listed_trade(each) for each in exchange.fetch_my_trades(symbol, None, limit, dict(fields))
                ],
            )

        return pages(page, TRADES, since, self.now())

    def funds(self) -> Mapping[str, Funds]:
        return self._asked("funds", lambda exchange: reading.funds(exchange.fetch_balance()))

    def depth(self, symbol: str, levels: int = 20) -> Depth:
        return self._asked(
            "depth", lambda exchange: reading.depth(exchange.fetch_order_book(symbol, levels), self.now())
        )

    def latest(self, symbol: str) -> Latest:
        return self._asked("ticker", lambda exchange: reading.latest(exchange.fetch_ticker(symbol)))

    def bars(self, symbol: str, timeframe: timedelta, since: datetime) -> list[Candle]:
        """The closed ones that open from ``since`` on, oldest first, however many pages they take."""
        found: list[Candle] = []
        while True:
            start = found[-1].time + timeframe if found else since
            page = self._page(symbol, words(timeframe), start)
            fresh = [bar for bar in page if bar.time >= start]
            found += [bar for bar in fresh if bar.time + timeframe <= self.now()]
            if len(page) < PAGE or not fresh:
                return found

    def rights(self) -> Rights:
        """What the key may do."""
        return self._asked("rights", reader_of(self.name))

    def _page(self, symbol: str, timeframe: str, start: datetime) -> list[Candle]:
        def read(exchange: Any) -> list[Candle]:
            rows = exchange.fetch_ohlcv(symbol, timeframe, reading.milliseconds(start), PAGE)
            return [candle(row) for row in rows]

        return self._asked("bars", read)

    def _fields(self, ticket: Ticket) -> dict[str, str]:
        fields = {"clientOrderId": written(self.name, ticket.client_id)}
        if ticket.kind is OrderKind.MARKETABLE:
            fields["timeInForce"] = "IOC"
        if ticket.kind is OrderKind.STOP:
            if ticket.trigger is None:
                raise VenueRefused("a stop needs its trigger")
            fields["stopLossPrice"] = f"{ticket.trigger:f}"
        return fields

    def _asked(self, call: str, request: Callable[[Any], T]) -> T:
        """A request that may be repeated; one outside of the exchange's time is, after measuring the clock again."""
        with self._lock:
            try:
                try:
                    self._ready()
                    return self._once(call, request)
                except ClockOff:
                    self.offset()
                    return self._once(call, request)
            except NotSent as away:
                raise VenueUnsure(str(away)) from away

    def _sent(self, call: str, request: Callable[[Any], T], check: Callable[[], None] = lambda: None) -> T:
        """A request that is sent once, whatever comes of it. What fails before that was certainly not sent."""
        with self._lock:
            try:
                self._ready()
                check()
            except VenueUnsure as unsure:
                raise NotSent(f"not sent: {unsure}") from unsure
            try:
                return self._once(call, request)
            except ClockOff:
                self._times.expire()
                raise

    def _once(self, call: str, request: Callable[[Any], T]) -> T:
        """Raises ``Unreached`` at once while the exchange gives no answer to anything."""
        self._silence.before(lambda: self._plainly("time", lambda exchange: exchange.fetch_time()))
        try:
            return self._plainly(call, request)
        except (NoAnswer, Unreached):
            if call != "time":
                self._silence.kept()
            raise

    def _plainly(self, call: str, request: Callable[[Any], T]) -> T:
        return ask(self._open(), self._limiter, self._dialect.calls[call], request)

    def _open(self) -> Opened:
        if self._opened is None:
            self._opened = open_exchange(self._access, self._dialect, self._limiter, self._timeout)
            self._opened.exchange.nonce = lambda: reading.milliseconds(self.now())
        return self._opened

    def _ready(self) -> None:
        """Markets and clock are known before anything is signed, so that no later request hides another one."""
        if self._times.due:
            self._measured()
        if not self._open().exchange.markets:
            self._once("rules", lambda exchange: exchange.load_markets())

    def _measured(self) -> None:
        try:
            self.offset()
        except (VenueRefused, VenueUnsure):
            if not self._times.measured:
                raise
            self._times.postpone()
