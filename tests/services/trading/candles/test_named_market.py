"""Which market a file's name plainly tells."""

import pytest

from services.trading.candles.named_market import market_named, other_market


@pytest.mark.parametrize(
    ("file", "market"),
    [
        ("XRP-ETH_1m_2019-10.parquet", "XRP/ETH"),
        ("ETHBTC-5m-2024-01.csv", "ETH/BTC"),
        ("SOL_USDT.feather", "SOL/USDT"),
        ("ETH-BTC_5m.csv, bars of 5m", "ETH/BTC"),
        ("BTC-PERP_1m_2022-01.parquet", ""),
        ("my-data.csv", ""),
        ("btc.csv", ""),
        ("candles-eth.csv", ""),
        ("BTC_2024.csv", ""),
    ],
)
def test_only_what_is_plain_is_taken(file: str, market: str) -> None:
    assert market_named(file) == market


def test_candles_of_another_market_than_is_traded_are_told() -> None:
    told = other_market("recorded: XRP-ETH_1m.csv", "ETH/BTC", "mine")
    assert told == (
        "by its name XRP-ETH_1m.csv is of XRP/ETH, and what is found in it counts for ETH/BTC, which mine trades"
    )
    for label in ("recorded: ETH-BTC_1m.csv", "recorded: mine.csv", "generated"):
        assert other_market(label, "ETH/BTC", "mine") == ""
