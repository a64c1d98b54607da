"""The deepest fall of equity from its peak, and how long it lasted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.trading.statistics.curve import EquityCurve
from services.trading.statistics.figure import Figure, Undefined, figure


@dataclass(frozen=True, slots=True)
class Drawdown:
    """The deepest one, the first of equals. Where equity never fell, everything is 0."""

    share: Figure
    """Of its peak: 0.2 is 20 %. The capital counts as a peak."""
    bars: int
    """From the peak until equity was there again, or to the last bar."""
    time: timedelta
    """The same from close to close, gaps included."""
    recovered: bool
    """Whether equity came back to the peak."""


def max_drawdown(curve: EquityCurve) -> Drawdown:
    """Raises nothing: a curve without bars has no share, and says so."""
    peak, lowest = _deepest(curve)
    share = _fall(curve, peak, lowest)
    if not share.value:
        return Drawdown(share, 0, timedelta(0), recovered=True)
    level = _level(curve, peak)
    back = next((at for at in range(lowest, len(curve.equity)) if curve.equity[at] >= level), None)
    end = len(curve.equity) - 1 if back is None else back
    return Drawdown(share, end - peak, curve.passed(peak, end), recovered=back is not None)


def _deepest(curve: EquityCurve) -> tuple[int, int]:
    """Where the peak and the lowest point of the deepest fall are; -1 is the capital, before the first bar."""
    best = (-1, -1)
    deepest = 0.0
    peak, level = -1, curve.capital
    for at, equity in enumerate(curve.equity):
        if equity >= level:
            peak, level = at, equity
        elif 1 - equity / level > deepest:
            best, deepest = (peak, at), 1 - equity / level
    return best


@figure
def _fall(curve: EquityCurve, peak: int, lowest: int) -> float:
    if not len(curve.equity):
        raise Undefined("there is no bar")
    return 1 - _level(curve, lowest) / _level(curve, peak)


def _level(curve: EquityCurve, at: int) -> float:
    values: Sequence[float] = curve.equity
    return curve.capital if at < 0 else values[at]
