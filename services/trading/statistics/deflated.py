"""How likely a Sharpe ratio is more than luck, and more than the luck of the best of many trials.

D. H. Bailey and M. Lopez de Prado, "The Sharpe Ratio Efficient Frontier", J. of Risk 15 (2012), and "The Deflated
Sharpe Ratio", J. of Portfolio Management 40 (2014). Here Sharpe ratios are of one bar, not annualised, unless said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import e, fsum, sqrt
from statistics import NormalDist
from typing import Self

from services.trading.statistics.figure import ROUNDING, Undefined, figure
from services.trading.statistics.returns import YEAR

EULER = 0.5772156649015329
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Shape:
    """What a Sharpe ratio's own uncertainty depends on."""

    sharpe: float
    skewness: float
    kurtosis: float
    """3 for what is normal."""
    count: int
    deviation: float
    """Standard deviation (ddof 1) of a bar's return: by it a shape can be put together with that of later bars."""

    @classmethod
    def of(cls, returns: Sequence[float]) -> Self:
        """Measured on ``returns``; raises ``Undefined`` where they are fewer than 2, or all the same."""
        count = len(returns)
        if count < 2:
            raise Undefined("there are fewer than 2 bars")
        mean = fsum(returns) / count
        away = [each - mean for each in returns]
        variance = fsum(each * each for each in away) / count
        deviation = sqrt(variance)
        if deviation <= ROUNDING:
            raise Undefined("every bar returned the same")
        third = fsum(each**3 for each in away) / count / deviation**3
        fourth = fsum(each**4 for each in away) / count / variance**2
        spread = deviation * sqrt(count / (count - 1))
        return cls(mean / spread, third, fourth, count, spread)


@dataclass(frozen=True, slots=True)
class Trials:
    """How many combinations were tried, and how widely their annualised Sharpe ratios spread (standard deviation)."""

    count: int
    spread: float

    def best_of_luck(self, bar: timedelta) -> float:
        """The Sharpe ratio of a bar that the best of them is expected to have where none has an edge."""
        if self.count < 2:
            return 0.0
        most = (1 - EULER) * _NORMAL.inv_cdf(1 - 1 / self.count) + EULER * _NORMAL.inv_cdf(1 - 1 / (self.count * e))
        return self.spread / sqrt(YEAR / bar) * most


def probability_above(shape: Shape, benchmark: float) -> float:
    """That the true Sharpe ratio is above ``benchmark``. Raises ``Undefined`` where the shape allows no such figure."""
    spread = 1 - shape.skewness * shape.sharpe + (shape.kurtosis - 1) / 4 * shape.sharpe**2
    if spread <= 0:
        raise Undefined("so skewed returns allow no such figure")
    return _NORMAL.cdf((shape.sharpe - benchmark) * sqrt(shape.count - 1) / sqrt(spread))


@figure
def probabilistic_sharpe(returns: Sequence[float], benchmark: float = 0.0) -> float:
    """The probability, from 0 to 1, that the Sharpe ratio is really above ``benchmark``."""
    return probability_above(Shape.of(returns), benchmark)


@figure
def deflated_sharpe(returns: Sequence[float], bar: timedelta, trials: Trials) -> float:
    """The probability that it is really above what the best of ``trials`` would have by luck alone."""
    return probability_above(Shape.of(returns), trials.best_of_luck(bar))
