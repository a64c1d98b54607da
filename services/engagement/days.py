"""Days of a campaign against its own earlier ones: how unusual the response to a day's posts was."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import fmean, median

KEPT = 28
"""Days that a day is compared with at most: four weeks, so that each weekday counts alike."""
FEWEST = 7
"""Days that must have been measured before anything is called usual."""
WEEKDAYS = 4
"""Days of the same weekday from which these alone say what is usual."""
LEAST_SPREAD = 0.01
"""A hundredth of the full reward: no smaller difference is told as unusual, however alike the days were."""
FURTHEST = 4.0
"""Deviations are cut here: one single day, however bad, is not a trend."""
_NORMAL = 1.4826
"""Turns a median absolute deviation into the standard deviation of a normal distribution."""


@dataclass
class Day:
    """A day of the campaign (ISO date) and the rewards (0 to 1) of the posts that were measured on it."""

    day: str = ""
    rewards: list[float] = field(default_factory=list)


@dataclass
class Scored:
    """A day that is over; ``score`` is the mean reward of its posts."""

    day: str
    score: float


def score(day: Day) -> Scored | None:
    """The day's mean reward; None for one on which nothing was measured, which is no observation and no zero."""
    return Scored(day.day, fmean(day.rewards)) if day.rewards else None


def usual(day: str, earlier: Sequence[Scored]) -> float | None:
    """The score to expect of ``day``: the median of the same weekdays before, or of all days while those are few."""
    if len(earlier) < FEWEST:
        return None
    same = [each.score for each in earlier if _weekday(each.day) == _weekday(day)]
    return median(same if len(same) >= WEEKDAYS else [each.score for each in earlier])


def deviation(day: Scored, earlier: Sequence[Scored]) -> float | None:
    """How far a day lies from the usual, in robust standard deviations of the days before; None without a usual."""
    expected = usual(day.day, earlier)
    if expected is None:
        return None
    middle = median(each.score for each in earlier)
    spread = _NORMAL * median(abs(each.score - middle) for each in earlier)
    return max(-FURTHEST, min(FURTHEST, (day.score - expected) / max(spread, LEAST_SPREAD)))


def _weekday(day: str) -> int:
    return date.fromisoformat(day).weekday()
