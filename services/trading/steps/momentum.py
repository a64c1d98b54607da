"""The term ``momentum``: volatility-scaled momentum, as in time-series momentum (Moskowitz, Ooi and Pedersen, 2012).

The return over ``bars`` bars, in units of what chance would give: ``scale`` * std * sqrt(bars), where std (ddof 0) is
that of the last ``window`` one-bar returns, this bar's included; clipped to [-1, 1]. Returns are close / close - 1.
"""

import math

from services.trading.steps.compiled import Floats, step
from services.trading.steps.window import LEAST_SPREAD, filled, oldest, push, window_mean, window_size, window_std

_CLOSES = 1


def momentum_size(bars: int, window: int) -> int:
    """The close before, the last ``bars`` closes, and the last ``window`` returns."""
    return _CLOSES + window_size(bars) + window_size(window)


def momentum_warm_up(bars: int, window: int) -> int:
    """The 0-based index of the first ready bar."""
    return max(bars, window)


@step
def momentum(state: Floats, at: int, bars: int, window: int, scale: float, close: float) -> float:
    """The term at the next close; NaN until it is ready, and while one-bar returns are all but equal."""
    closes, returns = at + _CLOSES, at + _CLOSES + window_size(bars)
    before, ready = state[at], filled(state, closes, bars)
    past = oldest(state, closes) if ready else close
    state[at] = close
    push(state, closes, bars, close)
    if before > 0:
        push(state, returns, window, close / before - 1)
    if not ready or not filled(state, returns, window):
        return math.nan
    std = window_std(state, returns, window, window_mean(state, returns, window))
    if std < LEAST_SPREAD:
        return math.nan
    return max(-1.0, min((close / past - 1) / (scale * std * math.sqrt(bars)), 1.0))
