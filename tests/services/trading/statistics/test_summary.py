"""All figures of one backtest at once."""

from datetime import timedelta
from math import isfinite
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.trading.statistics import EquityCurve, Figure, Statistics, Traded, measured
from tests.support.curves import curve_of, trip

money = st.floats(allow_nan=False, allow_infinity=False)
lengths = st.sampled_from([timedelta(minutes=1), timedelta(hours=12), timedelta(days=1), timedelta(days=7)])


@st.composite
def backtests(draw: st.DrawFn) -> tuple[EquityCurve, list[Traded]]:
    equity = draw(st.lists(st.one_of(money, st.floats(50, 150)), max_size=40))
    capital = draw(st.one_of(st.floats(0, exclude_min=True, allow_infinity=False), st.just(100.0)))
    fills: list[Traded] = []
    for at in range(0, len(equity) - 1, 2):
        fills += trip(at, at + 1, draw(st.one_of(st.floats(-99, 1e307), st.just(0.0))))
    return curve_of(*equity, capital=capital, timeframe=draw(lengths)), fills[: draw(st.integers(0, len(fills)))]


def figures(statistics: Statistics) -> dict[str, Figure]:
    named = {name: getattr(statistics, name) for name in statistics.__dataclass_fields__}
    named["drawdown"] = statistics.drawdown.share
    return {name: value for name, value in named.items() if isinstance(value, Figure)}


@given(backtests())
def test_a_figure_is_a_finite_number_or_none_with_a_reason(backtest: tuple[EquityCurve, list[Traded]]) -> None:
    statistics = measured(*backtest)
    told = figures(statistics)
    assert len(told) == 13
    for name, each in told.items():
        assert (each.value is None) == bool(each.why), name
        assert each.value is None or isfinite(each.value), name
    assert isfinite(statistics.final_equity)
    assert 0 <= statistics.drawdown.bars <= len(backtest[0].equity)


def test_a_backtest_is_measured_whole() -> None:
    made = measured(curve_of(99, 110, 121, 119), [*trip(0, 2, 21), *trip(3, None)], both_touched=1)
    assert (made.final_equity, made.trades, made.fills, made.both_touched) == (119, 1, 3, 1)
    assert made.total_return.value == pytest.approx(0.19)
    assert made.drawdown.share.value == pytest.approx(2 / 121)
    assert (made.win_rate.value, made.expectancy.value, made.exposure.value) == (1.0, 21.0, 0.75)
    assert made.profit_factor.why == "no round trip lost"
    encoded: dict[str, Any] = msgspec.to_builtins(made)
    assert encoded["calmar"] == {"value": None, "why": "the bars span 0.167 days, fewer than 30"}


def test_what_cannot_be_a_curve_or_a_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="after the last bar"):
        measured(curve_of(100), trip(0, 1))
    for wrong in ({"capital": 0.0}, {"capital": float("nan")}, {"timeframe": timedelta(0)}):
        with pytest.raises(ValueError, match="capital above 0"):
            curve_of(1, **wrong)
    with pytest.raises(ValueError, match="no number"):
        curve_of(float("inf"))
    with pytest.raises(ValueError, match="one time"):
        EquityCurve(1, timedelta(1), [], [1.0])
    for value, why in ((None, ""), (1.0, "because"), (float("nan"), "")):
        with pytest.raises(ValueError, match="figure"):
            Figure(value, why)
