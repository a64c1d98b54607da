"""Recorded and made-up candles for tests."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.trading.candles import Candle, read_bars

BAR = timedelta(minutes=5)
START = datetime(2026, 1, 1, tzinfo=UTC)


def recorded_folder() -> Path:
    """The folder of recorded market data; skips the test, saying why, where there is none."""
    beside = Path(__file__).parents[2].parent / "shared" / "data"
    folder = Path(os.environ.get("DREAMSCAPE_TEST_DATA") or beside)
    if not folder.is_dir():
        pytest.skip(f"no recorded market data at {folder}; DREAMSCAPE_TEST_DATA names another folder")
    return folder


def recorded_candles(count: int) -> list[Candle]:
    """The first bars of ETH/BTC, recorded; skips the test where there are none."""
    bars = read_bars(recorded_folder() / "ETH-BTC_5m_2018-01.parquet")
    return [bars.candle(index) for index in range(count)]


def candles_of(closes: Iterable[float]) -> tuple[Candle, ...]:
    """Five-minute bars that each open at the close before."""
    bars: list[Candle] = []
    for index, close in enumerate(closes):
        opened = bars[-1].close if bars else close
        bars.append(Candle(START + index * BAR, opened, max(opened, close), min(opened, close), close, 1.0))
    return tuple(bars)


def save_candles(path: Path, candles: Iterable[Candle]) -> Path:
    """As a .csv file."""
    rows = [f"{c.time.isoformat()},{c.open!r},{c.high!r},{c.low!r},{c.close!r},{c.volume!r}" for c in candles]
    path.write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]))
    return path
