"""The term ``macd_curl``: the histogram turns up from below zero before the lines cross.

"Curl" is no formal term; the rule is: the histogram h fell strictly for ``falls`` bars to its trough, which lies
exactly ``rises`` bars back, rose on each bar since, is still below 0, and has risen by at least ``depth`` standard
deviations of its last ``window`` values, this one included; with ``below_zero`` the MACD line is below 0 too.
A run of bars with h < 0 gives one signal, and one more after each new low below the signal's trough. The term is
(h - trough) / std at the signal, at most 1; it fades linearly to 0 over ``lasts`` bars, and is 0 from the cross or
from such a new low on. Feeding it negated closes gives the mirrored term for a turn down.
"""

import math

from services.trading.steps.compiled import Floats, step
from services.trading.steps.macd import MACD_BEFORE, MACD_LINE, MACD_SIZE, macd, macd_ready, macd_warm_up
from services.trading.steps.window import filled, push, window_mean, window_size, window_std

_FALLEN, _RISEN, _TROUGH = 0, 1, 2
_SPENT, _LOW, _STRENGTH, _AGE, _RING = 3, 4, 5, 6, 7


def curl_size(window: int) -> int:
    """Bars fallen and risen in a row, trough; signal spent (0 or 1), its trough, strength and age; the histograms."""
    return _RING + window_size(window)


def macd_curl_size(window: int) -> int:
    return MACD_SIZE + curl_size(window)


def macd_curl_warm_up(slow: int, signal: int, falls: int, rises: int, window: int) -> int:
    """The 0-based index of the first ready bar: MACD is ready, and every histogram that is looked at was so too."""
    return macd_warm_up(slow, signal) + max(window - 1, falls + rises)


@step
def macd_curl(
    state: Floats, at: int, fast: int, slow: int, signal: int, falls: int, rises: int, depth: float, window: int,
    below_zero: bool, lasts: int, close: float,
) -> float:  # fmt: skip
    """The term at the next close, in [0, 1]; NaN until it is ready. All but ``depth`` in bars, ``window`` from 2 on."""
    now = macd(state, at, fast, slow, signal, close)
    if not macd_ready(state, at, slow, signal):
        return math.nan
    before, line = state[at + MACD_BEFORE], state[at + MACD_LINE]
    return curl(state, at + MACD_SIZE, before, now, line, falls, rises, depth, window, below_zero, lasts)


@step
def curl(
    state: Floats, at: int, before: float, now: float, line: float, falls: int, rises: int, depth: float, window: int,
    below_zero: bool, lasts: int,
) -> float:  # fmt: skip
    """The term of a ready histogram that was ``before`` and is ``now``, beside its MACD line."""
    push(state, at + _RING, window, now)
    _follow(state, at, before, now)
    _end_signal(state, at, now)
    if not filled(state, at + _RING, max(window, falls + rises + 1)):
        return math.nan
    turned = state[at + _RISEN] == rises and state[at + _FALLEN] >= falls and now < 0
    if turned and state[at + _SPENT] == 0 and (line < 0 or not below_zero):
        _signal(state, at, now, depth, window)
    if state[at + _STRENGTH] == 0 or state[at + _AGE] >= lasts:
        return 0.0
    return state[at + _STRENGTH] * (1 - state[at + _AGE] / lasts)


@step
def _follow(state: Floats, at: int, before: float, now: float) -> None:
    """Count the bars of the fall to the trough and of the rise since; an equal bar ends both."""
    if now < before:
        state[at + _FALLEN] = 1.0 if state[at + _RISEN] > 0 else state[at + _FALLEN] + 1.0
        state[at + _RISEN] = 0.0
        state[at + _TROUGH] = now
    elif now > before:
        state[at + _RISEN] += 1.0
    else:
        state[at + _FALLEN] = 0.0
        state[at + _RISEN] = 0.0


@step
def _end_signal(state: Floats, at: int, now: float) -> None:
    """The signal ages; at the cross or at a new low below its trough it ends, and the next one may come."""
    state[at + _AGE] += 1.0
    if now >= 0 or (state[at + _SPENT] > 0 and now < state[at + _LOW]):
        state[at + _SPENT] = 0.0
        state[at + _STRENGTH] = 0.0


@step
def _signal(state: Floats, at: int, now: float, depth: float, window: int) -> None:
    """Signal if the rise from the trough is deep enough. Only here is the window summed: turns are few."""
    risen = now - state[at + _TROUGH]
    std = window_std(state, at + _RING, window, window_mean(state, at + _RING, window))
    if std > 0 and risen >= depth * std:
        state[at + _SPENT] = 1.0
        state[at + _LOW] = state[at + _TROUGH]
        state[at + _STRENGTH] = min(risen / std, 1.0)
        state[at + _AGE] = 0.0
