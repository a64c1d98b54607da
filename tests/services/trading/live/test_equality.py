"""An exchange that goes through a backtest's bars by its conventions fills what the backtest fills, over restarts."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.core.yamlfile import parse_model
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, Candle, read_bars
from services.trading.desk.limits import Limits
from services.trading.strategy import Strategy
from tests.support.bar_world import BarWorld, ConventionFloor
from tests.support.candles import recorded_folder
from tests.support.exchange.markets import market
from tests.support.manual_clock import ManualClock
from tests.support.strategies import strategy_text

SYMBOL, BAR = "ETH/BTC", timedelta(minutes=5)
BEFORE, TRADED = 600, 340
LIMITS = Limits(currency="BTC", collar=Decimal(0), drawdown=None, spread=Decimal(1), orders_per_bot=1000)
EAGER = {
    "macd": None, "entry": None, "terms": {"up": {"kind": "momentum", "bars": 5, "window": 20, "weight": 1}},
    "enter": 0.3, "exit": -0.3, "capital": 0.2, "sizing": {"percent": 50}, "limit_volume": {"percent": 100},
}  # fmt: skip
RESTING = {"limit": {"offset": {"percent": 0.1}}}
CASES = {
    "a stop": {"stop": {"percent": 0.3}},
    "a limit": {"execution": RESTING},
    "a limit of some ticks": {"execution": {"limit": {"offset": {"ticks": 7}}}},
    "a limit with a stop": {"execution": RESTING, "stop": {"percent": 0.2}},
    "a limit priced anew": {"execution": {"limit": {"offset": {"percent": 0.2}, "times": 3}}, "stop": {"percent": 0.5}},
    "a limit that rests for long": {"execution": {"limit": {"offset": {"percent": 0.3}, "reprice_after": "20m"}}},
    "a trailing stop": {"trailing": {"percent": 0.4}},
    "a trailing stop and a fixed one": {"trailing": {"percent": 0.6}, "stop": {"percent": 0.3}},
    "a limit with a trailing stop": {"execution": RESTING, "trailing": {"percent": 0.4}},
    "a target": {"target": {"percent": 0.4}},
    "a target and a stop": {"target": {"percent": 0.5}, "stop": {"percent": 0.3}},
    "a limit with a target and a stop": {"execution": RESTING, "target": {"percent": 0.5}, "stop": {"percent": 0.3}},
    "all at once": {
        "execution": RESTING,
        "target": {"percent": 0.6},
        "stop": {"percent": 0.5},
        "trailing": {"percent": 0.4},
        "cool_down": 2,
        "sizing": {"percent": None, "volatility": {"percent": 2, "window": 30}},
    },
    "a cool-down": {"stop": {"percent": 0.3}, "cool_down": 4},
    "a size by volatility": {"sizing": {"percent": None, "volatility": {"percent": 2, "window": 30}}},
    "a fixed size": {"sizing": {"percent": None, "fixed": 0.05}, "stop": {"percent": 0.5}},
}


@pytest.fixture(scope="module")
def candles() -> list[Candle]:
    bars = read_bars(recorded_folder() / "ETH-BTC_5m_2018-01.parquet")
    return [bars.candle(index) for index in range(BEFORE + TRADED)]


@pytest.fixture
def world(tmp_path: Path, candles: list[Candle]) -> Iterator[BarWorld]:
    floor = ConventionFloor(tmp_path / "account.db", ManualClock(candles[0].time), LIMITS)
    floor.venue.engine.markets["ETHBTC"] = market("ETH", "BTC", "0.00000001", "0.001", "0.001", "0.001")
    floor.venue.engine.ledger.balances["BTC"].free = Decimal(10)
    floor.venue.engine.ledger.fee_asset = "BTC"
    floor.desk.round()
    yield BarWorld(floor, SYMBOL, candles, BAR, BEFORE)
    floor.close()


def lived(world: BarWorld, text: str, folder: Path) -> list[tuple[int, str, float, float]]:
    """Trade it, with the program ended and begun three times; the fills: bar, side, quantity and price."""
    path = folder / "strategy.yaml"
    path.write_text(text, encoding="utf-8")
    for beats in (71, 150, 233, None):
        world.end_after = beats
        world.trade(str(path))
        if beats is not None:
            world.floor.restart()
    trades = world.floor.venue.engine.ledger.trades
    return [
        (world.bar_at(each.at), "buy" if each.order.buys else "sell", float(each.quantity), float(each.price))
        for each in trades
    ]


def backtested(text: str, candles: list[Candle]) -> list[tuple[int, str, float, float]]:
    result = Backtest(parse_model(text, Strategy, "test.yaml"), warm=BEFORE - 1).run(Bars.of(candles), "recorded")
    return [(each.bar, each.side.value, round(each.quantity, 3), round(each.price, 8)) for each in result.fills]


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES)
def test_an_exchange_that_follows_the_bars_fills_what_the_backtest_fills(
    world: BarWorld, tmp_path: Path, candles: list[Candle], changes: dict[str, object]
) -> None:
    text = strategy_text(**{**EAGER, **changes})
    fills = lived(world, text, tmp_path)
    assert len(fills) > 15
    assert fills == backtested(text, candles)
    assert len({effect.key for effect in world.acts}) == len(world.acts)
