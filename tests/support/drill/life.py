"""One life of a desk: it trades, panics or comes back after a crash, until it is calm or dies."""

import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.core.effects import Refused
from services.core.faults import arm, kill
from services.trading.desk.desk import Desk, Opening
from services.trading.desk.entering import Enter
from services.trading.desk.ledger import Ledger
from services.trading.desk.limits import Limits
from services.trading.desk.states import OrderState, Role
from services.trading.venue.access import Access
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.limiter import Limiters
from services.trading.venue.venue import VenueUnsure
from tests.support.desk_facts import INSTANCE
from tests.support.drill.bot import Bot, Course
from tests.support.drill.defects import plant
from tests.support.drill.skipping import SkippingClock
from tests.support.exchange.loopback import KEY, SECRET, Remote

D = Decimal
BOT, MARKET, OTHER = "curl", "BTC/USDT", "ETH/USDT"
TIMEOUT = 0.4
"""Seconds that an answer is waited for."""
ROUNDS = 40
WICK, BACK = D(47_400), D(50_000)
TRAILING, HIGH = D("0.05"), D(52_000)
"""What is bought at 50,000 or so has its stop moved up by the high, to 49,400."""
LATE = 2
"""After so many doubtful rounds what is late arrives: we timed out and looked, and its deadline has not passed."""
POINTS = (
    "entry_asked", "intended", "submitted", "answered", "committed", "fill_booked", "stop_due", "repricing",
    "cancel_submitted", "cancel_answered", "writing", "reconcile_begun", "reconcile_orders", "reconcile_recalled",
    "reconcile_trades", "reloading", "reloaded", "promoting", "promoted", "panic_halted",
    "panic_cancelled", "panic_flatten",
)  # fmt: skip
"""Every moment at which a life may be killed."""


@dataclass
class Orders:
    """What a life is told: ``mode`` is trade, panic, bot, recover or bot again.

    ``kills`` names points and their how-manieth time.
    """

    port: int
    ledger: str
    mode: str
    kills: dict[str, int] = field(default_factory=dict)
    alarm: float = 0.0
    """After so many seconds it is ended from outside, wherever it is; 0 for not."""
    defect: str = ""
    census: bool = False
    """Nothing is killed; how often each point was reached is told."""
    stream: str = ""
    asleep: str = ""
    late: int = LATE
    """After so many doubtful rounds what is late, or hidden, is let go."""
    falls: int = 0
    """At so many doubtful rounds the price falls through the stop, and is back three rounds later; 0 for not."""
    again: bool = False
    """The bot asks for the same causes again, as one does that decides the same candle after a crash."""


def live(orders: Orders) -> dict[str, Any]:
    """Live it; returns what the desk knows at its end."""
    plant(orders.defect)
    for point, nth in orders.kills.items():
        arm(f"desk.{point}", _at(nth))
    reached = _counted() if orders.census else {}
    if orders.alarm:
        signal.setitimer(signal.ITIMER_REAL, orders.alarm)
    exchange = Remote(orders.port)
    clock = SkippingClock(exchange)
    venue = CcxtVenue(Access("binance", exchange.url, KEY, SECRET), clock, Limiters(clock), TIMEOUT)
    ledger = Ledger(Path(orders.ledger))
    opening = Opening(
        INSTANCE,
        Limits(rejected_streak=100, orders_per_bot=1000, orders_per_account=1000),
        bots=lambda: (BOT,),
    )
    life = Life(exchange, clock, Desk(venue, ledger, clock, opening), orders)
    lived = {"trade": life.trade, "panic": life.panic, "bot": life.bot, "recover": life.recover}
    (lived | {"bot again": life.bot_again})[orders.mode]()
    ledger.close()
    return life.told() | {"reached": reached}


@dataclass
class Life:
    exchange: Remote
    clock: SkippingClock
    desk: Desk
    orders: Orders
    doubtful: int = 0
    """Rounds at whose end an order was unknown."""
    fallen: int = 0
    """Rounds since the price fell through the stop."""

    def trade(self) -> None:
        """A limit that fills in part, is repriced and taken; left again; then one taken at once, that stays, and whose
        stop follows a high."""
        self.begin()
        self.wish("c1", offset=D("0.001"), times=1, reprice_after=2.0, then="market")
        self.desk.round()
        self.fill_part()
        self.rounds(2)
        self.until(lambda: not self.desk.book.entries)
        self.snapshot()
        if not self.bought("c1"):
            self.wish("c1b")
            self.until(lambda: not self.desk.book.entries)
        self.desk.leave(BOT, MARKET, "x1", "exit")
        self.until(lambda: not self.desk.book.holding(BOT, MARKET).opened)
        self.wish("c2", trailing_share=TRAILING)
        self.until(lambda: not self.desk.book.entries)
        if not self.bought("c2"):
            self.wish("c2b", trailing_share=TRAILING)
            self.until(lambda: not self.desk.book.entries)
        self.desk.saw_high(BOT, MARKET, HIGH, self.desk.register.venue.now())
        self.calm_down()

    def panic(self) -> None:
        """Two positions' worth of orders, then everything stops."""
        self.begin()
        self.wish("c2")
        self.until(lambda: not self.desk.book.entries)
        self.snapshot()
        self.wish("c3", OTHER, offset=D("0.01"), times=1, reprice_after=8.0)
        self.rounds(2)
        self.desk.stop_all("drill")
        self.until(lambda: not self.desk.panic.remaining())

    def bot(self) -> None:
        """A whole strategy: its signal, its file edited and promoted while it holds."""
        self.until(lambda: self.desk.reconciled)
        self.trader().trade()
        self.calm_down()

    def bot_again(self) -> None:
        """The next start of it: a few bars more."""
        self.rounds(2)
        self.exchange.ctl("calm")
        self.until(lambda: self.desk.reconciled)
        self.trader().trade(3)
        self.calm_down()

    def trader(self) -> Bot:
        course = Course(self.orders.stream, self.orders.asleep)
        folder = Path(f"{self.orders.ledger}.bot")
        folder.mkdir(exist_ok=True)
        return Bot(self.desk, self.clock, folder, course, self.rounds, self.fill_part)

    def recover(self) -> None:
        """The next start: two rounds as bad as they come, then the exchange is well again."""
        self.rounds(2)
        self.exchange.ctl("calm")
        self.until(lambda: self.desk.reconciled)
        if self.orders.again:
            for cause in ("c1", "c2"):
                self.wish(cause)
        self.calm_down()

    def begin(self) -> None:
        self.until(lambda: self.desk.reconciled)
        self.desk.allot(BOT, "USDT", D(1000))

    def wish(self, cause: str, symbol: str = MARKET, **how: Any) -> None:
        """Ask for it, if the desk lets us."""
        stop = D(47500) if symbol == MARKET else D(2850)
        try:
            self.desk.allot(BOT, "USDT", D(1000))
            self.desk.enter(Enter(BOT, symbol, cause, D(400), stop, **how))
        except (Refused, VenueUnsure):
            return

    def bought(self, cause: str) -> bool:
        orders = self.desk.book.caused_by(BOT, MARKET, cause)
        return any(order.filled or order.owing or order.state is OrderState.UNKNOWN for order in orders)

    def fill_part(self) -> None:
        """Somebody takes some of the limit, while the desk looks elsewhere."""
        resting = [
            o for o in self.exchange.ledger()["orders"] if o["status"] == "NEW" and o["mine"] and o["side"] == "BUY"
        ]
        if resting:
            self.exchange.ctl("fill", client_id=resting[0]["clientOrderId"], quantity="0.003")

    def rounds(self, count: int) -> None:
        for _ in range(count):
            self.desk.round()
            doubt = any(order.state is OrderState.UNKNOWN for order in self.desk.book.open_orders())
            self.doubtful += doubt
            if self.doubtful == self.orders.late:
                self.exchange.ctl("release")
            self.fall()
            self.clock.skip(4.0 if doubt else 1.0)

    def fall(self) -> None:
        """A wick through the stop, at one moment of the doubt."""
        if self.orders.falls and self.doubtful >= self.orders.falls and self.fallen < 4:
            self.fallen += 1
            if self.fallen in (1, 4):
                self.exchange.ctl("price", symbol="BTCUSDT", price=str(WICK if self.fallen == 1 else BACK))

    def until(self, over: Callable[[], bool]) -> None:
        for _ in range(ROUNDS):
            if over():
                return
            self.rounds(1)

    def calm_down(self) -> None:
        """Go on until nothing is under way: at most a stop rests for what is held. Then look once more."""
        self.until(self.is_calm)
        self.clock.skip(15.0)
        self.rounds(2)
        self.until(self.is_calm)

    def is_calm(self) -> bool:
        book = self.desk.book
        return not book.entries and not book.exits and all(self._rests(order.client_id) for order in book.open_orders())

    def snapshot(self) -> None:
        """The ledger as it is now is what a copy of yesterday brings back."""
        ledger = self.desk.register.ledger
        shutil.copy(ledger.path, f"{ledger.path}.yesterday")
        wal = Path(f"{ledger.path}-wal")
        if wal.exists():
            shutil.copy(wal, f"{ledger.path}.yesterday-wal")

    def told(self) -> dict[str, Any]:
        book = self.desk.book
        return {
            "held": {symbol: str(each.quantity) for (_, symbol), each in book.holdings.items() if each.quantity},
            "calm": self.is_calm(),
            "panic": self.desk.panic.on,
            "unknown": sum(order.state is OrderState.UNKNOWN for order in book.orders.values()),
        }

    def _rests(self, client_id: str) -> bool:
        order = self.desk.book.orders[client_id]
        resting = order.state in (OrderState.ACCEPTED, OrderState.PARTIALLY_FILLED)
        return order.role is Role.STOP and resting and not order.owing


def _counted() -> dict[str, int]:
    """Counts how often each point is reached."""
    reached = dict.fromkeys(POINTS, 0)

    def counter(point: str) -> Callable[[], None]:
        def count() -> None:
            reached[point] += 1

        return count

    for point in POINTS:
        arm(f"desk.{point}", counter(point))
    return reached


def _at(nth: int) -> Callable[[], None]:
    """Die at the ``nth`` time."""
    left = [nth]

    def strike() -> None:
        left[0] -= 1
        if not left[0]:
            kill()

    return strike
