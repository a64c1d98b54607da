"""Mean, variance, skewness and kurtosis of returns that come one by one, or in stretches that are put together.

P. Pebay, "Formulas for Robust, One-Pass Parallel Computation of Covariances and Arbitrary-Order Statistical Moments",
Sandia National Laboratories, SAND2008-6212 (2008).
"""

from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import Self

from services.trading.statistics.deflated import Shape, Trials, probability_above
from services.trading.statistics.figure import ROUNDING, Undefined, figure


@dataclass(frozen=True, slots=True)
class Moments:
    """How many, their mean, and the sums of the powers of how far each is away from it."""

    count: int = 0
    mean: float = 0.0
    second: float = 0.0
    third: float = 0.0
    fourth: float = 0.0

    @classmethod
    def of(cls, shape: Shape) -> Self:
        """What a shape was made of."""
        count = shape.count
        second = shape.deviation**2 * (count - 1)
        variance = second / count
        third, fourth = shape.skewness * variance**1.5 * count, shape.kurtosis * variance**2 * count
        return cls(count, shape.sharpe * shape.deviation, second, third, fourth)

    def shape(self) -> Shape:
        """Raises ``Undefined`` where they are fewer than 2, or all the same."""
        if self.count < 2:
            raise Undefined("there are fewer than 2 bars")
        variance = self.second / self.count
        spread = sqrt(variance)
        if spread <= ROUNDING:
            raise Undefined("every bar returned the same")
        deviation = sqrt(self.second / (self.count - 1))
        skewness, kurtosis = self.third / self.count / spread**3, self.fourth / self.count / variance**2
        return Shape(self.mean / deviation, skewness, kurtosis, self.count, deviation)

    def together(self, other: "Moments") -> "Moments":
        """Of the values of both."""
        if not (self.count and other.count):
            return self if self.count else other
        one, two, count = self.count, other.count, self.count + other.count
        away = other.mean - self.mean
        share = away / count
        return Moments(
            count,
            self.mean + two * share,
            self.second + other.second + one * two * away * share,
            self.third
            + other.third
            + one * two * (one - two) * away * share**2
            + 3 * share * (one * other.second - two * self.second),
            self.fourth
            + other.fourth
            + one * two * (one * one - one * two + two * two) * away * share**3
            + 6 * share**2 * (one * one * other.second + two * two * self.second)
            + 4 * share * (one * other.third - two * self.third),
        )


@figure
def deflated_record(record: Moments, bar: timedelta, trials: Trials) -> float:
    """The deflated Sharpe ratio of returns that were measured before; ``trials`` may have grown since."""
    return probability_above(record.shape(), trials.best_of_luck(bar))
