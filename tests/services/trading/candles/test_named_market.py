"""Which market a file's name plainly tells."""

import pytest

from services.trading.candles.named_market import market_named


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
