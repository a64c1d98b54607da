"""Moments put together from parts are those of the whole."""

from datetime import timedelta
from functools import reduce

import numpy as np
import pytest

from services.trading.statistics.deflated import Shape, Trials, deflated_sharpe
from services.trading.statistics.moments import Moments, deflated_record

RETURNS = (np.random.default_rng(4).standard_t(4, 900) * 0.01 + 0.0005).tolist()


def one_by_one(returns: list[float]) -> Moments:
    return reduce(Moments.together, (Moments(1, each) for each in returns), Moments())


def close(one: Shape, other: Shape) -> bool:
    numbers = ((each.sharpe, each.skewness, each.kurtosis, each.deviation, each.count) for each in (one, other))
    return next(numbers) == pytest.approx(next(numbers), rel=1e-9)


def test_one_by_one_they_make_the_shape_of_all() -> None:
    assert close(one_by_one(RETURNS).shape(), Shape.of(RETURNS))


def test_a_shape_goes_on_with_later_returns_as_if_it_had_been_one_series() -> None:
    whole = Moments.of(Shape.of(RETURNS[:250])).together(one_by_one(RETURNS[250:]))
    assert close(whole.shape(), Shape.of(RETURNS))
    trials = Trials(50, 0.4)
    told = deflated_record(whole, timedelta(hours=1), trials).value
    assert told == pytest.approx(deflated_sharpe(RETURNS, timedelta(hours=1), trials).value, rel=1e-9)


def test_nothing_and_what_never_moves_have_no_shape_and_say_why() -> None:
    trials = Trials(2, 1.0)
    assert deflated_record(Moments(), timedelta(hours=1), trials).why == "there are fewer than 2 bars"
    assert deflated_record(one_by_one([0.0] * 9), timedelta(hours=1), trials).why == "every bar returned the same"
