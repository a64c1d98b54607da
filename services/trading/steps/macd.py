"""MACD (moving average convergence divergence, Appel): line, signal line and histogram, one close at a time.

line = EMA(fast) - EMA(slow) of the closes, signal line = EMA(signal) of the line, histogram = line - signal line, all
in quote. The steps of its terms read the histogram, so several terms on the same spans can share one MACD.
"""

from services.trading.steps.compiled import Floats, step
from services.trading.steps.exponential import EMA_SIZE, alpha_of, ema

MACD_LINE, MACD_HISTOGRAM, MACD_BEFORE = 1, 2, 3
"""Where the line, the histogram and the histogram of the bar before lie, counted from the piece's beginning."""
_EMAS = 4
MACD_SIZE = _EMAS + 3 * EMA_SIZE
"""Bars seen, line, histogram, histogram before (0 at bar 0), and the three means."""


def macd_warm_up(slow: int, signal: int) -> int:
    """The 0-based index of the first bar that may decide."""
    return slow + signal - 1


@step
def macd(state: Floats, at: int, fast: int, slow: int, signal: int, close: float) -> float:
    """Take the next close; gives the histogram, in quote, also while it is not ready. Spans in bars."""
    means = at + _EMAS
    line = ema(state, means, alpha_of(fast), close) - ema(state, means + EMA_SIZE, alpha_of(slow), close)
    histogram = line - ema(state, means + 2 * EMA_SIZE, alpha_of(signal), line)
    state[at] += 1.0
    state[at + MACD_LINE] = line
    state[at + MACD_BEFORE] = state[at + MACD_HISTOGRAM]
    state[at + MACD_HISTOGRAM] = histogram
    return histogram


@step
def macd_ready(state: Floats, at: int, slow: int, signal: int) -> bool:
    """Whether the latest bar may decide: from index slow + signal - 1 on."""
    return state[at] >= slow + signal
