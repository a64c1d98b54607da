"""The probabilistic and the deflated Sharpe ratio, against the numbers that their authors print."""

from datetime import timedelta
from math import sqrt

import numpy as np
import pytest

from services.trading.statistics.deflated import (
    Shape,
    Trials,
    deflated_sharpe,
    probabilistic_sharpe,
    probability_above,
)

DAY = timedelta(days=1)
SKEWED = Shape(2.5 / sqrt(250), skewness=-3.0, kurtosis=10.0, count=1250, deviation=0.01)
"""The authors' example: five years of days, an annualised Sharpe ratio of 2.5 in a year of 250 days."""


def trials(count: int) -> Trials:
    """Theirs spread by 1/2 in variance over a year of 250 days; here a year has 365."""
    return Trials(count, sqrt(0.5) * sqrt(365 / 250))


def test_the_best_of_a_hundred_tries_without_an_edge_is_what_the_paper_says() -> None:
    assert trials(100).best_of_luck(DAY) == pytest.approx(0.1132, abs=5e-5)


def test_the_papers_example_is_no_finding_after_100_tries_and_one_after_46() -> None:
    assert probability_above(SKEWED, trials(100).best_of_luck(DAY)) == pytest.approx(0.9004, abs=5e-5)
    assert probability_above(SKEWED, trials(46).best_of_luck(DAY)) == pytest.approx(0.9505, abs=5e-5)


def test_skewness_and_kurtosis_are_those_of_the_returns() -> None:
    returns = [0.01, -0.02, 0.03, 0.01, -0.01]
    values = np.array(returns)
    away = values - values.mean()
    shape = Shape.of(returns)
    assert shape.sharpe == pytest.approx(values.mean() / values.std(ddof=1))
    assert shape.skewness == pytest.approx((away**3).mean() / values.std() ** 3)
    assert shape.kurtosis == pytest.approx((away**4).mean() / values.std() ** 4)


def test_a_single_try_is_deflated_by_nothing_and_each_further_one_by_more() -> None:
    returns = (np.random.default_rng(2).standard_normal(500) * 0.01 + 0.001).tolist()
    told = [deflated_sharpe(returns, DAY, Trials(count, 1.0)).value for count in (0, 1, 2, 10, 1000)]
    assert told[0] == told[1] == probabilistic_sharpe(returns).value
    assert told == sorted(told, key=lambda value: -(value or 0))
    assert len(set(told[1:])) == 4


def test_the_probability_is_right_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    sure = [probabilistic_sharpe(random.standard_normal(200).tolist()).value or 0.0 for _ in range(1000)]
    assert np.mean(np.array(sure) > 0.95) == pytest.approx(0.05, abs=0.02)


def test_what_has_no_sharpe_ratio_has_no_probability_and_says_why() -> None:
    assert probabilistic_sharpe([0.1]).why == "there are fewer than 2 bars"
    assert deflated_sharpe([0.1, 0.1, 0.1], DAY, Trials(3, 1.0)).why == "every bar returned the same"
