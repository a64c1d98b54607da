"""The strategy file: conventions as keys, mistakes with their place."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.core.errors import UserError, UserErrors
from services.trading.strategy import load_strategy
from tests.support.strategies import DEFAULT, strategy_with


def refused(tmp_path: Path, old: str, new: str) -> str:
    path = tmp_path / "s.yaml"
    text = DEFAULT.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(UserError) as told:
        load_strategy(path)
    return str(told.value).replace(str(path), "s.yaml")


def test_the_default_strategy_is_valid() -> None:
    strategy = load_strategy(DEFAULT)
    assert strategy.market.base == "ETH"
    assert strategy.market.quote == "BTC"
    assert strategy.bar == timedelta(minutes=5)
    assert strategy.fee_rate == 0.001
    assert strategy.fill == "next_open"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("slow: 26", "slwo: 26", "s.yaml:10:18: there is no key 'slwo'. Write 'slow'."),
        ("fill: next_open", "entr: 0.5", "s.yaml:17:1: there is no key 'entr'. Write 'enter'."),
        ("fill: next_open", "entr: macd_cross_up", "s.yaml:17:1: there is no key 'entr'. Write 'enter'."),
        ("entry: macd_cross_up", "entr: macd_cross_up", "s.yaml:11:1: there is no key 'entr'. Write 'entry'."),
        ("entry: macd_cross_up", "entr: 0.5", "s.yaml:11:1: there is no key 'entr'. Write 'enter'."),
        (
            "entry: macd_cross_up",
            "entr: [1]",
            "s.yaml:11:1: there is no key 'entr'. Write 'enter' (an entry at this score or above) "
            "or 'entry' (the entry of macd, in the place of terms).",
        ),
        ("slow: 26", "slow: 12", "s.yaml:10:24: macd.slow: slow (12) must be more bars than fast (12)."),
        ("fill: next_open", "fill: next_opn", "s.yaml:17:7: fill is 'next_opn'. Write 'next_open'."),
        ("ticks: 1", "ticks: 0", "s.yaml:16:11: slippage: a fill at the next open slips by at least 1 tick"),
        ("timeframe: 5m", "timeframe: five", "s.yaml:8:12: timeframe: 'five' is no duration"),
        ("timeframe: 5m", "timeframe: 10ms", "s.yaml:8:12: timeframe: '10ms' is shorter than a second"),
        ("timeframe: 5m", "timeframe: 400d", "s.yaml:8:12: timeframe: '400d' is longer than a year; write a bar"),
        ("timeframe: 5m", "timeframe: 99999999999d", "s.yaml:8:12: timeframe: '99999999999d' is longer than 100 years"),
        ("capital: 1 ", "capital: 0 ", "s.yaml:14:10: capital is 0. It should be greater than 0"),
        ("capital: 1 ", "capital: .nan ", "s.yaml:14:10: capital"),
        ("percent: 25", "percent: 101", "s.yaml:13:19: sizing.percent is 101"),
        (
            "ETH/BTC",
            "ETHBTC",
            "s.yaml:4:11: market.symbol is 'ETHBTC'. It should be base and quote in capitals with a slash between "
            "them. For example: 'symbol: ETH/BTC'.",
        ),
        ("ETH/BTC", "btc-usdt", "s.yaml:4:11: market.symbol is 'btc-usdt'. It should be BTC/USDT: base and quote in"),
        ("ETH/BTC", "BTC/USDT:USDT", "s.yaml:4:11: market.symbol is 'BTC/USDT:USDT'. It should be BTC/USDT: base"),
        ("macd-eth-btc", "My Bot", "s.yaml:2:7: name is 'My Bot'. It should be small letters, digits, dots,"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_column(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert refused(tmp_path, old, new).startswith(told)


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(DEFAULT.read_text().replace("capital: 1", "captial: 1").replace("fast: 12", "fast: 0"))
    with pytest.raises(UserErrors) as told:
        load_strategy(path)
    assert [error.what for error in told.value.errors] == [
        "the key 'capital' is missing",
        "macd.fast is 0",
        "there is no key 'captial'",
    ]


def test_a_fill_at_the_close_may_slip_by_nothing() -> None:
    assert strategy_with(fill="close", slippage={"ticks": 0}).slippage.ticks == 0


def test_whatever_changes_a_decision_changes_the_version() -> None:
    versions = {
        strategy_with(**change).version("data")
        for change in ({}, {"capital": 2}, {"macd": {"fast": 11}}, {"fill": "close"}, {"fee": {"percent": 0.2}})
    }
    assert len(versions) == 5
    assert strategy_with().version("data") == strategy_with().version("data") != strategy_with().version("other")


def test_a_file_that_says_nothing_of_what_decides_is_no_default_strategy(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("name: s\nmarket: {symbol: ETH/BTC, tick: 0.01, step: 0.01}\ntimeframe: 5m\ncapital: 1\n")
    with pytest.raises(UserError, match="nothing of what decides"):
        load_strategy(path)
    path.write_text(path.read_text() + "macd: {}\n")
    assert list(load_strategy(path).weighed) == ["macd_cross"]


def test_terms_that_name_none_are_no_default_strategy(tmp_path: Path) -> None:
    told = refused(tmp_path, "capital: 1 ", "terms: {}\ncapital: 1 ")
    assert told.startswith(
        "s.yaml: terms has none, and a MACD cross would be traded that the file does not name. Write terms"
    )
