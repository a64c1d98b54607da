"""Made-up markets of which it is known whether there is anything to find."""

from array import array
from typing import Any

import numpy as np

from services.trading.candles import Bars
from tests.support.candles import START

Vector = np.ndarray[Any, np.dtype[np.float64]]
HOUR = 3_600_000_000
"""In microseconds."""
VOLATILITY = 0.002
"""Standard deviation of a bar's return."""
PERSISTENCE = 100
"""Bars that a trend lasts in the mean."""


def market(seed: int, count: int, trend: float, clustered: bool = False) -> Bars:
    """Hourly bars of a random walk; with a ``trend`` it drifts up or down by as much a bar, in turn, for a while.

    Where that is 0, no rule has an edge, also where its volatility is ``clustered``: calm follows calm, and storm
    storm. Each bar opens at the close before.
    """
    random = np.random.default_rng(seed)
    turns = np.cumsum(random.random(count) < 1 / PERSISTENCE) % 2
    chance = random.standard_normal(count)
    returns = VOLATILITY * (_in_clusters(chance) if clustered else chance) + trend * (1 - 2 * turns)
    closes = 100 * np.exp(np.cumsum(returns))
    opens = np.concatenate(((100.0,), closes[:-1]))
    highs = np.maximum(opens, closes) * (1 + 0.5 * VOLATILITY * random.random(count))
    lows = np.minimum(opens, closes) * (1 - 0.5 * VOLATILITY * random.random(count))
    first = int(START.timestamp()) * 1_000_000
    times = array("q", (first + at * HOUR for at in range(count)))
    columns = (array("d", column.tolist()) for column in (opens, highs, lows, closes, np.full(count, 1000.0)))
    return Bars(times, *columns)


def _in_clusters(chance: Vector) -> Vector:
    """The shocks at the volatility of a GARCH(1, 1), 1 in the mean (T. Bollerslev, J. of Econometrics 31, 1986)."""
    shocks = np.empty_like(chance)
    variance = 1.0
    for at, each in enumerate(chance.tolist()):
        shocks[at] = each * variance**0.5
        variance = 0.05 + 0.10 * shocks[at] ** 2 + 0.85 * variance
    return shocks
