"""Whether a window of values meets a rule, and the numbers that say so."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.core.learning.beta import beta_cdf
from services.core.rules.model import Rule, Threshold
from services.core.series import statistic

PRIOR_GOOD, PRIOR_BAD = 4.5, 0.5
"""What is believed of a share before anything was seen: five outcomes' worth of 90 % good.

A flat prior would call two failures out of two a rate under 80 % with probability 0.99.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a rule stands as it stands. ``n`` of ``needed`` values were seen; under that, nothing is judged."""

    statistic: float | None
    n: int
    needed: int
    threshold: float
    side: str
    probability: float | None = None
    """The belief that the true share is on ``side`` of ``threshold``."""
    wanted: float | None = None
    """The probability it is held against."""
    failures: float | None = None
    note: str = ""

    @property
    def judged(self) -> bool:
        return self.n >= self.needed and not self.note

    def as_dict(self) -> dict[str, Any]:
        """For the ledger: what there is to tell, without what does not apply."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "")}

    def __str__(self) -> str:
        if self.note:
            return self.note
        if not self.judged:
            return f"{self.n} of {self.needed} seen, not judged yet"
        value = "no value" if self.statistic is None else f"{self.statistic:.4g}"
        if self.probability is None:
            return f"{value} of {self.n} seen, against {self.side} {self.threshold:g}"
        return (
            f"{value} of {self.n} seen; {self.side} {self.threshold:g} with probability {self.probability:.3f}"
            f", against {self.wanted:g}"
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one threshold."""

    met: bool
    evidence: Evidence


def unfit(rule: Rule, value: float) -> str:
    """Why ``value`` cannot be judged by ``rule``, or an empty string."""
    if rule.fire.probability is not None and not 0 <= value <= 1:
        return f"{value:g} is no share: a probability needs values from 0 to 1"
    return ""


def judge_fire(rule: Rule, values: Sequence[float], note: str = "") -> Judgement:
    """Whether the window fires; never with fewer than the rule's samples or failures, nor with a ``note``."""
    evidence = _weigh(rule, rule.fire, values, rule.samples, note)
    met = evidence.judged and _holds(rule.fire, evidence) and (evidence.failures or 0.0) >= rule.fire.failures
    return Judgement(met, evidence)


def judge_clear(rule: Rule, values: Sequence[float], new: int) -> Judgement:
    """Whether trouble is over, ``new`` values after it fired. Without ``clear`` it is when it no longer fires."""
    if rule.clear is None:
        fire = judge_fire(rule, values)
        return Judgement(fire.evidence.judged and not fire.met, fire.evidence)
    judged = values[len(values) - min(new, len(values)) :] if rule.clear.new_samples else values
    evidence = _weigh(rule, rule.clear, judged, rule.clear.new_samples or rule.samples)
    if not evidence.judged:
        return Judgement(False, evidence)
    same_side = rule.clear.side == rule.fire.side
    return Judgement(_holds(rule.clear, evidence) is not same_side, evidence)


def _holds(threshold: Threshold, evidence: Evidence) -> bool:
    if threshold.probability is not None:
        return evidence.probability is not None and evidence.probability >= threshold.probability
    if evidence.statistic is None:
        return False
    if threshold.below is not None:
        return evidence.statistic < threshold.below
    return evidence.statistic > threshold.line


def _weigh(rule: Rule, threshold: Threshold, values: Sequence[float], needed: int, note: str = "") -> Evidence:
    value = statistic(rule.statistic, values, rule.window.within)
    if threshold.probability is None:
        return Evidence(value, len(values), needed, threshold.line, threshold.side, note=note)
    failures, probability = _belief(values, threshold, fires_below=rule.fire.side == "below")
    return Evidence(
        value, len(values), needed, threshold.line, threshold.side, probability, threshold.probability, failures, note
    )


def _belief(values: Sequence[float], threshold: Threshold, fires_below: bool) -> tuple[float, float]:
    """Failures, and the posterior probability that the share of ones is on the threshold's side.

    Where a rule fires below, ones are good and the prior leans to them; where it fires above, to zeros.
    """
    ones = math.fsum(values)
    zeros = len(values) - ones
    prior_ones, prior_zeros = (PRIOR_GOOD, PRIOR_BAD) if fires_below else (PRIOR_BAD, PRIOR_GOOD)
    under = beta_cdf(prior_ones + ones, prior_zeros + zeros, threshold.line)
    return (zeros if fires_below else ones), under if threshold.below is not None else 1.0 - under
