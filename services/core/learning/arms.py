"""Arms of a bandit: what is believed of each, and how a policy turns beliefs into shares and choices.

A share is always the probability that the policy chooses the arm. Under Thompson sampling (Thompson, 1933) that is
the probability that the arm is best; it is integrated numerically instead of sampled, so that equal states give equal
weights: P(i is best) is the integral of the density of i times the distributions of all others.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from services.core.learning.beta import beta_cdf

_GRID = 128
"""Steps of the integral over the range in which any arm can lie."""


class Policy(StrEnum):
    """How to weigh trying against using."""

    THOMPSON = "thompson"
    """Draw a rate from each arm's belief, take the highest."""
    EPSILON_GREEDY = "epsilon-greedy"
    """Take the highest mean, but any arm with probability epsilon."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Faded successes and failures; rewards between count for both."""

    good: float = 0.0
    bad: float = 0.0

    @property
    def n(self) -> float:
        return self.good + self.bad

    def plus(self, reward: float) -> "Counts":
        return Counts(self.good + reward, self.bad + 1.0 - reward)

    def times(self, factor: float) -> "Counts":
        return Counts(self.good * factor, self.bad * factor)


@dataclass(frozen=True, slots=True)
class Belief:
    """A Beta distribution of an arm's mean reward."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        return self.a / (self.a + self.b)

    @property
    def deviation(self) -> float:
        total = self.a + self.b
        return math.sqrt(self.a * self.b / (total * total * (total + 1)))


def prior(known: Mapping[str, Counts]) -> Belief:
    """What is believed of an arm that is new: the mean of all arms, as weakly as one success (or failure) says it.

    With nothing known it is uniform. Taking the pooled mean keeps new arms from looking splendid where all rewards
    are low, such as engagement rates of a few per cent.
    """
    good = math.fsum(counts.good for counts in known.values())
    bad = math.fsum(counts.bad for counts in known.values())
    mean = min(0.98, max(0.02, (good + 1.0) / (good + bad + 2.0)))
    strength = 1.0 / min(mean, 1.0 - mean)
    return Belief(mean * strength, (1.0 - mean) * strength)


def beliefs(known: Mapping[str, Counts]) -> dict[str, Belief]:
    start = prior(known)
    return {arm: Belief(start.a + counts.good, start.b + counts.bad) for arm, counts in known.items()}


def shares(policy: Policy, known: Mapping[str, Counts], epsilon: float) -> dict[str, float]:
    """The probability that ``policy`` chooses each arm; they sum to 1. Without arms there are none."""
    if not known:
        return {}
    held = beliefs(known)
    if policy is Policy.THOMPSON:
        return _best(held)
    best = _highest({arm: belief.mean for arm, belief in held.items()})
    return {arm: epsilon / len(held) + (1 - epsilon) * (arm in best) / len(best) for arm in held}


def chosen(policy: Policy, known: Mapping[str, Counts], epsilon: float, rng: Random) -> str:
    """One arm, drawn as ``shares`` says."""
    held = beliefs(known)
    if policy is Policy.THOMPSON:
        drawn = {arm: rng.betavariate(belief.a, belief.b) for arm, belief in held.items()}
        return rng.choice(_highest(drawn))
    if rng.random() < epsilon:
        return rng.choice(list(held))
    return rng.choice(_highest({arm: belief.mean for arm, belief in held.items()}))


def _highest(values: Mapping[str, float]) -> list[str]:
    """All arms that share the highest value."""
    top = max(values.values())
    return [arm for arm, value in values.items() if value == top]


def _best(held: Mapping[str, Belief]) -> dict[str, float]:
    """The probability of being best, by the rule of midpoints on a grid over where the arms can lie."""
    low = max(0.0, min(belief.mean - 6 * belief.deviation for belief in held.values()))
    high = min(1.0, max(belief.mean + 6 * belief.deviation for belief in held.values()))
    points = [low + (high - low) * step / _GRID for step in range(_GRID + 1)]
    under = {arm: [beta_cdf(belief.a, belief.b, x) for x in points] for arm, belief in held.items()}
    mass = dict.fromkeys(held, 0.0)
    for step in range(_GRID):
        middles = [(under[arm][step] + under[arm][step + 1]) / 2 for arm in held]
        for index, arm in enumerate(held):
            others = math.prod(middles[:index]) * math.prod(middles[index + 1 :])
            mass[arm] += (under[arm][step + 1] - under[arm][step]) * others
    total = math.fsum(mass.values())
    return {arm: weight / total for arm, weight in mass.items()}
