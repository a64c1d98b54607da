"""The loopback exchange's own engine behind the port, in this process and on a clock of the test's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from services.trading.fills import Side
from services.trading.venue.rights import Rights
from services.trading.venue.told import (
    Depth,
    Funds,
    Latest,
    MarketRules,
    Moved,
    OrderKind,
    Reported,
    Standing,
    Ticket,
    Traded,
)
from services.trading.venue.venue import CannotMove, NotSent, NotThere, VenueRefused, VenueUnsure
from tests.support.exchange.engine import Engine
from tests.support.exchange.ledger import Order
from tests.support.exchange.markets import Rejection
from tests.support.manual_clock import ManualClock

_STANDING = {"NEW": Standing.OPEN, "PARTIALLY_FILLED": Standing.OPEN, "CANCELED": Standing.CANCELLED}
ALL = frozenset(OrderKind)
MAY_TRADE = Rights(reads=True, trades=True, withdraws=False, borrows=False, bound=True)


class ClockedEngine(Engine):
    """Tells the time of the test's clock."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self.clock = clock

    def now(self) -> int:
        return int(self.clock.now().timestamp() * 1000) + self.ahead


@dataclass
class EngineVenue:
    """Implements ``Venue``. What goes wrong with the next orders stands in ``wrong``: one word for each."""

    clock: ManualClock
    resting: frozenset[OrderKind] = ALL
    settling: timedelta | None = timedelta(seconds=10)
    name: str = "loopback"
    wrong: list[str] = field(default_factory=list)
    """``lost`` (done, no answer), ``hidden`` (done, not to be seen till ``release``), both of them in one word,
    ``never`` (not done, no answer), ``late`` (done at ``release``), ``refused``, ``not sent``."""
    wrong_cancels: list[str] = field(default_factory=list)
    cancels_see_all: bool = False
    """The book itself knows what no record shows: a cancelling finds what is hidden."""
    unreachable: bool = False
    nonsense: set[str] = field(default_factory=set)
    """Markets whose book, or ``orders`` for the list of open orders, cannot be made sense of."""
    moves: bool = True
    sent: list[Ticket] = field(default_factory=list)
    moved: list[Ticket] = field(default_factory=list)
    cancels: list[str] = field(default_factory=list)
    ahead: timedelta = timedelta(0)
    frozen: timedelta = timedelta(0)
    """Since when the feed of prices stands still."""
    somebody_bought: bool = False
    """The latest trade was at the best ask, so that a collar of nothing lets it be bought there."""
    late: list[Ticket] = field(default_factory=list)
    lagging: Mapping[str, Funds] | None = None
    rights: Callable[[], Rights] = field(default_factory=lambda: lambda: MAY_TRADE)
    """What the key may do; a venue that has no word for it once it is deleted."""

    def __post_init__(self) -> None:
        self.engine = ClockedEngine(self.clock)

    def now(self) -> datetime:
        return self.clock.now() + self.ahead

    def offset(self) -> timedelta:
        self._reach()
        return self.ahead

    def rules(self, symbol: str) -> MarketRules:
        try:
            market = self.engine.market(symbol.replace("/", ""))
        except Rejection as no:
            raise VenueRefused(str(no)) from no
        return MarketRules(
            symbol, market.base, market.quote, market.tick, market.step, market.min_quantity, market.min_notional
        )

    def place(self, ticket: Ticket) -> Reported:
        self._reach()
        self.sent.append(ticket)
        wrong = self.wrong.pop(0) if self.wrong else ""
        if wrong in ("never", "late"):
            self.late.extend([ticket] if wrong == "late" else [])
            raise VenueUnsure("timed out")
        if wrong == "not sent":
            raise NotSent("not sent: the minute's requests are used up")
        if wrong == "refused":
            raise VenueRefused("refused by the test")
        order = self._accept(ticket)
        order.hidden = "hidden" in wrong
        if "lost" in wrong:
            raise VenueUnsure("the answer was lost")
        return told(order)

    def release(self) -> None:
        """What was sent and given up arrives now; what was hidden is seen."""
        for ticket in self.late:
            self._accept(ticket)
        self.late.clear()
        for order in self.engine.ledger.orders:
            order.hidden = False

    def cancel(self, symbol: str, client_id: str) -> Reported:
        self._reach()
        self.cancels.append(client_id)
        wrong = self.wrong_cancels.pop(0) if self.wrong_cancels else ""
        if wrong == "never":
            raise VenueUnsure("timed out")
        found = self.engine.found(symbol.replace("/", ""), client_id=client_id)
        if self.cancels_see_all:
            found = next((o for o in self.engine.ledger.orders if o.client_id == client_id), None)
        try:
            self.engine.cancel(found)
        except Rejection as no:
            raise NotThere(str(no)) from no
        if wrong == "lost" or found is None:
            raise VenueUnsure("timed out")
        return told(found)

    def move(self, former: str, ticket: Ticket) -> Moved:
        """Words of ``wrong``: as for ``place``; ``refused`` is the new one, once the former is gone; ``not here``."""
        self._reach()
        self.moved.append(ticket)
        wrong = self.wrong.pop(0) if self.wrong else ""
        if wrong == "never":
            raise VenueUnsure("timed out")
        if wrong == "not sent":
            raise NotSent("not sent: the minute's requests are used up")
        if wrong == "not here":
            raise CannotMove("Order cancel-replace is not supported for this symbol")
        found = self.engine.found(ticket.symbol.replace("/", ""), client_id=former)
        if found is not None and found.status == "PARTIALLY_FILLED":
            return Moved(None, None, "Order was not canceled due to cancel restrictions.")
        try:
            self.engine.cancel(found)
        except Rejection as no:
            return Moved(None, None, str(no))
        assert found is not None
        if wrong == "refused":
            return Moved(told(found), None, "refused by the test")
        try:
            order = self._accept(ticket)
        except VenueRefused as no:
            return Moved(told(found), None, str(no))
        order.hidden = "hidden" in wrong
        if "lost" in wrong:
            raise VenueUnsure("the answer was lost")
        return Moved(told(found), told(order))

    def order(self, symbol: str, client_id: str) -> Reported | None:
        self._reach()
        found = self.engine.found(symbol.replace("/", ""), client_id=client_id)
        return told(found) if found else None

    def open_orders(self) -> Sequence[Reported]:
        self._reach("orders")
        return [told(order) for order in self.engine.ledger.orders if order.open and not order.hidden]

    def orders(self, symbol: str, since: datetime) -> Sequence[Reported]:
        self._reach()
        orders = (o for o in self.engine.ledger.orders if symbol_of(o) == symbol and not o.hidden)
        return [told(order) for order in orders if at(order.at) >= since]

    def trades(self, symbol: str, since: datetime) -> Sequence[Traded]:
        self._reach()
        return [
            Traded(
                str(t.id), str(t.order.id), symbol, Side.BUY if t.order.buys else Side.SELL,
                t.quantity, t.price, t.fee, t.fee_asset, at(t.at),
            )
            for t in self.engine.ledger.trades
            if symbol_of(t.order) == symbol and at(t.at) >= since and not t.order.hidden
        ]  # fmt: skip

    def funds(self) -> Mapping[str, Funds]:
        self._reach()
        if self.lagging is not None:
            return self.lagging
        return {asset: Funds(each.free, each.held) for asset, each in self.engine.ledger.balances.items()}

    def depth(self, symbol: str, levels: int = 20) -> Depth:
        self._reach(symbol)
        self.rules(symbol)
        book = self.engine.book(symbol.replace("/", ""))
        return Depth([(p, q) for p, q in book.bids], [(p, q) for p, q in book.asks], self.now())

    def latest(self, symbol: str) -> Latest:
        self._reach()
        book = self.engine.book(symbol.replace("/", ""))
        return Latest(book.asks[0][0] if self.somebody_bought else book.last, self.now() - self.frozen)

    def _accept(self, ticket: Ticket) -> Order:
        fields = {
            "symbol": ticket.symbol.replace("/", ""),
            "side": ticket.side.value.upper(),
            "type": "STOP_LOSS_LIMIT" if ticket.kind is OrderKind.STOP else "LIMIT",
            "timeInForce": "IOC" if ticket.kind is OrderKind.MARKETABLE else "GTC",
            "quantity": str(ticket.quantity),
            "price": str(ticket.price),
            "stopPrice": str(ticket.trigger),
            "newClientOrderId": ticket.client_id,
        }
        try:
            order = self.engine.asked(fields)
            self.engine.accept(order)
        except Rejection as no:
            raise VenueRefused(str(no)) from no
        return order

    def _reach(self, what: str = "") -> None:
        if what in self.nonsense:
            raise VenueUnsure("the exchange tells nothing that makes sense")
        if self.unreachable:
            raise VenueUnsure("the exchange cannot be reached")


def told(order: Order) -> Reported:
    standing = _STANDING.get(order.status) or Standing[order.status]
    side = Side.BUY if order.buys else Side.SELL
    return Reported(
        str(order.id), order.client_id, symbol_of(order), side, standing, order.quantity, order.executed, at(order.at)
    )


def symbol_of(order: Order) -> str:
    return f"{order.market.base}/{order.market.quote}"


def at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def money(venue: EngineVenue, price: str = "50000") -> EngineVenue:
    """10,000 USDT for the bots, and the user's: 0.5 BTC of which 0.1 is offered by hand far above the price."""
    ledger = venue.engine.ledger
    ledger.balances["USDT"].free = Decimal(10_000)
    ledger.balances["BTC"].free = Decimal("0.5")
    venue.engine.jump("BTCUSDT", Decimal(price))
    mine = {"symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT", "timeInForce": "GTC"}
    amounts = {"quantity": "0.1", "price": "99000", "newClientOrderId": "web_by_hand"}
    venue.engine.accept(venue.engine.asked(mine | amounts, mine=False))
    return venue
