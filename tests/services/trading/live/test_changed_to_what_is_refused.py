"""A strategy's file is gone, or is refused live: what it opened is left by what it was opened with."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest

from services.core.process import ConfigurationFault
from services.trading.candles import Candle
from services.trading.desk.events import EntryAsked
from tests.support.candles import BAR, recorded_candles
from tests.support.desks import Floor
from tests.support.live_world import RECORDED_LIMITS, RECORDED_MARKET, LiveWorld, in_recorded_market
from tests.support.manual_clock import ManualClock
from tests.support.strategies import strategy_text

BEFORE, TRADED = 800, 400
MISTAKE = (
    " is not traded live: "
    "fill: close: a bar's close is over once the bar is known, and nothing can be bought at it any more"
)


@pytest.fixture(scope="module")
def candles() -> list[Candle]:
    return recorded_candles(BEFORE + TRADED)


@pytest.fixture
def floor(tmp_path: Path, candles: list[Candle]) -> Iterator[Floor]:
    made = Floor(tmp_path / "account.db", ManualClock(candles[0].time), RECORDED_LIMITS)
    yield in_recorded_market(made)
    made.close()


def holding(floor: Floor, candles: list[Candle], path: Path) -> LiveWorld:
    """The world of a strategy that has bought."""
    path.write_text(strategy_text(), encoding="utf-8")
    world = LiveWorld(floor, RECORDED_MARKET, candles, BAR, BEFORE)
    while not floor.desk.book.holding("live", RECORDED_MARKET).opened:
        world.end_after = 10
        world.trade(str(path))
    world.end_after = None
    return world


def test_meanwhile_it_says_what_is_wrong_and_enters_nothing_and_once_flat_it_ends_with_that(
    floor: Floor, candles: list[Candle], tmp_path: Path
) -> None:
    world = holding(floor, candles, path := tmp_path / "s.yaml")
    asked = len(floor.desk.book.wishes)
    path.write_text(strategy_text(fill="close"), encoding="utf-8")
    with pytest.raises(ConfigurationFault, match="is not traded live: fill: close"):
        world.trade(str(path))
    assert not floor.desk.book.holding("live", RECORDED_MARKET).opened
    assert len(floor.desk.book.wishes) == asked
    assert world.index + 1 < len(candles), "it did not wait for the end of the world"
    assert any(f"nothing is entered: {path}{MISTAKE}" in doing for doing in world.doings)


def test_what_it_still_wished_for_is_given_up(floor: Floor, candles: list[Candle], tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(strategy_text(fill="close"), encoding="utf-8")
    world = LiveWorld(floor, RECORDED_MARKET, candles, BAR, BEFORE)
    at = floor.venue.now()
    for bot in ("live", "other"):
        wished = EntryAsked(bot, RECORDED_MARKET, "09:00", Decimal(1), None, at, at + BAR)
        floor.desk.register.note(wished)
    with pytest.raises(ConfigurationFault):
        world.trade(str(path))
    floor.desk.round()
    why = {each.bot: each.why for each in floor.desk.book.unbought}
    assert why["live"] == f"{path}{MISTAKE}"
    assert why["other"] != why["live"]


@pytest.mark.parametrize("changes", [{"fill": "close"}, {"market": {"kind": "perpetual"}}, None])
def test_what_it_opened_is_left_by_the_score_of_what_opened_it(
    floor: Floor, candles: list[Candle], tmp_path: Path, changes: dict[str, object] | None
) -> None:
    world = holding(floor, candles, path := tmp_path / "s.yaml")
    if changes is None:
        path.unlink()
    else:
        path.write_text(strategy_text(**changes), encoding="utf-8")
    with suppress(ConfigurationFault):
        world.trade(str(path))
    while world.index + 1 < len(candles):
        world.pause_for(0)
    assert not floor.desk.book.holding("live", RECORDED_MARKET).opened
