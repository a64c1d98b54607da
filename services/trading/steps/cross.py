"""The term ``macd_cross``: the histogram changes its sign, that is, the MACD line crosses its signal line.

+1 at the bar of a cross up (h > 0 and h before <= 0), -1 at a cross down (mirrored), fading linearly to 0 over
``lasts`` bars; 1 is that bar alone.
"""

import math

from services.trading.steps.compiled import Floats, step
from services.trading.steps.macd import MACD_BEFORE, MACD_SIZE, macd, macd_ready, macd_warm_up

CROSS_SIZE = 2
"""Which way the latest cross went (0: there was none), and its age in bars."""
MACD_CROSS_SIZE = MACD_SIZE + CROSS_SIZE


def macd_cross_warm_up(slow: int, signal: int) -> int:
    """The 0-based index of the first ready bar: slow + signal - 1."""
    return macd_warm_up(slow, signal)


@step
def macd_cross(state: Floats, at: int, fast: int, slow: int, signal: int, lasts: int, close: float) -> float:
    """The term at the next close; NaN while MACD is not ready. Spans and ``lasts`` (at least 1) in bars."""
    now = macd(state, at, fast, slow, signal, close)
    return cross(state, at + MACD_SIZE, macd_ready(state, at, slow, signal), state[at + MACD_BEFORE], now, lasts)


@step
def cross(state: Floats, at: int, ready: bool, before: float, now: float, lasts: int) -> float:
    """The term of a histogram that was ``before`` and is ``now``; of an unready one nothing is remembered."""
    if not ready:
        return math.nan
    state[at + 1] += 1.0
    way = crossed(before, now)
    if way != 0:
        state[at] = way
        state[at + 1] = 0.0
    if state[at] == 0 or state[at + 1] >= lasts:
        return 0.0
    return state[at] * (1 - state[at + 1] / lasts)


@step
def crossed(before: float, now: float) -> float:
    """1 where a histogram crosses 0 upwards, -1 where it does so downwards, else 0."""
    if now > 0 and before <= 0:
        return 1.0
    return -1.0 if now < 0 and before >= 0 else 0.0
