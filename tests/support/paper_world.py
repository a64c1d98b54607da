"""A live market made of candles, for a strategy that trades on it on paper: it goes on whenever the strategy waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.core.process.context import Order
from services.trading.candles import Candle
from services.trading.live_feed import LiveMarkets
from services.trading.paper.live_trader import PaperTrader
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.venue.told import Depth
from services.trading.venue.venue import VenueUnsure
from tests.support.killing import KillableHost
from tests.support.manual_clock import ManualClock

DEEP = Decimal(1_000_000)


class PaperWorld(KillableHost):
    """The host of one bot and its exchange, at the moment when the candle before ``first`` has just closed.

    The book is one deep level a tick away from the open of the bar that is under way, unless ``levels`` are others.
    """

    def __init__(self, folder: Path, candles: Sequence[Candle], bar: timedelta, first: int, tick: str) -> None:
        super().__init__({PlaceOrder: PlaceOnPaper(folder / "paper.db")})
        self.clock = ManualClock(candles[first].time + timedelta(seconds=0.1))
        self.candles, self.bar, self.tick = candles, bar, Decimal(tick)
        self.unsure: list[str] = []
        """What is not answered by the next questions: ``bars`` or ``depth``; ``all`` stays."""
        self.asked: list[str] = []
        self.since: list[datetime] = []
        """From when on bars were asked for."""
        self.levels: list[tuple[str, str]] | None = None
        self.stride = 0.0
        """Seconds that pass at least, whenever somebody waits."""
        self.until = candles[-1].time + bar
        self.parts: dict[str, Any] = {}

    def trade(self, strategy: Path, **options: Any) -> None:
        """Run the bot until the candles are over."""
        trader = PaperTrader(str(strategy), **options)
        trader.equip(self.markets)
        self.run(trader, "bot")

    @property
    def markets(self) -> LiveMarkets:
        return LiveMarkets("test", lambda: self, lambda symbol, bar: None, **self.parts)  # type: ignore[arg-type,return-value]

    def run_until_over(self, kill_at: int, strategy: Path) -> bool:
        """Run until it is killed; tells whether the candles are over instead."""
        trader = PaperTrader(str(strategy))
        trader.equip(self.markets)
        return self.run_until(kill_at, trader)

    def now(self) -> datetime:
        return self.clock.now()

    def bars(self, symbol: str, timeframe: timedelta, since: datetime) -> list[Candle]:
        self.since.append(since)
        self._reach("bars")
        return [each for each in self.candles if each.time >= since and each.time + timeframe <= self.now()]

    def depth(self, symbol: str, levels: int = 20) -> Depth:
        self._reach("depth")
        if self.levels is not None:
            told = [(Decimal(price), Decimal(quantity)) for price, quantity in self.levels]
            return Depth(told, told, self.now())
        last = max((each for each in self.candles if each.time <= self.now()), key=lambda each: each.time)
        price = Decimal(f"{last.open:.8f}")
        return Depth([(price - self.tick, DEEP)], [(price + self.tick, DEEP)], self.now())

    def close(self) -> None:
        """Nothing is held open."""

    def pause_for(self, timeout: float) -> None:
        self.clock.advance(max(timeout, self.stride))
        if self.now() >= self.until:
            self.order = Order.CANCEL

    def _reach(self, what: str) -> None:
        self.asked.append(what)
        if self.unsure and self.unsure[0] in (what, "all"):
            if self.unsure[0] != "all":
                self.unsure.pop(0)
            raise VenueUnsure("no answer")
