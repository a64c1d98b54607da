"""Made-up markets of which it is known whether there is anything to find."""

from array import array

import numpy as np

from services.trading.candles import Bars
from tests.support.candles import START

HOUR = 3_600_000_000
"""In microseconds."""
VOLATILITY = 0.002
"""Standard deviation of a bar's return."""
PERSISTENCE = 100
"""Bars that a trend lasts in the mean."""


def market(seed: int, count: int, trend: float) -> Bars:
    """Hourly bars of a random walk; with a ``trend`` it drifts up or down by as much a bar, in turn, for a while.

    Where that is 0, no rule has an edge. Each bar opens at the close before.
    """
    random = np.random.default_rng(seed)
    turns = np.cumsum(random.random(count) < 1 / PERSISTENCE) % 2
    returns = VOLATILITY * random.standard_normal(count) + trend * (1 - 2 * turns)
    closes = 100 * np.exp(np.cumsum(returns))
    opens = np.concatenate(((100.0,), closes[:-1]))
    highs = np.maximum(opens, closes) * (1 + 0.5 * VOLATILITY * random.random(count))
    lows = np.minimum(opens, closes) * (1 - 0.5 * VOLATILITY * random.random(count))
    first = int(START.timestamp()) * 1_000_000
    times = array("q", (first + at * HOUR for at in range(count)))
    columns = (array("d", column.tolist()) for column in (opens, highs, lows, closes, np.full(count, 1000.0)))
    return Bars(times, *columns)
