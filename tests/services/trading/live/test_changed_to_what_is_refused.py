"""A strategy's file is gone, or is refused live: what it opened is left by what it was opened with."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from services.core.process import ConfigurationFault
from services.trading.candles import Candle
from tests.support.candles import BAR, recorded_candles
from tests.support.desks import Floor
from tests.support.live_world import RECORDED_LIMITS, RECORDED_MARKET, LiveWorld, in_recorded_market
from tests.support.manual_clock import ManualClock
from tests.support.strategies import strategy_text

BEFORE, TRADED = 800, 400


@pytest.fixture(scope="module")
def candles() -> list[Candle]:
    return recorded_candles(BEFORE + TRADED)


@pytest.fixture
def floor(tmp_path: Path, candles: list[Candle]) -> Iterator[Floor]:
    made = Floor(tmp_path / "account.db", ManualClock(candles[0].time), RECORDED_LIMITS)
    yield in_recorded_market(made)
    made.close()


@pytest.mark.xfail(strict=True, reason="the new file is judged before what is held is looked at")
@pytest.mark.parametrize("changes", [{"fill": "close"}, {"market": {"kind": "perpetual"}}, None])
def test_what_it_opened_is_left_by_the_score_of_what_opened_it(
    floor: Floor, candles: list[Candle], tmp_path: Path, changes: dict[str, object] | None
) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(strategy_text(), encoding="utf-8")
    world = LiveWorld(floor, RECORDED_MARKET, candles, BAR, BEFORE)
    while not floor.desk.book.holding("live", RECORDED_MARKET).opened:
        world.end_after = 10
        world.trade(str(path))
    if changes is None:
        path.unlink()
    else:
        path.write_text(strategy_text(**changes), encoding="utf-8")
    world.end_after = None
    with suppress(ConfigurationFault):
        world.trade(str(path))
    while world.index + 1 < len(candles):
        world.pause_for(0)
    assert not floor.desk.book.holding("live", RECORDED_MARKET).opened
