"""The stationary block bootstrap: how often it is right, and what it makes of what hangs together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.trading.statistics.block_length import automatic_block
from services.trading.statistics.bootstrap import Vector, mean_interval, paired_difference
from services.trading.statistics.figure import Undefined

SERIES = 200


def hanging_together(rho: float, count: int, seed: int) -> Vector:
    """A series of mean 0 whose values carry ``rho`` of the one before."""
    shocks = np.random.default_rng(seed).standard_normal(count + 100)
    values = np.zeros(count + 100)
    for at in range(1, count + 100):
        values[at] = rho * values[at - 1] + shocks[at]
    return values[100:]


def coverage(rho: float, block: float | None = None) -> float:
    """The share of series whose interval holds the true mean, 0."""
    intervals = (
        mean_interval(hanging_together(rho, 600, seed), resamples=400, seed=seed, block=block) for seed in range(SERIES)
    )
    return sum(interval.noise for interval in intervals) / SERIES


def test_an_interval_of_95_percent_holds_the_truth_about_as_often() -> None:
    # Of 200 series 95 % are 190, and chance alone moves that by 3 either way.
    assert 0.90 <= coverage(0.0) <= 0.985
    assert 0.87 <= coverage(0.5) <= 0.985


def test_single_returns_drawn_from_what_hangs_together_would_promise_too_much() -> None:
    assert coverage(0.5, block=1) < 0.80


def test_the_blocks_grow_with_what_hangs_together_as_the_theory_says() -> None:
    count = 10_000
    for rho in (0.3, 0.6):
        chosen = np.median([automatic_block(hanging_together(rho, count, seed)) for seed in range(20)])
        theory = ((2 * rho / (1 - rho * rho)) ** 2 * count) ** (1 / 3)
        assert chosen == pytest.approx(theory, rel=0.25)
    assert automatic_block(hanging_together(0.0, count, 1)) < 4
    assert automatic_block(np.full(count, 0.1)) == 1


def test_a_resample_of_blocks_of_one_spreads_as_the_mean_of_single_draws_does() -> None:
    values = hanging_together(0.0, 2000, 3)
    interval = mean_interval(values, resamples=4000, block=1)
    assert (interval.high - interval.low) / 2 == pytest.approx(1.96 * values.std() / np.sqrt(2000), rel=0.05)


def test_pairs_cancel_what_both_share() -> None:
    market = hanging_together(0.2, 2000, 5)
    edge = 0.02 + 0.1 * hanging_together(0.0, 2000, 6)
    interval = paired_difference((market + edge).tolist(), market.tolist())
    assert not interval.noise
    assert interval.low == pytest.approx(edge.mean(), abs=0.006)
    alone = mean_interval(market + edge)
    assert interval.high - interval.low < (alone.high - alone.low) / 5


def test_the_same_seed_gives_the_same_interval_and_another_one_another() -> None:
    values = hanging_together(0.4, 300, 1)
    assert mean_interval(values, seed=4) == mean_interval(values, seed=4)
    assert mean_interval(values, seed=4) != mean_interval(values, seed=5)


@given(st.lists(st.floats(-0.1, 0.1), min_size=2, max_size=60), st.floats(-1, 1), st.integers(0, 2**32 - 1))
def test_an_interval_moves_with_its_series_and_stays_within_it(values: list[float], shift: float, seed: int) -> None:
    interval = mean_interval(values, resamples=50, seed=seed, block=1)
    moved = mean_interval([value + shift for value in values], resamples=50, seed=seed, block=1)
    assert min(values) - 1e-12 <= interval.low <= interval.high <= max(values) + 1e-12
    assert (moved.low, moved.high) == pytest.approx((interval.low + shift, interval.high + shift), abs=1e-9)


def test_a_difference_that_is_the_same_everywhere_is_sure() -> None:
    interval = paired_difference([0.03] * 50, [0.01] * 50)
    assert (interval.low, interval.mean, interval.high) == pytest.approx((0.02, 0.02, 0.02), abs=1e-15)


def test_what_is_no_pair_no_number_or_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match="not 1 and 2"):
        paired_difference([0.1], [0.1, 0.2])
    with pytest.raises(Undefined, match="fewer than 2"):
        mean_interval([0.1])
    with pytest.raises(ValueError, match="finite"):
        mean_interval([0.1, float("nan")])
    with pytest.raises(ValueError, match="a block is"):
        mean_interval([0.1, 0.2], block=3)
