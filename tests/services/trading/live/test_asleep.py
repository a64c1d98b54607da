"""A machine that sleeps while a bot holds a position, and is started anew before it has slept its fill."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.core.process.context import Order as Told
from services.trading.candles import Candle
from services.trading.desk.asking import LeavePosition
from services.trading.scoring.history import loaded_bars
from services.trading.scoring.scorer import Scorer
from tests.support.bar_world import BarWorld, ConventionFloor
from tests.support.candles import BAR
from tests.support.exchange.markets import market
from tests.support.live_world import exact
from tests.support.manual_clock import ManualClock
from tests.support.strategies import strategy_text, strategy_with

BEFORE, SYMBOL = 600, "ETH/BTC"
FAR = {"stop": {"percent": 15.0}}
"""A stop that these bars never come to."""


class SleepyWorld(BarWorld):
    """Its machine falls asleep once, for ``sleeps``, in the middle of a bar in which something is held."""

    sleeps = timedelta(0)
    asleep = awake = datetime.min.replace(tzinfo=UTC)
    before: Sequence[object] = ()
    read_before = 0

    def pause_for(self, timeout: float) -> None:
        held = self.floor.desk.book.holding("live", SYMBOL).opened
        if not self.sleeps or not held or not self.resting():
            super().pause_for(timeout)
            return
        self.asleep, self.awake = self.now(), self.now() + self.sleeps
        self.before, self.read_before = self.now_standing, self.read
        self._sleep()
        self.end_after = self._beats + 2

    def _sleep(self) -> None:
        """The market goes on, and neither the bot nor the desk does anything."""
        engine = self.floor.venue.engine
        while self.candles[self.index].time + self.bar <= self.awake:
            for price in (self.candles[self.index].low, self.candles[self.index].close):
                engine.jump("ETHBTC", exact(price))
            self.index += 1
        self.sleeps = timedelta(0)
        self.floor.clock.advance(self.awake - self.now())
        engine.jump("ETHBTC", exact(self.candles[self.index].open))
        self._moved = True

    def resting(self) -> list[tuple[str, Decimal, Decimal]]:
        """The stops of ours that lie at the exchange."""
        orders = self.floor.venue.engine.ledger.orders
        return [(o.client_id, o.trigger, o.rest) for o in orders if o.open and o.mine and o.type == "STOP_LOSS_LIMIT"]

    @property
    def read(self) -> int:
        """How many bars the bot has taken as they closed, or late."""
        return len(self.samples.get("trading.price:live", ()))

    @property
    def now_standing(self) -> Sequence[object]:
        return self.resting(), len(self.floor.venue.sent), len(self.acts)


@pytest.fixture
def sleepy(tmp_path: Path, bars: list[Candle]) -> Iterator[SleepyWorld]:
    floor = ConventionFloor(tmp_path / "account.db", ManualClock(bars[0].time))
    floor.limited(currency="BTC", spread=Decimal(1), orders_per_bot=1000)
    floor.venue.engine.markets["ETHBTC"] = market("ETH", "BTC", "0.00000001", "0.001", "0.001", "0.001")
    floor.venue.engine.ledger.balances["BTC"].free = Decimal(10)
    floor.venue.engine.ledger.fee_asset = "BTC"
    floor.desk.round()
    yield SleepyWorld(floor, SYMBOL, bars, BAR, BEFORE)
    floor.close()


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "s.yaml").write_text(strategy_text(**FAR), encoding="utf-8")
    return str(tmp_path / "s.yaml")


def test_before_the_first_decision_twenty_times_the_longest_span_is_read(sleepy: SleepyWorld, path: str) -> None:
    begun, sleepy.end_after = sleepy.now(), 1
    sleepy.trade(path)
    assert loaded_bars(strategy_with(**FAR)) == 20 * 26
    assert begun - sleepy.asked[0] >= 20 * 26 * BAR


@pytest.mark.parametrize("slept", [timedelta(hours=3), 200 * BAR], ids=["three hours", "two hundred bars"])
@pytest.mark.parametrize("again", [False, True], ids=["goes on", "is started anew"])
def test_what_was_slept_through_is_read_and_sends_nothing_and_the_stop_is_still_there(
    sleepy: SleepyWorld, path: str, slept: timedelta, again: bool
) -> None:
    sleepy.sleeps = slept + timedelta(seconds=200)  # it wakes in a bar, when the one before is late already
    sleepy.trade(path)
    assert sleepy.read - sleepy.read_before >= slept // BAR, "it goes through every bar that it missed"
    if again:
        sleepy.floor.restart()
    sleepy.end_after = 2
    sleepy.trade(path)
    sleepy.floor.desk.round()
    assert sleepy.now_standing == sleepy.before, "one stop, the same; nothing sent, nothing asked"
    sleepy.end_after = None
    sleepy.trade(path)
    assert sleepy.order is Told.CANCEL
    closes = {(datetime.fromisoformat(effect.key.split("/")[3]) + BAR) for effect in sleepy.acts}
    late = strategy_with(**FAR).signal_age
    assert [close for close in sorted(closes) if sleepy.asleep < close < sleepy.awake - late] == []
    left = next(each for each in sleepy.acts if isinstance(each, LeavePosition) and each.cause > str(sleepy.asleep))
    assert datetime.fromisoformat(left.cause) == next(leaving_after(sleepy.candles, sleepy.awake - late))


def leaving_after(candles: Sequence[Candle], moment: datetime) -> Iterator[datetime]:
    """The bars that close from then on, at which one that has read every bar leaves."""
    rule = Scorer(strategy_with(**FAR))
    for candle in candles:
        rule.update(candle)
        if rule.leaves and candle.time + BAR >= moment:
            yield candle.time
