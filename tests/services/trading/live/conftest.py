"""Recorded bars, and an exchange that goes through them by the conventions."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from services.trading.candles import Candle, read_bars
from services.trading.desk.limits import Limits
from tests.support.bar_world import BarWorld, ConventionFloor
from tests.support.candles import BAR, recorded_folder
from tests.support.exchange.markets import market
from tests.support.manual_clock import ManualClock

BEFORE, TRADED = 600, 340
"""Bars that are over when trading begins, and bars of trading."""
LIMITS = Limits(currency="BTC", spread=Decimal(1), orders_per_bot=1000)


@pytest.fixture(scope="module")
def bars() -> list[Candle]:
    read = read_bars(recorded_folder() / "ETH-BTC_5m_2018-01.parquet")
    return [read.candle(index) for index in range(BEFORE + TRADED)]


@pytest.fixture
def world(tmp_path: Path, bars: list[Candle]) -> Iterator[BarWorld]:
    floor = ConventionFloor(tmp_path / "account.db", ManualClock(bars[0].time), LIMITS)
    floor.venue.engine.markets["ETHBTC"] = market("ETH", "BTC", "0.00000001", "0.001", "0.001", "0.001")
    floor.venue.engine.ledger.balances["BTC"].free = Decimal(10)
    floor.venue.engine.ledger.fee_asset = "BTC"
    floor.desk.round()
    yield BarWorld(floor, "ETH/BTC", bars, BAR, BEFORE)
    floor.close()
