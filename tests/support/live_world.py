"""A live market made of candles, with the account's desk on it: it goes on whenever the strategy waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from services.core.process.context import Order
from services.trading.candles import Candle
from services.trading.desk.asking import AskDesk, EnterPosition, LeavePosition
from services.trading.desk.door import Door
from services.trading.desk.limits import Limits
from services.trading.live.equipment import Equipment
from services.trading.live.trader import LiveTrader
from services.trading.venue.streamed_bars import Stream
from services.trading.venue.venue import VenueUnsure
from tests.support.desks import Floor
from tests.support.exchange.markets import market
from tests.support.host import MemoryHost

AFTER = timedelta(seconds=0.5)
"""What a poll leaves to the exchange after a bar's end."""
RECORDED_MARKET = "ETH/BTC"
RECORDED_LIMITS = Limits(currency="BTC", spread=Decimal(1), orders_per_bot=1000)
"""Of an account in that market: wide enough that it is the strategy that decides."""


class Serving(Door):
    """Serves in the thread of the test: what is handed over is done at once."""

    def __init__(self, floor: Floor) -> None:
        super().__init__(floor.clock, open=True)
        self._floor = floor

    def hand(self, work):  # type: ignore[no-untyped-def]
        future = super().hand(work)
        self.serve(self._floor.desk)
        return future


class LiveWorld(MemoryHost):
    """The host of one live strategy, its exchange and its account.

    It begins while the candle before ``first`` is under way. Each goes through its open, high, low and close.
    """

    def __init__(self, floor: Floor, symbol: str, candles: Sequence[Candle], bar: timedelta, first: int) -> None:
        asking = AskDesk(door := Serving(floor))
        super().__init__({EnterPosition: asking, LeavePosition: asking}, clock=floor.clock)
        self.floor, self.door, self.symbol, self.candles, self.bar = floor, door, symbol, candles, bar
        self.first, self.index = first, first - 1
        self.unsure = 0
        """Times that the next questions for bars are not answered."""
        self.parts: dict[str, Any] = {}
        """What else the trader is equipped with."""
        self.asked: list[datetime] = []
        floor.venue.somebody_bought = True
        floor.clock.advance(candles[first].time - bar / 2 - floor.clock.now())
        self._moved = False
        self._jump(candles[first - 1].close)

    def trade(self, strategy: str) -> None:
        """Run the strategy until the candles are over."""
        trader = LiveTrader(strategy=strategy)
        trader.equip(Equipment(self.door, lambda: self, _no_stream, **self.parts))
        self.run(trader, "live")

    def now(self) -> datetime:
        return self.clock.now()

    def bars(self, symbol: str, timeframe: timedelta, since: datetime) -> list[Candle]:
        self.asked.append(since)
        if self.unsure:
            self.unsure -= 1
            raise VenueUnsure("no answer")
        assert (symbol, timeframe) == (self.symbol, self.bar)
        return [each for each in self.candles if each.time >= since and each.time + timeframe <= self.now()]

    def close(self) -> None:
        """Nothing is held open."""

    def sleep(self, duration: timedelta) -> None:
        """The machine sleeps: the market goes on, and nobody here does anything."""
        until = self.now() + duration
        while self.index + 1 < len(self.candles) and self.candles[self.index + 1].time <= until:
            self._go_through(self.candles[self.index], asleep=True)
            self.index += 1
        self.floor.clock.advance(until - self.now())
        self._jump(self.candles[self.index].open)
        self._moved = True

    def pause_for(self, timeout: float) -> None:
        """The desk has its round; then the bar runs its course; then the next one begins."""
        self.floor.desk.round()
        candle = self.candles[self.index]
        if self._moved:
            self._moved = False
            self.floor.clock.advance(max(candle.time + self.bar / 2 - self.now(), timedelta(0)))
            self._go_through(candle)
            return
        self.index += 1
        if self.index == len(self.candles):
            self.order = Order.CANCEL
            return
        self._moved = True
        self._jump(self.candles[self.index].open)
        self.floor.clock.advance(self.candles[self.index].time + AFTER - self.now())

    def _go_through(self, candle: Candle, *, asleep: bool = False) -> None:
        for price in (candle.high, candle.low, candle.close):
            self.floor.venue.engine.glide(self.symbol.replace("/", ""), exact(price))
            if not asleep:
                self.floor.desk.round()

    def _jump(self, price: float) -> None:
        self.floor.venue.engine.jump(self.symbol.replace("/", ""), exact(price))


def _no_stream(symbol: str, timeframe: timedelta) -> Stream:
    raise AssertionError("nobody streams here")


def exact(price: float) -> Decimal:
    """Recorded prices are eight places that went through floats."""
    return Decimal(f"{price:.8f}")


def in_recorded_market(floor: Floor) -> Floor:
    """The floor with that market, and with 10 BTC to trade there, from which its fees are taken."""
    engine = floor.venue.engine
    engine.markets["ETHBTC"] = market("ETH", "BTC", "0.00000001", "0.001", "0.001", "0.001")
    engine.ledger.balances["BTC"].free = Decimal(10)
    engine.ledger.fee_asset = "BTC"
    floor.desk.round()
    return floor
