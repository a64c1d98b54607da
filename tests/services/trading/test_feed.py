"""Which candles a strategy gets, and that their label is true."""

from pathlib import Path

import pytest

from services.core.errors import UserError
from services.trading.feed import label_of, open_feed
from services.trading.strategy import Strategy
from tests.support.candles import recorded_folder
from tests.support.strategies import strategy_with

CSV = "timestamp,open,high,low,close,volume\n2026-01-01T00:00:00Z,1,1,1,1,1\n2026-01-01T00:{minute}:00Z,1,1,1,1,1\n"


def written(folder: Path, name: str, minute: str = "05") -> None:
    (folder / name).write_text(CSV.format(minute=minute))


def test_a_recorded_file_is_labelled_by_its_name(tmp_path: Path) -> None:
    written(tmp_path, "ETH-BTC_5m_2026-01.csv")
    written(tmp_path, "ETH-BTC_5m_2026-02.csv")
    written(tmp_path, "XRP-ETH_5m_2026-03.csv")
    feed = open_feed(strategy_with(data="ETH-BTC_5m_*"), tmp_path)
    assert feed.label == "recorded: ETH-BTC_5m_2026-02.csv"
    assert len(feed.after(1)) == len(feed.before(1)) == 1


@pytest.mark.parametrize("folder", [None, Path("nowhere")])
def test_without_a_data_folder_the_candles_are_generated_and_say_so(folder: Path | None) -> None:
    feed = open_feed(strategy_with(data="ETH-BTC_5m_*"), folder)
    assert feed.label == "generated"
    assert "data folder" in feed.because


def test_a_strategy_may_ask_for_generated_candles(tmp_path: Path) -> None:
    written(tmp_path, "generated")
    assert open_feed(strategy_with(data="generated"), tmp_path).label == "generated"


def test_a_folder_without_the_file_is_a_mistake_rather_than_a_silent_substitute(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no file matches 'ETH-BTC"):
        open_feed(strategy_with(data="ETH-BTC_5m_*"), tmp_path)
    with pytest.raises(UserError, match="pattern"):
        open_feed(strategy_with(data="/etc/*.csv"), tmp_path)


def test_bars_of_another_length_than_the_timeframe_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "one-minute.csv", minute="01")
    with pytest.raises(UserError, match="its bars are 1m apart, and the timeframe is 5m"):
        open_feed(strategy_with(data="one-minute.csv"), tmp_path)


def test_candles_of_another_market_than_the_tick_is_of_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "a.csv")
    with pytest.raises(UserError, match=r"the market's tick is 1000: no order could be at that price"):
        open_feed(strategy_with(data="a.csv", market={"tick": 1000.0}), tmp_path)


def test_a_replaced_file_has_another_identity(tmp_path: Path) -> None:
    strategy: Strategy = strategy_with(data="a.csv")
    written(tmp_path, "a.csv")
    before = open_feed(strategy, tmp_path).identity
    assert open_feed(strategy, tmp_path).identity == before
    (tmp_path / "a.csv").write_text(CSV.format(minute="05").replace(",1\n", ",2\n"))
    assert open_feed(strategy, tmp_path).identity != before


def test_the_recorded_eth_btc_is_found() -> None:
    assert open_feed(strategy_with(data="ETH-BTC_5m_*"), recorded_folder()).label == (
        "recorded: ETH-BTC_5m_2018-01.parquet"
    )


def test_the_label_is_known_without_reading_the_candles(tmp_path: Path):
    (tmp_path / "ETH-BTC_5m_2026.csv").write_text("no candles at all")
    assert label_of(strategy_with(data="ETH-BTC_5m_*"), tmp_path) == "recorded: ETH-BTC_5m_2026.csv"
    assert label_of(strategy_with(data="generated"), tmp_path) == "generated"
    with pytest.raises(UserError, match="no file matches"):
        label_of(strategy_with(data="BTC-EUR_*"), tmp_path)
