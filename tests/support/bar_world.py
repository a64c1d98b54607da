"""A live market that goes through each bar as a backtest's conventions say, so that their fills can be compared.

What a bar does not tell, and an exchange does, is settled here by the conventions: a triggered stop sells one tick
below its trigger, whatever its limit; a limit or a target that a bar opens beyond is filled at the open; another limit
at its own price, once the price is a tick beyond it. Within a bar a position meets its low first, and what is only
asked for its high; what a limit bought within the bar meets no target of the same bar.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.core.process.context import Order as Told
from services.core.yamlfile import parse_model
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, Candle
from services.trading.strategy import Strategy
from tests.support.desks import Floor
from tests.support.engine_venue import ClockedEngine, money
from tests.support.exchange.book import DEEP
from tests.support.exchange.ledger import Order, Trade
from tests.support.live_world import AFTER, LiveWorld, exact
from tests.support.manual_clock import ManualClock

Filled = tuple[int, str, float, float]
"""Of a fill its bar, side, quantity and price."""


class ByConvention(ClockedEngine):
    """``opens``: the price is a bar's first."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.opens = False

    def meet(self, symbol: str, volume: Decimal = DEEP) -> None:
        if not self.opens:
            super().meet(symbol, volume)
            return
        for order in [o for o in self.ledger.orders if o.open and o.working and o.market.id == symbol]:
            self._beyond(order)

    def _take(self, order: Order) -> list[Trade]:
        if order.type == "STOP_LOSS_LIMIT":
            price = self.book(order.market.id).bids[0][0]
            return [self.ledger.fill(order, order.rest, price, self.now(), maker=False)]
        if order.tif == "GTC":
            return self._beyond(order)
        if self.opens and not order.buys:  # a target: what the score leaves is sold after the open
            return [self.ledger.fill(order, order.rest, self.book(order.market.id).last, self.now(), maker=False)]
        return super()._take(order)

    def _beyond(self, order: Order) -> list[Trade]:
        """A limit to buy is filled at the price, where that is a tick below it."""
        last = self.book(order.market.id).last
        if not order.buys or last > order.price - order.market.tick:
            return []
        return [self.ledger.fill(order, order.rest, last, self.now(), maker=False)]


class ConventionFloor(Floor):
    """A desk at such an exchange."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.venue.engine = ByConvention(self.clock)
        money(self.venue)


class BarWorld(LiveWorld):
    """Each bar: its open, what the trader asks for there, its low and high in the conventions' order, its close."""

    RESTARTS: tuple[int, ...] = (71, 150, 233)
    """After how many beats more the program is ended, with all that it knows but for its files, and begun anew."""

    def lived(self, text: str, folder: Path) -> list[Filled]:
        """Trade it; what the exchange filled."""
        path = folder / "strategy.yaml"
        path.write_text(text, encoding="utf-8")
        for beats in (*self.RESTARTS, None):
            self.end_after = beats
            self.trade(str(path))
            if beats is not None:
                self.floor.restart()
        return [
            (self._bar_at(each.at), "buy" if each.order.buys else "sell", float(each.quantity), float(each.price))
            for each in self.floor.venue.engine.ledger.trades
        ]

    def backtested(self, text: str, **given: Any) -> list[Filled]:
        """What a backtest fills after the bars before the first; ``given`` is what it decides by beside them."""
        strategy = parse_model(text, Strategy, "test.yaml")
        result = Backtest(strategy, warm=self.first - 1, **given).run(Bars.of(self.candles), "recorded")
        return [(each.bar, each.side.value, round(each.quantity, 3), round(each.price, 8)) for each in result.fills]

    def pause_for(self, timeout: float) -> None:
        self.floor.desk.round()
        if self._moved:
            self._moved = False
            candle = self.candles[self.index]
            self.floor.clock.advance(candle.time + self.bar / 2 - self.now())
            self._go_through(candle)
            self.floor.clock.advance(candle.time + self.bar - self.now())
            self.floor.desk.round()
            return
        self.index += 1
        if self.index == len(self.candles):
            self.order = Told.CANCEL
            return
        self._moved = True
        self._open(self.candles[self.index])

    def _bar_at(self, milliseconds: int) -> int:
        """The index of the bar within which that was."""
        at = datetime.fromtimestamp(milliseconds / 1000, UTC)
        return max(index for index, each in enumerate(self.candles) if each.time <= at)

    def _open(self, candle: Candle) -> None:
        self.floor.clock.advance(max(candle.time - self.now(), timedelta(0)))
        engine = self.floor.venue.engine
        assert isinstance(engine, ByConvention)
        engine.opens = True
        self._jump(candle.open)
        self.floor.desk.round()
        engine.opens = False
        self.floor.clock.advance(AFTER)

    def _go_through(self, candle: Candle) -> None:
        held = self.floor.desk.book.holding("live", self.symbol).opened
        first, then = (candle.low, candle.high) if held else (candle.high, candle.low)
        for price in (first, then):
            self._to(exact(price))
        target = self._target()
        bought_within = not held and target is not None
        self._to(min(exact(candle.close), target) if bought_within and target else exact(candle.close))

    def _target(self) -> Decimal | None:
        """That of what is held; a position that is over has one, too."""
        situation = self.floor.desk.caring.situation(("live", self.symbol))
        return situation.target if situation.opened else None

    def _to(self, price: Decimal) -> None:
        """There, with a halt wherever something of ours is met: the desk acts on it before the price goes on."""
        engine, market = self.floor.venue.engine, self.symbol.replace("/", "")
        while (last := engine.book(market).last) != price:
            falls = price < last
            between = [
                each for each in self._levels(falls) if (price <= each < last if falls else last < each <= price)
            ]
            nearest = (max if falls else min)(between, default=price)
            engine.jump(market, nearest)
            self.floor.desk.round()

    def _levels(self, falls: bool) -> list[Decimal]:
        engine, tick = self.floor.venue.engine, self.floor.venue.rules(self.symbol).tick
        ours = [order for order in engine.ledger.orders if order.open and order.mine]
        if falls:
            return [order.price - tick if order.buys else order.trigger for order in ours]
        target = self._target()
        return [target + tick] if target is not None else []
