"""The last ``size`` values, and their mean and standard deviation.

Both are summed afresh from the oldest value to the newest, never carried on from bar to bar: they depend on the values
in the window alone, so a start at any earlier bar gives the same bits.
"""

import math

from services.trading.steps.compiled import Floats, step

LEAST_SPREAD = 1e-9
"""A standard deviation of returns or of log volumes below this is rounding, and measures nothing."""


_NEXT, _VALUES = 1, 2


@step
def window_size(size: int) -> int:
    """How many values were pushed, where the next one goes, and room for the last ``size`` of them."""
    return _VALUES + size


@step
def push(state: Floats, at: int, size: int, value: float) -> None:
    """Take the next value; it replaces the oldest of a full window."""
    place = int(state[at + _NEXT])
    state[at + _VALUES + place] = value
    state[at + _NEXT] = 0.0 if place + 1 == size else place + 1.0
    state[at] += 1.0


@step
def filled(state: Floats, at: int, size: int) -> bool:
    """Whether ``size`` values have been pushed; before that the other readings mean nothing."""
    return state[at] >= size


@step
def oldest(state: Floats, at: int) -> float:
    """The first value of a full window."""
    return state[at + _VALUES + int(state[at + _NEXT])]


@step
def window_mean(state: Floats, at: int, size: int) -> float:
    """The mean of a full window."""
    first = at + _VALUES
    split = first + int(state[at + _NEXT])
    total = 0.0
    for place in range(split, first + size):
        total += state[place]
    for place in range(first, split):
        total += state[place]
    return total / size


@step
def window_std(state: Floats, at: int, size: int, mean: float) -> float:
    """The standard deviation (ddof 0) of a full window around its ``mean``."""
    first = at + _VALUES
    split = first + int(state[at + _NEXT])
    total = 0.0
    for place in range(split, first + size):
        total += (state[place] - mean) * (state[place] - mean)
    for place in range(first, split):
        total += (state[place] - mean) * (state[place] - mean)
    return math.sqrt(total / size)
