"""The impact score: how much it is worth to look at a file first, with the factors that say why."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

FLOOR = 0.05
"""The least a factor may be, since one zero would hide a file."""
WEIGHTS: Mapping[str, float] = {"complexity": 0.4, "churn": 0.4, "lines": 0.2}


@dataclass(frozen=True)
class Scored:
    """A file's impact, 0 to 1, and each factor's rank in the project, 0 to 1."""

    path: str
    impact: float
    factors: dict[str, float]


def score(raw: Mapping[str, Mapping[str, float]], weights: Mapping[str, float] = WEIGHTS) -> list[Scored]:
    """Score each path by its raw factors, highest first.

    Each factor is replaced by its rank in the project, then combined as a weighted geometric mean: what is high in
    all is ahead of what is extreme in one.
    """
    ranks = {name: _ranks({path: factors[name] for path, factors in raw.items()}) for name in weights}
    total = sum(weights.values())
    scored = []
    for path in raw:
        factors = {name: ranks[name][path] for name in weights}
        impact = exp(sum(weight * log(factors[name]) for name, weight in weights.items()) / total)
        scored.append(Scored(path, round(impact, 4), {name: round(rank, 4) for name, rank in factors.items()}))
    return sorted(scored, key=lambda each: (-each.impact, each.path))


def _ranks(values: Mapping[str, float]) -> dict[str, float]:
    """Mean rank over the number of values: equals share a rank, the highest alone has 1."""
    ordered = sorted(values.values())
    first = {value: position for position, value in reversed(list(enumerate(ordered, 1)))}
    last = {value: position for position, value in enumerate(ordered, 1)}
    count = len(ordered)
    return {path: max(FLOOR, (first[value] + last[value]) / 2 / count) for path, value in values.items()}
