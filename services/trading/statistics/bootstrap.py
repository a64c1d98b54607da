"""How sure a mean difference is: the stationary block bootstrap of paired returns.

Returns hang together (a position is held for bars, calm follows calm), so single returns drawn at random would promise
too narrow an interval. Drawn are blocks of random, geometric length, which keep what hangs together: D. N. Politis and
J. P. Romano, "The Stationary Bootstrap", J. of the American Statistical Association 89 (1994).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from services.trading.statistics.block_length import automatic_block
from services.trading.statistics.figure import Undefined
from services.trading.statistics.interval import Interval

RESAMPLES = 2000
CONFIDENCE = 0.95
_AT_ONCE = 500_000
"""Blocks that are drawn in one step: what they take stays in a processor's cache."""

Vector = np.ndarray[Any, np.dtype[np.float64]]


def paired_difference(
    one: Sequence[float],
    other: Sequence[float],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
    block: float | None = None,
) -> Interval:
    """The mean of ``one - other``, return by return, and its percentile interval.

    Equal arguments give equal intervals. ``block`` is the mean length of the blocks, chosen from the differences where
    it is None. Raises ``ValueError`` for series of two lengths, and what ``mean_interval`` raises.
    """
    if len(one) != len(other):
        raise ValueError(f"returns in pairs are as many here as there, not {len(one):,} and {len(other):,}")
    difference = np.asarray(one, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    return mean_interval(difference, seed=seed, resamples=resamples, confidence=confidence, block=block)


def mean_interval(
    values: Sequence[float] | Vector,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
    block: float | None = None,
) -> Interval:
    """The mean of ``values`` and its percentile interval.

    Raises ``Undefined`` for fewer than 2 values, ``ValueError`` for what is no number, no share or no length.
    """
    series = np.asarray(values, dtype=np.float64)
    if not np.isfinite(series).all() or not 0 < confidence < 1 or resamples < 1:
        raise ValueError("a bootstrap takes finite values, at least 1 resample, and a confidence between 0 and 1")
    if len(series) < 2:
        raise Undefined("there are fewer than 2 values")
    length = automatic_block(series) if block is None else block
    if not 1 <= length <= len(series):
        raise ValueError(f"a block is 1 to {len(series):,} values long, not {length}")
    means = _resampled_means(series, length, resamples, np.random.default_rng(seed))
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, (tail, 1 - tail))
    return Interval(float(series.mean()), float(low), float(high), confidence, float(length), resamples)


def _resampled_means(series: Vector, length: float, resamples: int, random: np.random.Generator) -> Vector:
    """Of each resample its mean. The sum of a block is a difference of two running sums, so no value is copied."""
    count = len(series)
    center = series.mean()
    running = np.concatenate(((0.0,), np.cumsum(np.tile(series - center, 2))))
    expected = count / length
    columns = int(expected + 6 * expected**0.5) + 6
    rows = max(1, _AT_ONCE // columns)
    sums = [
        _resampled_sums(running, length, (min(rows, resamples - done), columns), random)
        for done in range(0, resamples, rows)
    ]
    means: Vector = center + np.concatenate(sums) / count
    return means


def _resampled_sums(running: Vector, length: float, shape: tuple[int, int], random: np.random.Generator) -> Vector:
    """One row for each resample, one column for each block; the last that is needed is cut to the series' length."""
    count = len(running) // 2
    ends = np.cumsum(random.geometric(1 / length, shape), axis=1)
    while ends[:, -1].min() < count:
        more = random.geometric(1 / length, shape)
        ends = np.concatenate((ends, ends[:, -1:] + np.cumsum(more, axis=1)), axis=1)
    np.minimum(ends, count, out=ends)
    starts = random.integers(0, count, ends.shape)
    sums = running[starts + np.diff(ends, axis=1, prepend=0)]
    sums -= running[starts]
    total: Vector = sums.sum(axis=1)
    return total
