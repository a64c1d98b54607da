"""A desk at the loopback exchange's engine, opened and killed as often as a test likes."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from services.trading.desk.book import Book
from services.trading.desk.desk import Desk, Opening
from services.trading.desk.entering import Enter
from services.trading.desk.ledger import Ledger
from services.trading.desk.limits import Limits
from services.trading.desk.presence import Absent
from services.trading.desk.states import OrderState
from tests.support.desk_facts import INSTANCE, MARKET
from tests.support.engine_venue import EngineVenue, money
from tests.support.manual_clock import ManualClock

BOT = "curl"
USERS = Decimal("0.5")
"""BTC that the user has."""


@dataclass
class Floor:
    """The exchange, the clock and the ledger's file outlive each desk."""

    path: Path
    clock: ManualClock = field(default_factory=ManualClock)
    limits: Limits = field(default_factory=Limits)
    live: bool = False
    markets: tuple[str, ...] = (MARKET,)
    bots: Callable[[], Collection[str]] | None = None
    absent: Callable[[], Mapping[str, Absent]] = dict
    key: str = ""
    """The digest of the key in use."""

    def __post_init__(self) -> None:
        self.venue = money(EngineVenue(self.clock))
        self._ledgers: list[Ledger] = []
        self.desk = self.opened()

    def opened(self) -> Desk:
        """A desk of its own on the same ledger: what the one before knew is lost, but for what is on disk."""
        self._ledgers.append(Ledger(self.path))
        opening = Opening(INSTANCE, self.limits, self.markets, self.live, self.key, bots=self.bots, absent=self.absent)
        return Desk(self.venue, self._ledgers[-1], self.clock, opening)

    def restart(self) -> Desk:
        self.desk = self.opened()
        self.desk.round()
        return self.desk

    def close(self) -> None:
        for ledger in self._ledgers:
            ledger.close()

    def ready(self, capital: str = "1000") -> Desk:
        """Reconciled, with a bot that may spend so much."""
        self.desk.round()
        self.desk.allot(BOT, "USDT", Decimal(capital))
        return self.desk

    def bought(self, cause: str = "09:00", budget: str = "495", stop: str | None = "47500") -> Desk:
        """With a position that was bought just now, and what it needed done."""
        desk = self.ready()
        desk.enter(wish(cause, budget, stop))
        desk.round()
        return desk

    def pass_seconds(self, seconds: float, rounds: int = 1) -> None:
        for _ in range(rounds):
            self.clock.advance(seconds / rounds)
            self.desk.round()

    def price(self, price: str, volume: str = "1000000") -> None:
        self.venue.engine.jump("BTCUSDT", Decimal(price), Decimal(volume))

    def stops(self) -> list[tuple[Decimal, Decimal]]:
        """Trigger and rest of each of our stops that lies at the exchange."""
        orders = self.venue.engine.ledger.orders
        return [(o.trigger, o.rest) for o in orders if o.open and o.mine and o.type == "STOP_LOSS_LIMIT"]

    def ours(self) -> list[str]:
        """Client ids of our orders that are in the book."""
        return [o.client_id for o in self.venue.engine.ledger.orders if o.open and o.mine]

    def owned(self) -> Decimal:
        return self.desk.book.holding(BOT, MARKET).quantity

    def users_are_untouched(self, book: Book | None = None) -> bool:
        """The user's BTC, to the last unit, and the order made by hand are as they were.

        What our book does not call ours is the user's; and our orders never sold more than they had bought.
        """
        ledger = self.venue.engine.ledger
        by_hand = next(order for order in ledger.orders if order.client_id == "web_by_hand")
        left = ledger.balances["BTC"].free + ledger.balances["BTC"].held - (book or self.desk.book).owned("BTC")
        return by_hand.status == "NEW" and left == USERS and self._ours_by_trades() >= 0

    def _ours_by_trades(self) -> Decimal:
        """Of BTC, what our own orders bought, fees taken off, less what they sold."""
        trades = [t for t in self.venue.engine.ledger.trades if t.order.mine and t.order.market.base == "BTC"]
        fees = sum((t.fee for t in trades if t.fee_asset == "BTC"), Decimal(0))
        return sum((t.quantity if t.order.buys else -t.quantity for t in trades), Decimal(0)) - fees

    def limited(self, **limits: object) -> None:
        """Open the desk anew with other limits."""
        self.limits = replace(self.limits, **limits)  # type: ignore[arg-type]
        self.restart()


def wish(cause: str = "09:00", budget: str = "495", stop: str | None = "47500", **more: object) -> Enter:
    return Enter(BOT, MARKET, cause, Decimal(budget), Decimal(stop) if stop else None, **more)  # type: ignore[arg-type]


def entry_state(floor: Floor) -> OrderState:
    """Of the first order of the wish that ``bought`` enters."""
    return next(order.state for order in floor.desk.book.orders.values() if order.cause == "09:00#0")


def in_two_markets(floor: Floor) -> Desk:
    """With a position in each."""
    desk = floor.ready()
    floor.venue.engine.jump("ETHUSDT", Decimal(2000))
    desk.allot("other", "USDT", Decimal(1000))
    desk.enter(Enter("other", "ETH/USDT", "09:00", Decimal(100), Decimal(1900)))
    desk.enter(wish())
    desk.round()
    return desk
