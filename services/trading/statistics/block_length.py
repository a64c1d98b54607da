"""How long the blocks of a bootstrap are, by what hangs together in the series.

D. N. Politis and H. White, "Automatic Block-Length Selection for the Dependent Bootstrap", Econometric Reviews 23
(2004), with the correction for the stationary bootstrap by A. Patton, D. N. Politis and H. White, ibid. 28 (2009).
"""

from math import ceil, log10, sqrt
from typing import Any

import numpy as np

from services.trading.statistics.figure import ROUNDING

Vector = np.ndarray[Any, np.dtype[np.float64]]
_LEAST_RUN = 5


def automatic_block(series: Vector) -> float:
    """The best mean length for the stationary bootstrap of a mean; 1 where no value tells of the next one."""
    count = len(series)
    centered = series - series.mean()
    if count < 2 * _LEAST_RUN or _constant(series, centered):
        return 1.0
    run = max(_LEAST_RUN, ceil(log10(count)))
    farthest = min(ceil(sqrt(count)) + run, count - 1)
    covariances = np.array([centered[: count - lag] @ centered[lag:] for lag in range(farthest + 1)]) / count
    lags = min(2 * _last_that_matters(covariances / covariances[0], run, count), farthest)
    away = np.arange(1, lags + 1)
    weights = np.minimum(1.0, 2 * (1 - away / lags))
    slope = 2 * float(weights @ (away * covariances[1 : lags + 1]))
    level = float(covariances[0] + 2 * (weights @ covariances[1 : lags + 1]))
    most: float = min(ceil(3 * sqrt(count)), count / 3)
    if level == 0:
        return most
    best = float((slope * slope / (level * level) * count) ** (1 / 3))
    return min(max(1.0, best), most)


def _constant(series: Vector, centered: Vector) -> bool:
    """Whether what is left of the values is what rounding leaves of nothing."""
    return float(np.abs(centered).max()) <= ROUNDING * max(1.0, float(np.abs(series).max()))


def _last_that_matters(correlations: Vector, run: int, count: int) -> int:
    """The lag, at least 1, after which ``run`` correlations in a row are no larger than chance makes them."""
    loud = np.abs(correlations) >= 2 * sqrt(log10(count) / count)
    for lag in range(1, len(loud) - run):
        if not loud[lag + 1 : lag + 1 + run].any():
            return lag
    return int(np.flatnonzero(loud)[-1]) or 1
