"""Growth, and the deepest fall on the way."""

from datetime import timedelta
from random import Random

import numpy as np
import pytest

from services.trading.statistics import Drawdown, Figure, cagr, calmar, max_drawdown, total_return
from tests.support.curves import HOUR, curve_of

DAY = timedelta(days=1)


def test_total_return_is_on_the_capital() -> None:
    assert total_return(curve_of(90, 125)) == Figure(0.25)
    assert total_return(curve_of()) == Figure(0.0)


def test_a_year_that_doubles_is_a_growth_of_all_of_it() -> None:
    year = curve_of(*[100] * 364, 200, timeframe=DAY)
    assert cagr(year).value == pytest.approx(1, rel=1e-12)
    half = curve_of(*[100] * 364, 200, timeframe=DAY / 2)
    assert cagr(half).value == pytest.approx(3, rel=1e-12)


def test_days_without_bars_count_as_time() -> None:
    gap = curve_of(100, 200, timeframe=DAY, missing=range(1, 364))
    assert cagr(gap).value == pytest.approx(1, rel=1e-12)


def test_under_thirty_days_there_is_no_growth_by_the_year_and_no_calmar() -> None:
    short = curve_of(*[100] * 28, 90, timeframe=DAY)
    assert cagr(short) == calmar(short) == Figure(None, "the bars span 29 days, fewer than 30")
    assert cagr(curve_of(*[100] * 29, 90, timeframe=DAY)).value is not None
    assert cagr(curve_of()).why == "the bars span 0 days, fewer than 30"


def test_calmar_is_growth_by_the_year_over_the_deepest_fall() -> None:
    curve = curve_of(*[100] * 363, 80, 200, timeframe=DAY)
    assert calmar(curve).value == pytest.approx(1 / 0.2, rel=1e-12)


def test_what_is_undefined_says_why() -> None:
    assert calmar(curve_of(*[100] * 40, timeframe=DAY)) == Figure(None, "equity never fell")
    assert cagr(curve_of(*[100] * 40, -1, timeframe=DAY)) == Figure(None, "equity ended below 0")
    assert cagr(curve_of(*[100] * 40, 1e300, timeframe=DAY)) == Figure(None, "it is beyond what a number can hold")
    assert cagr(curve_of(*[100] * 40, 0, timeframe=DAY)) == Figure(-1.0)
    assert max_drawdown(curve_of()) == Drawdown(Figure(None, "there is no bar"), 0, timedelta(0), recovered=True)


def test_a_drawdown_lasts_from_its_peak_until_equity_is_there_again() -> None:
    fall = max_drawdown(curve_of(110, 120, 90, 100, 120, 119, 130))
    assert (fall.share.value, fall.bars, fall.time, fall.recovered) == (0.25, 3, 3 * HOUR, True)
    gap = max_drawdown(curve_of(110, 120, 90, 100, 120, 119, 130, missing=[3, 4]))
    assert (gap.bars, gap.time) == (3, 5 * HOUR)


def test_one_that_is_not_made_good_lasts_to_the_last_bar() -> None:
    fall = max_drawdown(curve_of(110, 120, 90, 100))
    assert (fall.share.value, fall.bars, fall.time, fall.recovered) == (0.25, 2, 2 * HOUR, False)


def test_the_capital_is_the_first_peak() -> None:
    fall = max_drawdown(curve_of(90, 80, 100))
    assert (fall.bars, fall.time, fall.recovered) == (3, 3 * HOUR, True)
    assert fall.share.value == pytest.approx(0.2)


def test_the_deepest_of_several_is_told_and_the_first_of_equals() -> None:
    assert max_drawdown(curve_of(200, 150, 150, 200, 100, 200)).bars == 2
    assert max_drawdown(curve_of(200, 100, 100, 200, 100, 200)).bars == 3


def test_equity_that_never_fell_has_a_drawdown_of_nothing() -> None:
    assert max_drawdown(curve_of(100, 110)) == Drawdown(Figure(0.0), 0, timedelta(0), recovered=True)


@pytest.mark.parametrize("seed", range(10))
def test_an_independent_reckoning_agrees(seed: int) -> None:
    random = Random(seed)
    equity = [100.0]
    for _ in range(random.randrange(40, 2000)):
        equity.append(equity[-1] * (1 + random.gauss(0.0001, 0.01)))
    curve = curve_of(*equity[1:], timeframe=DAY)
    levels = np.array(equity)
    falls = 1 - levels / np.maximum.accumulate(levels)
    growth = (levels[-1] / 100) ** (365 / (len(levels) - 1)) - 1
    assert max_drawdown(curve).share.value == pytest.approx(falls.max(), rel=1e-9)
    assert cagr(curve).value == pytest.approx(growth, rel=1e-9)
    assert calmar(curve).value == pytest.approx(growth / falls.max(), rel=1e-9)
    lowest = int(falls.argmax())
    peak = int(levels[: lowest + 1].argmax())
    back = np.flatnonzero(levels[lowest:] >= levels[peak])
    end = lowest + int(back[0]) if len(back) else len(levels) - 1
    assert (max_drawdown(curve).bars, max_drawdown(curve).recovered) == (end - peak, len(back) > 0)
