"""A backtest's result as a program reads it."""

import json
from dataclasses import replace

import pytest

from services.trading.candles import Gap, Gaps
from services.trading.candles.moments import moment
from services.trading.results import BacktestResult, document
from tests.support.curves import START, curve_of, trip

CONVENTIONS = {"fill": "next_open", "slippage.ticks": 1, "both_touched": "stop", "fee.percent": 0.1}
RESULT = BacktestResult(
    strategy="macd-eth-btc",
    version="0123456789abcdef",
    data="recorded: ETH-BTC_5m_2018-01.parquet",
    gaps=Gaps(1, 2, (Gap(3, moment(START), 2),)),
    conventions=CONVENTIONS,
    curve=curve_of(100, 112, 121, missing=[1, 2]),
    fills=tuple(trip(0, 2, 21, fee=0.5)),
    both_touched=1,
    counters={"too small": 4},
    notes=("funding not included",),
)


def test_the_document_says_what_was_tested_on_what_terms_and_what_came_of_it() -> None:
    told = document(RESULT)
    assert {name: told[name] for name in ("strategy", "version", "data", "conventions", "notes", "counters")} == {
        "strategy": "macd-eth-btc",
        "version": "0123456789abcdef",
        "data": "recorded: ETH-BTC_5m_2018-01.parquet",
        "conventions": CONVENTIONS,
        "notes": ["funding not included"],
        "counters": {"too small": 4},
    }
    assert (told["first"], told["last"]) == ("2026-01-01T00:00:00+00:00", "2026-01-01T04:00:00+00:00")
    assert (told["bars"], told["timeframe_seconds"]) == (3, 3600)
    assert told["gaps"] == {
        "count": 1,
        "missing": 2,
        "first": [{"row": 3, "after": "2026-01-01T00:00:00+00:00", "missing": 2}],
    }
    assert (told["capital"], told["final_equity"], told["trades"], told["both_touched"]) == (100, 121, 1, 1)
    assert told["total_return"] == pytest.approx(0.21)
    assert (told["max_drawdown"], told["max_drawdown_bars"], told["fees"]) == (0, 0, 1.0)


def test_each_fill_and_round_trip_is_there_with_the_time_of_its_bar() -> None:
    told = document(RESULT)
    bought, sold = told["fills"]
    assert bought == {
        "bar": 0,
        "time": "2026-01-01T00:00:00+00:00",
        "side": "buy",
        "quantity": 1.0,
        "price": 100.0,
        "fee": 0.5,
        "funding": 0.0,
        "cash": -100.5,
        "position": 1.0,
        "because": "signal",
    }
    assert (sold["bar"], sold["time"], sold["side"]) == (2, "2026-01-01T04:00:00+00:00", "sell")
    (trip_,) = told["round_trips"]
    assert (trip_["entry"], trip_["exit"]) == (bought["time"], sold["time"])
    assert (trip_["side"], trip_["profit"], trip_["fees"]) == ("buy", 21, 1)


def test_a_figure_that_does_not_exist_is_null_and_says_why() -> None:
    told = json.loads(json.dumps(document(RESULT), allow_nan=False))
    assert (told["cagr"], told["profit_factor"]) == (None, None)
    why = "the bars span 0.208 days, fewer than 30"
    assert told["undefined"]["cagr"] == told["undefined"]["calmar"] == why
    assert told["undefined"]["profit_factor"] == "no round trip lost"
    for name in told["undefined"]:
        assert told[name] is None


def test_a_backtest_of_no_bar_or_with_a_fill_after_the_last_is_none() -> None:
    with pytest.raises(ValueError, match="at least one bar"):
        replace(RESULT, curve=curve_of(), fills=())
    with pytest.raises(ValueError, match="after the last bar"):
        replace(RESULT, fills=tuple(trip(0, 3)))
