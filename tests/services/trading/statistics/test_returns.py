"""Return against its variation, by hand and against an independent reckoning."""

from datetime import timedelta
from math import sqrt
from random import Random

import numpy as np
import pytest

from services.trading.statistics import Figure, sharpe, sharpe_daily, sortino
from tests.support.curves import HOUR, curve_of

HOURS_A_YEAR = 8760


def test_sharpe_is_the_mean_over_the_deviation_times_the_root_of_bars_a_year() -> None:
    curve = curve_of(110, 99, 118.8)  # +10 %, -10 %, +20 %: mean 1/15, deviation sqrt(7/300)
    assert sharpe(curve).value == pytest.approx(1 / 15 / sqrt(7 / 300) * sqrt(HOURS_A_YEAR), rel=1e-12)


def test_sortino_weighs_the_losing_bars_over_all_bars() -> None:
    curve = curve_of(110, 99, 118.8)  # the one loss: sqrt(0.01 / 3)
    assert sortino(curve).value == pytest.approx(1 / 15 / sqrt(0.01 / 3) * sqrt(HOURS_A_YEAR), rel=1e-12)


def test_a_shorter_bar_is_annualised_by_more_of_them() -> None:
    five = sharpe(curve_of(110, 99, 118.8, timeframe=HOUR / 12))
    hourly = sharpe(curve_of(110, 99, 118.8))
    assert five.value is not None
    assert hourly.value is not None
    assert five.value / hourly.value == pytest.approx(sqrt(12), rel=1e-12)


def test_the_daily_figure_takes_each_utc_days_last_close_and_no_day_without_bars() -> None:
    half = timedelta(hours=12)
    curve = curve_of(50, 110, 70, 99, 300, 118.8, timeframe=half, missing=[4, 5])
    assert sharpe_daily(curve).value == pytest.approx(1 / 15 / sqrt(7 / 300) * sqrt(365), rel=1e-12)
    daily = curve_of(110, 99, 118.8, timeframe=timedelta(days=1))
    assert sharpe_daily(daily) == sharpe(daily)


@pytest.mark.parametrize("seed", range(10))
def test_an_independent_reckoning_agrees(seed: int) -> None:
    random = Random(seed)
    equity = [100.0]
    for _ in range(random.randrange(3, 4000)):
        equity.append(equity[-1] * (1 + random.gauss(0.0001, 0.01)))
    curve = curve_of(*equity[1:], timeframe=timedelta(minutes=5))
    returns = np.diff(np.array(equity)) / np.array(equity[:-1])
    year = np.sqrt(365 * 86_400 / 300)
    assert sharpe(curve).value == pytest.approx(returns.mean() / returns.std(ddof=1) * year, rel=1e-9)
    downside = np.sqrt(np.mean(np.minimum(returns, 0) ** 2))
    assert sortino(curve).value == pytest.approx(returns.mean() / downside * year, rel=1e-9)
    ends = np.append(np.array(equity[288:-1:288]), equity[-1])
    days = np.diff(np.append(equity[0], ends)) / np.append(equity[0], ends[:-1])
    if len(days) > 1:
        wanted = days.mean() / days.std(ddof=1) * np.sqrt(365)
        assert sharpe_daily(curve).value == pytest.approx(wanted, rel=1e-9)


def test_what_is_undefined_says_why() -> None:
    assert sharpe(curve_of(110)) == Figure(None, "there are fewer than 2 bars")
    assert sharpe_daily(curve_of(110, 99)) == Figure(None, "there are fewer than 2 days")
    assert sharpe_daily(curve_of(1, 2, timeframe=timedelta(days=7))) == Figure(None, "a bar is longer than a day")
    assert sharpe(curve_of(100, 100, 100)) == Figure(None, "every bar returned the same")
    assert sortino(curve_of(100, 110)) == Figure(None, "no bar lost")
    assert sortino(curve_of()) == Figure(None, "there is no bar")
    lost = Figure(None, "equity fell to 0 or below, and there is no return on nothing")
    assert sharpe(curve_of(50, 0, 50)) == sortino(curve_of(50, -1, 50)) == lost
    assert sharpe(curve_of(1e300, 1, capital=1e-300)).why == "it is beyond what a number can hold"


def test_what_rounding_leaves_of_equal_returns_is_no_variation() -> None:
    steady = [100.0]
    for _ in range(500):
        steady.append(steady[-1] * 1.01)
    assert sharpe(curve_of(*steady[1:])) == Figure(None, "every bar returned the same")


def test_an_account_that_ends_at_nothing_has_its_sharpe() -> None:
    assert sharpe(curve_of(50, 0)).value == pytest.approx(-0.75 / sqrt(0.125) * sqrt(HOURS_A_YEAR), rel=1e-12)
