"""The terms of posts: ``sentiment``, ``sentiment_momentum`` and ``post_volume``.

Each takes what was heard up to the bar's close: ``mean``, the mean compound score of the voices in its window (-1 to
1), and ``voices``, how many there were; both are NaN where no feed was alive, and then the term has no data. Fewer
voices than ``least`` say nothing: that is silence, a 0.
"""

import math

from services.trading.steps.compiled import Floats, step
from services.trading.steps.window import filled, oldest, push, window_mean, window_size

NEUTRAL = 0.05
"""A mean closer to 0 leans to no side (VADER's own threshold)."""
_SILENT = 2.0
"""Stands in a row of means for a bar with too few voices."""


def sentiment_size() -> int:
    """It remembers nothing: its window is in what was heard."""
    return 0


def sentiment_momentum_size(window: int) -> int:
    """The last ``window`` means."""
    return window_size(window)


def post_volume_size(window: int) -> int:
    """How many voices each of the last ``window`` bars had."""
    return window_size(window)


def sentiment_momentum_warm_up(window: int) -> int:
    """The 0-based index of the first ready bar."""
    return window


def post_volume_warm_up(window: int) -> int:
    """The 0-based index of the first ready bar; bars without a feed are not counted."""
    return window


@step
def sentiment(least: float, full: float, mean: float, voices: float) -> float:
    """The mean, where ``full`` counts as 1."""
    if math.isnan(voices):
        return math.nan
    if voices < least:
        return 0.0
    return max(-1.0, min(mean / full, 1.0))


@step
def sentiment_momentum(
    state: Floats, at: int, window: int, least: float, full: float, mean: float, voices: float
) -> float:
    """The mean less that of ``window`` bars before, which has no bar in common with it; ``full`` counts as 1."""
    ready = filled(state, at, window)
    before = oldest(state, at) if ready else math.nan
    now = mean
    if not math.isnan(voices) and voices < least:
        now = _SILENT
    push(state, at, window, now)
    if math.isnan(now) or math.isnan(before):
        return math.nan
    if now == _SILENT or before == _SILENT:
        return 0.0
    return max(-1.0, min((now - before) / full, 1.0))


@step
def post_volume(state: Floats, at: int, window: int, mean: float, voices: float) -> float:
    """Unusually many voices at this bar speak for what they say: clip((z - 1) / 2, 0, 1), with the sign of their mean.

    z is how far their number lies above its mean over the ``window`` bars before, in standard deviations of a number
    that comes by chance (Poisson: the root of its mean), which are never taken for less than one voice.
    """
    if math.isnan(voices):
        return math.nan
    ready = filled(state, at, window)
    usual = window_mean(state, at, window) if ready else 0.0
    push(state, at, window, voices)
    if not ready:
        return math.nan
    strength = min(((voices - usual) / math.sqrt(max(usual, 1.0)) - 1) / 2, 1.0)
    if strength <= 0 or abs(mean) < NEUTRAL:
        return 0.0
    return strength if mean > 0 else -strength
