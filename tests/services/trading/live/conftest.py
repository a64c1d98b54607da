"""Recorded bars, and an exchange that goes through them by the conventions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.trading.candles import Candle
from tests.support.bar_world import BarWorld, ConventionFloor
from tests.support.candles import BAR, recorded_candles
from tests.support.live_world import RECORDED_LIMITS, RECORDED_MARKET, in_recorded_market
from tests.support.manual_clock import ManualClock

BEFORE, TRADED = 600, 340
"""Bars that are over when trading begins, and bars of trading."""


@pytest.fixture(scope="module")
def bars() -> list[Candle]:
    return recorded_candles(BEFORE + TRADED)


@pytest.fixture
def world(tmp_path: Path, bars: list[Candle]) -> Iterator[BarWorld]:
    floor = ConventionFloor(tmp_path / "account.db", ManualClock(bars[0].time), RECORDED_LIMITS)
    yield BarWorld(in_recorded_market(floor), RECORDED_MARKET, bars, BAR, BEFORE)
    floor.close()
