"""How far a price spreads: the standard deviation (ddof 0) of its one-bar returns, over a horizon of several bars.

Returns are close / close - 1 and taken for independent, so over n bars they spread by sqrt(n) as much as over one.
"""

import math

from services.trading.steps.compiled import Floats, step
from services.trading.steps.window import filled, push, window_mean, window_size, window_std

UNKNOWN = -1.0
"""A spread that is not known yet: a number, for a book is kept as JSON, and that knows no NaN."""


def spread_size(window: int) -> int:
    """The close before, and the last ``window`` returns."""
    return 1 + window_size(window)


def spread_warm_up(window: int) -> int:
    """The 0-based index of the first ready bar."""
    return window


@step
def spread(state: Floats, at: int, window: int, bars: float, close: float) -> float:
    """The expected spread over ``bars`` bars, as a share of the price, at the next close; below 0 until it is ready."""
    before = state[at]
    state[at] = close
    if before > 0:
        push(state, at + 1, window, close / before - 1)
    if not filled(state, at + 1, window):
        return UNKNOWN
    return window_std(state, at + 1, window, window_mean(state, at + 1, window)) * math.sqrt(bars)
