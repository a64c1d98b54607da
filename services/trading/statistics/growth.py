"""How much the capital grew, in all and by the year."""

from datetime import timedelta

from services.trading.statistics.curve import EquityCurve
from services.trading.statistics.drawdown import max_drawdown
from services.trading.statistics.figure import ROUNDING, Undefined, figure, required
from services.trading.statistics.returns import YEAR

LEAST = timedelta(days=30)
"""What is shorter says nothing about a year."""


@figure
def total_return(curve: EquityCurve) -> float:
    """Final equity / capital - 1: 0.2 is 20 %."""
    return curve.final / curve.capital - 1


@figure
def cagr(curve: EquityCurve) -> float:
    """Compound annual growth rate: (final equity / capital) ^ (365 days / time) - 1, gaps counting as time."""
    if curve.span < LEAST:
        days = curve.span / timedelta(days=1)
        raise Undefined(f"the bars span {days:.3g} days, fewer than {LEAST.days}")
    growth = curve.final / curve.capital
    if growth < 0:
        raise Undefined("equity ended below 0")
    return float(growth ** (YEAR / curve.span)) - 1


@figure
def calmar(curve: EquityCurve) -> float:
    """CAGR / max drawdown. T. W. Young, "Calmar Ratio: A Smoother Tool", Futures (1991), here over the whole time."""
    fall = required(max_drawdown(curve).share)
    growth = required(cagr(curve))
    if fall <= ROUNDING:
        raise Undefined("equity never fell")
    return growth / fall
