"""Backtests: known returns of recorded bars, and the same fills as the same strategy replayed at the paper broker."""

import math
from pathlib import Path

import pytest

from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, read_bars
from services.trading.events import Filled
from services.trading.feed import open_feed
from services.trading.generated import generate
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from tests.support.candles import BAR, recorded_folder, save_candles
from tests.support.host import MemoryHost, told
from tests.support.strategies import strategy_text, strategy_with

TERMS = {
    "curl": {"kind": "macd_curl", "weight": 2.0, "required": True},
    "volume": {"kind": "volume"},
    "trend": {"kind": "momentum", "weight": 0.5},
}
CURL = {"macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "terms": TERMS}

SHORT = {"market": {"kind": "perpetual"}, "short": {}}
PATIENT = {"execution": {"limit": {"offset": {"ticks": 5}, "reprice_after": "10m"}}}
ENOUGH = 2000
"""Generated candles in which each strategy below trades for every reason that it has."""


@pytest.fixture(scope="module")
def eth_btc() -> Bars:
    return read_bars(next(recorded_folder().glob("ETH-BTC_5m_*.parquet")))


@pytest.mark.parametrize(("fill", "ticks", "returned"), [("close", 0, -0.681), ("next_open", 1, -0.510)])
def test_recorded_bars_give_the_known_returns(eth_btc: Bars, fill: str, ticks: int, returned: float) -> None:
    strategy = strategy_with(sizing={"percent": 100.0}, fill=fill, slippage={"ticks": ticks})
    assert Backtest(strategy).run(eth_btc, "recorded").curve.final - 1 == pytest.approx(returned, abs=5e-4)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"fill": "close"},
        CURL,
        {
            "stop": {"percent": 0.5},
            "target": {"percent": 0.8},
            "cool_down": 2,
            "sizing": {"percent": None, "fixed": 0.1},
        },
        {"trailing": {"percent": 0.6}, "fill": "close", "limit_volume": {"percent": 0.01}, "target": {"percent": 0.5}},
        {"sizing": {"percent": None, "volatility": {"percent": 0.5, "over": "1h"}}, "fee_in": "base"},
        {"execution": {"limit": {"offset": {"percent": 0.05}, "times": 2, "then": "market"}}, "stop": {"percent": 1}},
        {**SHORT, "stop": {"percent": 0.5}, "target": {"percent": 0.8}, "fee_in": "BNB"},
        {
            **SHORT,
            "execution": {"limit": {"offset": {"ticks": 5}, "reprice_after": "10m"}},
            "limit_volume": {"percent": 0.01},
        },
        {**SHORT, "fill": "close", "trailing": {"percent": 0.4}},
    ],
    ids=[
        "next open",
        "close",
        "terms",
        "stop and target",
        "trailing and partial targets",
        "volatility and a fee in base",
        "limits",
        "shorts and a fee in another currency",
        "partial limits both ways",
        "shorts at the close",
    ],
)
def test_its_fills_are_those_of_the_same_strategy_at_the_paper_broker(tmp_path: Path, changes: dict) -> None:
    """On some candles of a file: the same sides, quantities, prices and fees, to the last bit but for the fee."""
    strategy = strategy_with(data="some.csv", **changes)
    save_candles(tmp_path / "some.csv", generate(strategy.bar, strategy.market.tick, ENOUGH))
    (tmp_path / "s.yaml").write_text(strategy_text(data="some.csv", **changes))
    host = MemoryHost({PlaceOrder: PlaceOnPaper(tmp_path / "paper.db")})
    host.run(ReplayTrader(str(tmp_path / "s.yaml"), data=str(tmp_path), speed=0), "bot")
    feed = open_feed(strategy, tmp_path)
    fills = Backtest(strategy).run(Bars.of(feed.candles), feed.label).fills
    assert len(fills) > 20
    assert [(fill.side, fill.quantity, fill.price) for fill in fills] == [
        (fill.side, fill.quantity, fill.price) for fill in told(host, Filled)
    ]
    assert [fill.fee for fill in fills] == pytest.approx([fill.fee for fill in told(host, Filled)], rel=1e-12)


def test_equity_is_what_the_fills_make_of_the_capital(eth_btc: Bars) -> None:
    strategy = strategy_with(**CURL, stop={"percent": 1.0}, target={"percent": 2.0}, trailing={"percent": 1.5})
    result = Backtest(strategy).run(eth_btc, "recorded")
    assert {fill.because for fill in result.fills} >= {"signal", "stop", "trailing"}
    cash, held = strategy.capital, 0.0
    for fill in result.fills:
        sign = 1 if fill.side == "buy" else -1
        cash -= sign * fill.quantity * fill.price + fill.fee
        held += sign * fill.quantity
    assert result.curve.final == pytest.approx(cash + held * eth_btc.closes[-1], abs=1e-9)
    assert len(result.curve.equity) == len(eth_btc)


def test_a_fill_by_its_signal_tells_the_terms_of_the_bar_that_decided(eth_btc: Bars) -> None:
    result = Backtest(strategy_with(**CURL)).run(eth_btc, "recorded")
    said, fill = result.evidence[0], result.fills[0]
    assert set(said) == {"bar", "score", "curl", "volume", "trend"}
    assert said["score"] >= 0.3  # type: ignore[operator]
    assert said["bar"] == result.opened(fill.bar - 1).isoformat()


@pytest.mark.parametrize(
    "changes",
    [
        {**CURL, "stop": {"percent": 1.0}},
        {**SHORT, **PATIENT, "sizing": {"percent": None, "volatility": {"percent": 1}}, "trailing": {"percent": 1}},
    ],
    ids=["terms", "shorts at limits"],
)
def test_no_bar_knows_the_bars_after_it(eth_btc: Bars, changes: dict) -> None:
    strategy = strategy_with(**changes)
    whole = Backtest(strategy).run(eth_btc, "recorded")
    assert len(whole.fills) > 20
    for count in (500, 1234, 3000):
        part = Backtest(strategy).run(Bars.of(eth_btc.candle(index) for index in range(count)), "recorded")
        assert part.curve.equity == whole.curve.equity[:count]
        assert part.fills == tuple(fill for fill in whole.fills if fill.bar < count)


def test_what_is_too_small_is_told_and_nothing_is_filled() -> None:
    strategy = strategy_with(market={"min_notional": 100.0})
    result = Backtest(strategy).run(Bars.of(generate(BAR, 1e-8, 400)), "generated")
    assert not result.fills
    assert set(result.counters) == {"too_small"}
    assert all(math.isfinite(equity) for equity in result.curve.equity)


def test_its_version_is_of_the_strategy_and_of_every_candle() -> None:
    strategy, candles = strategy_with(), generate(BAR, 1e-8, 60)
    of_all, of_less = (Backtest(strategy).run(Bars.of(each), "generated") for each in (candles, candles[:-1]))
    assert of_all.version != of_less.version
    assert of_all.version == Backtest(strategy).run(Bars.of(candles), "generated").version
