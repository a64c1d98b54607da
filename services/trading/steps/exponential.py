"""The exponential mean (EMA), seeded with the first value: e = a x + (1 - a) e, a = 2 / (span + 1)."""

from services.trading.steps.compiled import Floats, step

EMA_SIZE = 2
"""Whether it is seeded (0 or 1), and the mean."""


@step
def alpha_of(span: int) -> float:
    """The weight of the newest value; ``span`` in bars."""
    return 2 / (span + 1)


@step
def ema(state: Floats, at: int, alpha: float, value: float) -> float:
    """Take the next value; gives the mean, in the value's unit. Ready at bar 0."""
    mean = value
    if state[at] > 0:
        mean = blended(state[at + 1], alpha, value)
    state[at] = 1.0
    state[at + 1] = mean
    return mean


@step
def blended(mean: float, alpha: float, value: float) -> float:
    """The mean after the next value; ``mean`` is the one before it."""
    return alpha * value + (1 - alpha) * mean
