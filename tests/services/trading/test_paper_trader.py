"""Paper trading on a live market: what a bar decides is placed once, at the price that stands then."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, Candle, read_bars
from services.trading.events import Filled, SessionStarted
from tests.support.candles import recorded_folder
from tests.support.host import told
from tests.support.paper_world import PaperWorld
from tests.support.strategies import strategy_text, strategy_with

BAR, BEFORE, TRADED = timedelta(minutes=5), 800, 250
TICK = "0.00000001"
Money = list[tuple[str, float, float]]


@pytest.fixture(scope="module")
def candles() -> list[Candle]:
    bars = read_bars(recorded_folder() / "ETH-BTC_5m_2018-01.parquet")
    return [bars.candle(index) for index in range(BEFORE + TRADED)]


@pytest.fixture
def world(tmp_path: Path, candles: list[Candle]) -> PaperWorld:
    return PaperWorld(tmp_path, candles, BAR, BEFORE, TICK)


def written(folder: Path, **changes: object) -> Path:
    path = folder / "s.yaml"
    path.write_text(strategy_text(data="live", **changes), encoding="utf-8")
    return path


def money(world: PaperWorld) -> Money:
    return [(each.side.value, round(each.quantity, 3), round(each.price, 8)) for each in told(world, Filled)]


def expected(candles: list[Candle], **changes: object) -> Money:
    """What a backtest fills after the first bars."""
    result = Backtest(strategy_with(**changes), warm=BEFORE - 1).run(Bars.of(candles), "recorded")
    return [(each.side.value, round(each.quantity, 3), round(each.price, 8)) for each in result.fills]


STOPPED = {"stop": {"percent": 0.4}, "target": {"percent": 1.5}, "cool_down": 2}


@pytest.mark.parametrize("changes", [{}, STOPPED])
def test_live_bars_with_a_deep_book_at_each_open_fill_what_a_backtest_fills(
    world: PaperWorld, tmp_path: Path, candles: list[Candle], changes: dict[str, object]
) -> None:
    world.trade(written(tmp_path, **changes))
    assert len(money(world)) > 15
    assert money(world) == expected(candles, **changes)
    (started,) = told(world, SessionStarted)
    assert (started.label, started.candles) == ("live: test", 0)
    assert {each.priced for each in told(world, Filled) if each.priced} == {"the order book, 1 level"}
