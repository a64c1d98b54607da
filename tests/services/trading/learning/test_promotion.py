"""What a challenger has to show: each requirement alone holds it back, and looking often finds no more."""

from datetime import timedelta
from math import nextafter

import numpy as np
import pytest

from services.trading.learning.promotion import Proven, Requirements, Shadowed, lacking, look
from services.trading.statistics.interval import Interval

LEAST = Requirements()
PROVEN = Proven(windows=3, deflated=0.975, trials=40)
BETTER = Interval(1e-4, 1e-6, 2e-4, 0.95, 1.0, 2000)
SHADOWED = Shadowed(30, timedelta(days=7), BETTER)


def test_who_has_the_least_of_everything_may_be_promoted() -> None:
    assert lacking(PROVEN, SHADOWED, LEAST) == ()


@pytest.mark.parametrize(
    ("proven", "shadowed", "told"),
    [
        (Proven(2, 0.975, 40), SHADOWED, "2 out-of-sample windows of 3"),
        (
            Proven(3, 0.974, 40),
            SHADOWED,
            "a deflated Sharpe ratio of 97.5 % out of sample: it is 97.4 % after the 40 trials until then",
        ),
        (Proven(3, None, 40), SHADOWED, "a deflated Sharpe ratio: its windows and its shadow run have none"),
        (PROVEN, Shadowed(29, timedelta(days=7), BETTER), "29 closed trades of 30 in its shadow run"),
        (PROVEN, Shadowed(30, timedelta(days=6.9), BETTER), "6.9 of 7 days in its shadow run"),
        (PROVEN, Shadowed(30, timedelta(days=6.99), BETTER), "6.9 of 7 days in its shadow run"),
        (PROVEN, Shadowed(30, timedelta(days=7)), "a look at its shadow run"),
        (
            PROVEN,
            Shadowed(30, timedelta(days=7), Interval(1e-4, 0.0, 2e-4, 0.95, 1.0, 2000)),
            "a difference from the champion that is more than noise: its lower bound is 0.000 basis points",
        ),
    ],
)
def test_each_requirement_holds_it_back_by_itself(proven: Proven, shadowed: Shadowed, told: str) -> None:
    assert lacking(proven, shadowed, LEAST) == (told,)


def test_looking_twice_at_noise_finds_it_better_no_more_often_than_allowed() -> None:
    found = 0
    for seed in range(25):
        one, other = np.random.default_rng(seed).standard_normal((2, 120)) * 1e-3
        looks = (look(one[:count], other[:count], number, LEAST) for number, count in enumerate((60, 120), 1))
        found += any(told is not None and told.low > 0 for told in looks)
    assert found / 25 <= LEAST.error


def test_a_difference_that_is_there_is_found_at_the_first_look() -> None:
    random = np.random.default_rng(1)
    market = random.standard_normal(500) * 1e-3
    told = look(market.tolist(), (market + 1e-4 + 1e-4 * random.standard_normal(500)).tolist(), 1, LEAST)
    assert told is not None
    assert told.confidence == 0.975
    assert 0 < told.low < told.mean
    assert look([0.1], [0.1], 1, LEAST) is None


def test_each_look_asks_for_more_than_the_one_before_so_that_all_together_err_no_more_than_allowed() -> None:
    assert [LEAST.deflated(number) for number in (1, 2, 3)] == [0.975, 0.9875, 0.99375]
    assert sum(map(LEAST.allowed, range(1, 50))) <= LEAST.error
    second = Shadowed(30, timedelta(days=7), BETTER, looks=2)
    assert lacking(PROVEN, second, LEAST) == (
        "a deflated Sharpe ratio of 98.8 % out of sample: it is 97.5 % after the 40 trials until then",
    )


@pytest.mark.parametrize(
    ("look_number", "deflated", "told"),
    [
        (3, 0.9936, ("99.36 %", "99.38 %")),
        (6, 0.9989, ("99.89 %", "99.92 %")),
        (1, 0.9749999, ("97.49999 %", "97.50000 %")),
        (2, nextafter(0.9875, 0), ("98.7 %", "98.8 %")),
    ],
)
def test_what_is_missing_by_little_is_still_seen_to_be_missing(
    look_number: int, deflated: float, told: tuple[str, str]
) -> None:
    (lacks,) = lacking(Proven(3, deflated, 40), Shadowed(30, timedelta(days=7), BETTER, looks=look_number), LEAST)
    has, needed = told
    assert f"of {needed} out of sample: it is {has} after" in lacks
