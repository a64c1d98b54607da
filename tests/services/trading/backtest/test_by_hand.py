"""Ten bars reckoned by hand, once for each convention: the backtest's fills, and the paper broker's."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.trading.candles import Candle
from services.trading.events import Filled, SessionEnded
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from tests.support.host import MemoryHost, told
from tests.support.ten_bars import BAR, BUY, PERPETUAL, PLAIN, SELL, backtested, candles, fills_of


def replayed(folder: Path, given: list[Candle], **changes: Any) -> MemoryHost:
    """The same at the paper broker, from a file of the same candles."""
    names = ("time", "open", "high", "low", "close", "volume", "funding")
    rows = [",".join(str(getattr(candle, name)) for name in names) for candle in given]
    (folder / "c.csv").write_text("\n".join(["timestamp,open,high,low,close,volume,funding_rate", *rows]))
    (folder / "s.yaml").write_text(yaml.safe_dump({**PLAIN, **changes}))
    host = MemoryHost({PlaceOrder: PlaceOnPaper(folder / "paper.db")})
    host.run(ReplayTrader(str(folder / "s.yaml"), data=str(folder), speed=0), "bot")
    return host


VOLUME = {"kind": "volume", "window": 2}
TREND = {"kind": "momentum", "bars": 8, "window": 8}
AND_TREND = {"volume": VOLUME, "trend": TREND}
PLAINLY = [(3, BUY, 10.0, 103.01), (7, SELL, 10.0, 99.99)]
LIMIT = {"offset": {"ticks": 50}, "reprice_after": "5m"}
"""Placed at 101.50 at bar 2's close of 102; bar 3's low of 101 trades through it."""

CASES: dict[str, tuple[dict[str, Any], list[tuple[int, str, float, float]], float]] = {
    # 10 = 1,030.11 / 103.01; the exit is a tick under bar 7's open.
    "fill next_open": ({}, [(3, BUY, 10.0, 103.01), (7, SELL, 10.0, 99.99)], 999.91),
    # 1,030.11 / 102 = 10.0990.., and 10.099 * 102 = 1,030.098: 0.012 are left.
    "fill close": (
        {"fill": "close", "slippage": {"ticks": 0}},
        [(2, BUY, 10.099, 102.0), (6, SELL, 10.099, 100.0)],
        1009.912,
    ),
    "slippage": (
        {"slippage": {"ticks": 5}},  # 1,030.11 / 103.05 = 9.9961..
        [(3, BUY, 9.996, 103.05), (7, SELL, 9.996, 99.95)],
        1030.11 - 9.996 * 3.1,
    ),
    # 1,030.11 / (103.01 * 1.01) = 9.90108..
    "fee in quote": (
        {"fee": {"percent": 1}},
        [(3, BUY, 9.901, 103.01), (7, SELL, 9.901, 99.99)],
        1030.11 - 9.901 * 3.02 - 10.1990201 - 9.90000990099,
    ),
    # 10 are bought and 9.9 arrive.
    "fee in base": (
        {"fee": {"percent": 1}, "fee_in": "base"},
        [(3, BUY, 10.0, 103.01), (7, SELL, 9.9, 99.99)],
        0.01 + 9.9 * 99.99 - 9.89901,
    ),
    # The quote pays the notional alone; 10.301 + 9.999 are owed.
    "fee in another currency": (
        {"fee": {"percent": 1}, "fee_in": "BNB"},
        [(3, BUY, 10.0, 103.01), (7, SELL, 10.0, 99.99)],
        999.91 - 20.3,
    ),
    "sizing percent": ({"sizing": {"percent": 50}}, [(3, BUY, 5.0, 103.01), (7, SELL, 5.0, 99.99)], 1030.11 - 15.1),
    "sizing fixed": ({"sizing": {"fixed": 206.02}}, [(3, BUY, 2.0, 103.01), (7, SELL, 2.0, 99.99)], 1030.11 - 6.04),
    # Returns of 0 and 0.02 have a standard deviation (ddof 0) of 0.01: 0.5 % of it is half the equity.
    "sizing by volatility": (
        {"sizing": {"volatility": {"percent": 0.5, "over": "5m", "window": 2}}},
        [(3, BUY, 5.0, 103.01), (7, SELL, 5.0, 99.99)],
        1030.11 - 15.1,
    ),
    # Over four bars it is 0.02, so half of that.
    "sizing by volatility over a longer horizon": (
        {"sizing": {"volatility": {"percent": 0.5, "over": "20m", "window": 2}}},
        [(3, BUY, 2.5, 103.01), (7, SELL, 2.5, 99.99)],
        1030.11 - 7.55,
    ),
    "sizing by volatility, capped at the cash": (
        {"sizing": {"volatility": {"percent": 5, "over": "5m", "window": 2}}},
        [(3, BUY, 10.0, 103.01), (7, SELL, 10.0, 99.99)],
        999.91,
    ),
    # 2 % under 103.01 is 100.9498; bar 6 falls to 99.
    "stop": ({"stop": {"percent": 2}}, [(3, BUY, 10.0, 103.01), (6, SELL, 10.0, 100.94)], 1009.41),
    # Bar 5's high of 109 makes it 105.73; within bar 5 it was 104.76, of bar 4's 108.
    "trailing": ({"trailing": {"percent": 3}}, [(3, BUY, 10.0, 103.01), (6, SELL, 10.0, 105.72)], 1057.21),
    # 108.1605 is rounded up; bar 4's 108 does not reach it, bar 5's 109 goes through.
    "target": ({"target": {"percent": 5}}, [(3, BUY, 10.0, 103.01), (5, SELL, 10.0, 108.17)], 1081.71),
    "limit_volume": (
        {"target": {"percent": 5}, "limit_volume": {"percent": 5}},
        [(3, BUY, 10.0, 103.01), (5, SELL, 5.0, 108.17), (7, SELL, 5.0, 99.99)],
        0.01 + 540.85 + 499.95,
    ),
    # 100 in quote are 0.9244.. coins at 108.17.
    "volume_unit": (
        {"target": {"percent": 5}, "volume_unit": "quote"},
        [(3, BUY, 10.0, 103.01), (5, SELL, 0.092, 108.17), (7, SELL, 9.908, 99.99)],
        0.01 + 0.092 * 108.17 + 9.908 * 99.99,
    ),
    # Bar 3 touches 101.05 and 103.94.
    "both_touched stop": (
        {"stop": {"percent": 1.9}, "target": {"percent": 0.9}},
        [(3, BUY, 10.0, 103.01), (3, SELL, 10.0, 101.04)],
        1010.41,
    ),
    "both_touched target": (
        {"stop": {"percent": 1.9}, "target": {"percent": 0.9}, "both_touched": "target"},
        [(3, BUY, 10.0, 103.01), (3, SELL, 10.0, 103.94)],
        1039.41,
    ),
    # 10.148 at 101.50, of which bar 3's volume gives 10; the rest is given up at its close.
    "limit": ({"execution": {"limit": LIMIT}}, [(3, BUY, 10.0, 101.5), (7, SELL, 10.0, 99.99)], 15.11 + 999.9),
    # The rest of 0.148 goes at bar 4's open, as far as 15.11 pays it.
    "limit, then market": (
        {"execution": {"limit": {**LIMIT, "then": "market"}}},
        [(3, BUY, 10.0, 101.5), (4, BUY, 0.146, 103.01), (7, SELL, 10.146, 99.99)],
        1030.11 - 10 * 1.51 - 0.146 * 3.02,
    ),
    # It waits two bars: bar 4 does not come back to 101.50.
    "limit, reprice_after": (
        {"execution": {"limit": {**LIMIT, "reprice_after": "10m", "then": "market"}}},
        [(3, BUY, 10.0, 101.5), (5, BUY, 0.141, 107.01), (7, SELL, 10.141, 99.99)],
        1030.11 - 10 * 1.51 - 0.141 * 7.02,
    ),
    # 100.50 is not met by bar 3; at its close it is priced at 103 - 1.50; at bar 4's at 107 - 1.50, which bar 5 meets.
    "limit, times": (
        {"execution": {"limit": {"offset": {"ticks": 150}, "times": 2}}},
        [(5, BUY, 9.764, 105.5), (7, SELL, 9.764, 99.99)],
        1030.11 - 9.764 * 5.51,
    ),
    # 1 % under 102 is 100.98: bar 3's low of 101 does not reach it.
    "limit, offset in percent, given up": ({"execution": {"limit": {"offset": {"percent": 1}}}}, [], 1030.11),
    # 101 is met and not traded through.
    "limit met to the tick": ({"execution": {"limit": {"offset": {"ticks": 100}}}}, [], 1030.11),
    # The long is left and turned around at bar 7: 999.91 / 99.99 = 10 are owed at the end, at 97.
    "short": (
        PERPETUAL,
        [(3, BUY, 10.0, 103.01), (7, SELL, 10.0, 99.99), (7, SELL, 10.0, 99.99)],
        999.91 + 10 * 2.99,
    ),
    # The long is stopped at 101.98 less a tick; the short, 1,019.71 / 99.99 = 10.198, at 100.99 and a tick.
    "short, stop": (
        {**PERPETUAL, "stop": {"percent": 1}},
        [(3, BUY, 10.0, 103.01), (3, SELL, 10.0, 101.97), (7, SELL, 10.198, 99.99), (7, BUY, 10.198, 101.0)],
        1019.71 - 10.198 * 1.01,
    ),
    # The long is trailed out on the very bar that asks for the short: nothing is entered on it.
    "short, trailing": (
        {**PERPETUAL, "trailing": {"percent": 3}},
        [(3, BUY, 10.0, 103.01), (6, SELL, 10.0, 105.72)],
        1057.21,
    ),
    # The long's target is 106.11, at bar 4; the short's 96.99, of which bar 9's volume gives 10.
    "short, target": (
        {**PERPETUAL, "target": {"percent": 3}},
        [(3, BUY, 10.0, 103.01), (4, SELL, 10.0, 106.11), (7, SELL, 10.612, 99.99), (9, BUY, 10.0, 96.99)],
        1061.11 + 10 * 3.0 + 0.612 * 2.99,
    ),
    # Up to bar 7 the trend has no data: it counts as 0 and keeps its weight, so the score is a half, and 3/4.
    "a term without data": ({"terms": AND_TREND, "enter": 0.5, "exit": -0.5}, PLAINLY, 999.91),
    "a term without data is short of the entry": ({"terms": AND_TREND, "enter": 0.51}, [], 1030.11),
    "weight": (
        {"terms": {**AND_TREND, "volume": {**VOLUME, "weight": 3}}, "enter": 0.75, "exit": -0.75},
        PLAINLY,
        999.91,
    ),
    "required": ({"terms": {**AND_TREND, "trend": {**TREND, "required": True}}, "enter": 0.5}, [], 1030.11),
    # Left at 0 already: bar 3 is the first, and its score is 0.
    "exit": ({"exit": 0}, [(3, BUY, 10.0, 103.01), (4, SELL, 10.0, 102.99)], 1029.91),
    "min_notional": ({"market": {**PLAIN["market"], "min_notional": 2000}}, [], 1030.11),
}


@pytest.mark.parametrize("name", CASES)
def test_ten_bars_by_hand(tmp_path: Path, name: str) -> None:
    changes, fills, equity = CASES[name]
    result = backtested(candles(), **changes)
    assert fills_of(result) == fills
    assert result.curve.final == pytest.approx(equity, abs=1e-9)
    host = replayed(tmp_path, candles(), **changes)
    at_broker = [(str(fill.side), fill.quantity, fill.price) for fill in told(host, Filled)]
    assert at_broker == [fill[1:] for fill in fills]
    assert told(host, SessionEnded)[0].equity == pytest.approx(equity, abs=1e-9)


def test_a_short_is_entered_and_left_at_thresholds_of_its_own() -> None:
    half = candles(b6=(106, 106, 99, 100, 200), b8=(99, 101, 97, 100, 300))  # -0.5 at bar 6, 0.5 at bar 8
    common = {**PERPETUAL, "exit": -0.5, "enter": 1}
    assert [fill[:2] for fill in fills_of(backtested(half, **common))] == [(3, BUY), (7, SELL)]
    entered = backtested(half, **{**common, "short": {"enter": 0.5, "exit": -0.6}})
    assert [fill[:2] for fill in fills_of(entered)] == [(3, BUY), (7, SELL), (7, SELL)]
    left = backtested(half, **{**common, "short": {"enter": 0.5, "exit": -0.5}})
    assert [fill[:2] for fill in fills_of(left)] == [(3, BUY), (7, SELL), (7, SELL), (9, BUY)]


def funded(given: list[Candle], **rates: float) -> list[Candle]:
    return [replace(candle, funding=rates.get(f"b{index}", 0.0)) for index, candle in enumerate(given)]


def test_funding_is_paid_at_the_open_by_who_is_long_and_received_by_who_is_short(tmp_path: Path) -> None:
    given = funded(candles(), b5=0.001, b8=0.002)
    result = backtested(given, **PERPETUAL)
    # 10 * 107 * 0.001 = 1.07 are paid; 998.84 / 99.99 = 9.989 are sold short; 9.989 * 99 * 0.002 are received.
    assert fills_of(result) == [(3, BUY, 10.0, 103.01), (7, SELL, 10.0, 99.99), (7, SELL, 9.989, 99.99)]
    assert [fill.funding for fill in result.fills] == pytest.approx([0, 1.07, 0])
    assert result.funding == pytest.approx(1.07 - 1.977822)
    equity = 999.91 - 1.07 + 9.989 * 2.99 + 1.977822
    assert result.curve.final == pytest.approx(equity, abs=1e-9)
    assert result.curve.equity[5] == pytest.approx(0.01 + 10 * 106 - 1.07, abs=1e-9)
    assert not result.notes
    host = replayed(tmp_path, given, **PERPETUAL)
    assert [(fill.quantity, fill.price) for fill in told(host, Filled)] == [fill[2:] for fill in fills_of(result)]
    assert told(host, SessionEnded)[0].equity == pytest.approx(equity, abs=1e-9)


def test_without_its_column_the_result_says_that_funding_is_not_included() -> None:
    result = backtested(candles(), **PERPETUAL)
    assert result.funding is None
    assert "funding not included: the candles have no column funding_rate" in result.notes
    assert not backtested(candles()).notes, "spot has none"


def test_a_short_that_has_lost_all_of_its_equity_is_liquidated_there() -> None:
    # Of 1,999.81 in cash ten coins can be bought back at 199.98, and a tick.
    result = backtested(candles(b8=(99, 250, 97, 98, 100)), **PERPETUAL)
    assert fills_of(result)[-1] == (8, BUY, 10.0, 199.99)
    assert result.fills[-1].because == "liquidation"


def test_after_an_exit_it_cools_down() -> None:
    again = candles(b5=(107, 109, 105, 108, 300))  # asks for an entry, two bars after the stop
    stopped = {"stop": {"percent": 1.9}}
    assert [fill[:2] for fill in fills_of(backtested(again, **stopped))][:3] == [(3, BUY), (3, SELL), (6, BUY)]
    assert [fill[:2] for fill in fills_of(backtested(again, **stopped, cool_down=2))] == [(3, BUY), (3, SELL)]


@pytest.mark.parametrize(("missing", "entered"), [(3, True), (4, False)])
def test_after_too_many_missing_bars_nothing_is_entered(missing: int, entered: bool) -> None:
    fills = fills_of(backtested(candles(later=missing * BAR)))
    assert [fill[:2] for fill in fills] == ([(3, BUY), (7, SELL)] if entered else [])


def test_a_resting_limit_is_called_off_where_bars_are_missing_or_the_score_asks_to_leave() -> None:
    patient = {"execution": {"limit": {"offset": {"ticks": 900}, "reprice_after": "1h"}}}
    late = backtested(candles(later=4 * BAR), **patient)
    assert (late.fills, dict(late.counters)) == ((), {"bars_missing": 1})
    assert dict(backtested(candles(), **patient).counters) == {"called_off": 1}
    impatient = {"execution": {"limit": {"offset": {"ticks": 900}, "reprice_after": "15m"}}}
    assert dict(backtested(candles(), **impatient).counters) == {"given_up": 1}


def test_a_limit_that_the_open_is_beyond_is_filled_at_the_open() -> None:
    limit = {"execution": {"limit": {"offset": {"ticks": 50}}}, "target": {"percent": 3}}
    # 101.50 is the limit, 101.20 the open: 10 of 10.148 for the volume. 3 % above 101.20 is 104.236: the bar meets it.
    result = backtested(candles(b3=(101.2, 104.5, 101, 103, 100)), **limit)
    assert fills_of(result)[:2] == [(3, BUY, 10.0, 101.2), (3, SELL, 10.0, 104.24)]


def test_within_the_bar_that_met_a_limit_its_stop_counts_and_its_target_does_not() -> None:
    bar = (103, 106, 98, 103, 100)
    limit = {"execution": {"limit": {"offset": {"ticks": 50}}}}
    stopped = backtested(candles(b3=bar), **limit, stop={"percent": 3}, target={"percent": 3})
    # 3 % below 101.50 is 98.455; the high of 106 may have come before the entry.
    assert fills_of(stopped)[:2] == [(3, BUY, 10.0, 101.5), (3, SELL, 10.0, 98.45)]
    aimed = backtested(candles(b3=bar), **limit, target={"percent": 3})
    assert fills_of(aimed)[1][:2] == (4, SELL), "the next bar's high of 108 is after it"


def test_the_fill_of_a_limit_tells_the_terms_of_the_bar_that_placed_it() -> None:
    result = backtested(candles(), execution={"limit": LIMIT})
    assert result.evidence[0]["volume"] == 1.0
    assert result.evidence[0]["bar"] == result.opened(2).isoformat()


def test_every_convention_is_told_by_its_key() -> None:
    told_ = backtested(
        candles(),
        **PERPETUAL,
        execution={"limit": {"offset": {"percent": 1}, "times": 2}},
        sizing={"volatility": {"percent": 2}},
        max_signal_age="30s",
    ).conventions
    assert {
        key: value for key, value in told_.items() if key.partition(".")[0] in ("execution", "sizing", "short")
    } == {
        "execution": "limit",
        "execution.limit.offset.ticks": None,
        "execution.limit.offset.percent": 1.0,
        "execution.limit.reprice_after": "5m",
        "execution.limit.times": 2,
        "execution.limit.then": "give up",
        "sizing.percent": None,
        "sizing.fixed": None,
        "sizing.volatility.percent": 2.0,
        "sizing.volatility.over": "1d",
        "sizing.volatility.window": 100,
        "short.enter": 1.0,
        "short.exit": -1.0,
    }
    assert (told_["max_signal_age"], told_["market.kind"]) == ("30s", "perpetual")
    assert backtested(candles()).conventions["max_signal_age"] == "150s", "half a bar"
