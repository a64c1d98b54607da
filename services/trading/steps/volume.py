"""The term ``volume``: unusual volume speaks for the way the price went at that bar.

``volume_ratio`` measures with relative volume (RVOL): volume / mean of the ``window`` bars before.
``volume_log`` measures with the z-score of the logarithm, since volumes are spread like a log-normal: how many
standard deviations log volume lies above its mean over the ``window`` traded bars before.
Either is clip((x - 1) / 2, 0, 1) * sign(close - close before): nothing up to 1, all from 3 on. The bar itself is never
in its baseline, or a spike would damp itself. Volumes in any unit, the same at each bar.
"""

import math

from services.trading.steps.compiled import Floats, step
from services.trading.steps.window import LEAST_SPREAD, filled, push, window_mean, window_size, window_std

_RING = 1


def volume_size(window: int) -> int:
    """The close before, and the volumes (or their logarithms); both measures need the same."""
    return _RING + window_size(window)


def volume_warm_up(window: int) -> int:
    """The 0-based index of the first ready bar; ``volume_log`` counts bars with a volume only."""
    return window


@step
def volume_ratio(state: Floats, at: int, window: int, close: float, volume: float) -> float:
    """The term at the next bar; NaN until it is ready, and while the baseline holds no volume at all."""
    before = state[at]
    state[at] = close
    baseline = window_mean(state, at + _RING, window) if filled(state, at + _RING, window) else 0.0
    push(state, at + _RING, window, volume)
    if baseline <= 0:
        return math.nan
    return _unusual(volume / baseline, close, before)


@step
def volume_log(state: Floats, at: int, window: int, close: float, volume: float) -> float:
    """The term at the next bar; NaN until it is ready, and while the baseline is all but constant.

    No volume has no logarithm: such a bar is not in the baseline, and its own term is 0 (nothing unusual).
    """
    before = state[at]
    state[at] = close
    ready = filled(state, at + _RING, window)
    mean = window_mean(state, at + _RING, window) if ready else 0.0
    std = window_std(state, at + _RING, window, mean) if ready else 0.0
    log = math.log(volume) if volume > 0 else 0.0
    if volume > 0:
        push(state, at + _RING, window, log)
    if std < LEAST_SPREAD:
        return math.nan
    return _unusual((log - mean) / std, close, before) if volume > 0 else 0.0


@step
def _unusual(measure: float, close: float, before: float) -> float:
    strength = min((measure - 1) / 2, 1.0)
    if strength <= 0 or close == before:
        return 0.0
    return strength if close > before else -strength
