"""The score of a bar: what its terms say together."""

import math

from services.trading.steps.compiled import Floats, step


@step
def score(terms: Floats, weights: Floats, count: int) -> float:
    """sum(w t) / sum(w) over all ``count`` terms, in [-1, 1]; a term without data (NaN) abstains: it counts as 0.

    Weights are 0 or more; NaN if none is above 0.
    """
    total, weight = 0.0, 0.0
    for place in range(count):
        weight += weights[place]
        if not math.isnan(terms[place]):
            total += weights[place] * terms[place]
    return total / weight if weight > 0 else math.nan


@step
def required_hold(terms: Floats, required: Floats, count: int) -> bool:
    """Whether each term whose flag in ``required`` is not 0 is above 0; one without data is not."""
    lacking = 0
    for place in range(count):
        if required[place] != 0 and not terms[place] > 0:
            lacking += 1
    return lacking == 0


@step
def required_fall(terms: Floats, required: Floats, count: int) -> bool:
    """Whether each term whose flag in ``required`` is not 0 is below 0; one without data is not."""
    lacking = 0
    for place in range(count):
        if required[place] != 0 and not terms[place] < 0:
            lacking += 1
    return lacking == 0
