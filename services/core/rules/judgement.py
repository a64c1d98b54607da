"""Whether a window of values meets a rule, and the numbers that say so."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.core.learning.beta import beta_cdf
from services.core.rules.model import Rule, Threshold
from services.core.series import TOTALS, Statistic, statistic
from services.core.words import counted, number_text

PRIOR_GOOD, PRIOR_BAD = 4.5, 0.5
"""What is believed of a share before anything was seen: five outcomes' worth of 90 % good.

A flat prior would call two failures out of two a rate under 80 % with probability 0.99.
"""


@dataclass(frozen=True, slots=True)
class Belief:
    """How sure the values make one that the true share is on a threshold's side, and how sure one has to be."""

    probability: float
    wanted: float
    failures: float
    least_failures: int
    """So many failures must be there besides."""
    ones_are_good: bool
    ends: bool
    """It is about the end of an incident."""
    under: bool
    """What is asked for is to be no longer as sure as ``wanted``."""

    def in_words(self, side: str, threshold: float) -> str:
        """``97 % sure that more than 20 % fail, and it fires from 90 % on``."""
        what = "are good" if self.ones_are_good else "fail"
        share = f"{'more' if side == 'above' else 'fewer'} than {_percent(threshold)} {what}"
        verb = "clears" if self.ends else "fires"
        bound = f"under {_percent(self.wanted)}" if self.under else f"from {_percent(self.wanted)} on"
        enough = self.failures >= self.least_failures
        least = "" if enough else f", with at least {counted(self.least_failures, 'failure')}"
        return f"{_percent(self.probability)} sure that {share}; it {verb} {bound}{least}"


def _percent(share: float) -> str:
    if 0.995 <= share < 1:
        return "over 99 %"
    return f"{100 * share:.3g} %" if share >= 0.005 or share == 0 else "under 1 %"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a rule stands as it stands. ``n`` of ``needed`` values were seen; under that, nothing is judged."""

    statistic: float | None
    n: int
    needed: int
    threshold: float
    side: str
    name: str = ""
    """Which statistic it is."""
    belief: Belief | None = None
    """For a rule that asks for certainty."""
    note: str = ""

    @property
    def judged(self) -> bool:
        return self.n >= self.needed and not self.note

    @property
    def probability(self) -> float | None:
        return self.belief.probability if self.belief else None

    def as_dict(self) -> dict[str, Any]:
        """For the ledger: what it saw in words, and the numbers behind them."""
        told: dict[str, Any] = {
            "saw": str(self),
            "line": f"{self.side} {number_text(self.threshold, 6)}",
            "values seen": self.n,
        }
        if self.belief is not None:
            told |= {"failed": self.belief.failures, "sure": self.belief.probability, "asked for": self.belief.wanted}
        elif self.statistic is not None:
            told["value"] = self.statistic
        return told

    def __str__(self) -> str:
        if self.note:
            return self.note
        if self.n == 0 and (self.statistic is None or self.needed > 0):
            return "no value yet"
        seen = counted(self.n, "value")
        if self.belief is not None:
            seen = f"{number_text(self.belief.failures)} of {self.n} failed"
        if not self.judged:
            return f"{seen} so far; it is judged from {self.needed} on"
        if self.belief is not None:
            return f"{seen}: {self.belief.in_words(self.side, self.threshold)}"
        return self._compared(seen)

    def _compared(self, seen: str) -> str:
        """The statistic and its side of the line."""
        value = self.statistic or 0.0
        there = value < self.threshold if self.side == "below" else value > self.threshold
        line = f"{'' if there else 'not '}{self.side} {number_text(self.threshold, 6)}"
        if self.n == 1 and self.name not in TOTALS:
            return f"{number_text(value)} is {line}"
        whole = f"the {self.name}" if self.name in TOTALS else f"the {_CALLED.get(self.name, self.name)} of {seen}"
        return f"{whole} is {number_text(value)}, {line}"


_CALLED = {str(Statistic.LAST): "newest", str(Statistic.MIN): "least", str(Statistic.MAX): "greatest"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one threshold."""

    met: bool
    evidence: Evidence


def unfit(rule: Rule, value: float) -> str:
    """Why ``value`` cannot be judged by ``rule``, or an empty string."""
    if rule.fire.probability is not None and not 0 <= value <= 1:
        return f"{number_text(value, 6)} is no share: a probability needs values from 0 to 1"
    return ""


def judge_fire(rule: Rule, values: Sequence[float], note: str = "") -> Judgement:
    """Whether the window fires; never with fewer than the rule's samples or failures, nor with a ``note``."""
    evidence = _weigh(rule, rule.fire, values, rule.samples, note)
    enough = evidence.belief is None or evidence.belief.failures >= rule.fire.failures
    return Judgement(evidence.judged and _holds(rule.fire, evidence) and enough, evidence)


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
    belief = _belief(rule, values, threshold) if threshold.probability is not None else None
    name = str(rule.statistic)
    return Evidence(value, len(values), needed, threshold.line, threshold.side, name, belief, note)


def _belief(rule: Rule, values: Sequence[float], threshold: Threshold) -> Belief:
    """The failures, and the posterior probability that the share of ones is on the threshold's side.

    Where a rule fires below, ones are good and the prior leans to them; where it fires above, to zeros.
    """
    fires_below, ends = rule.fire.side == "below", threshold is rule.clear
    ones = math.fsum(values)
    zeros = len(values) - ones
    prior_ones, prior_zeros = (PRIOR_GOOD, PRIOR_BAD) if fires_below else (PRIOR_BAD, PRIOR_GOOD)
    under = beta_cdf(prior_ones + ones, prior_zeros + zeros, threshold.line)
    return Belief(
        probability=under if threshold.below is not None else 1.0 - under,
        wanted=threshold.probability or 0.0,
        failures=zeros if fires_below else ones,
        least_failures=0 if ends else rule.fire.failures,
        ones_are_good=fires_below,
        ends=ends,
        under=ends and threshold.side == rule.fire.side,
    )
