"""Return against its variation: Sharpe by bar and by day, and Sortino.

Annualised by the square root of the periods in a year of 365 days, since these markets never close; the rate without
risk is 0. W. F. Sharpe, "The Sharpe Ratio", J. of Portfolio Management 21 (1994); F. A. Sortino and L. N. Price,
"Performance Measurement in a Downside Risk Framework", J. of Investing 3 (1994), with a target of 0.
"""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from math import fsum, isfinite, sqrt

from services.trading.statistics.curve import MICROSECOND, EquityCurve
from services.trading.statistics.figure import BEYOND, ROUNDING, Undefined, figure

YEAR = timedelta(days=365)
DAY = timedelta(days=1)


@figure
def sharpe(curve: EquityCurve) -> float:
    """Mean of the bars' returns / their standard deviation (ddof 1) x sqrt(bars in a year)."""
    return _sharpe(returns_of(curve), curve.timeframe, "bar")


@figure
def sharpe_daily(curve: EquityCurve) -> float:
    """The same of the days' returns: from one day's last close to the next day's, the first from the capital.

    Days are UTC, a bar belongs to the day that it opens on, and a day without a bar is left out.
    """
    if curve.timeframe > DAY:
        raise Undefined("a bar is longer than a day")
    length = DAY // MICROSECOND
    last = {time // length: equity for time, equity in zip(curve.times, curve.equity, strict=True)}
    return _sharpe(_returns(curve.capital, list(last.values())), DAY, "day")


@figure
def sortino(curve: EquityCurve) -> float:
    """Mean of the bars' returns / root mean square of the losing ones, over all bars, x sqrt(bars in a year)."""
    returns = returns_of(curve)
    if not returns:
        raise Undefined("there is no bar")
    downside = sqrt(fsum(each * each for each in returns if each < 0) / len(returns))
    if downside <= ROUNDING:
        raise Undefined("no bar lost")
    return fsum(returns) / len(returns) / downside * sqrt(YEAR / curve.timeframe)


def returns_of(curve: EquityCurve) -> list[float]:
    """Of each bar on the one before, the first on the capital; raises ``Undefined`` where one is none."""
    return _returns(curve.capital, curve.equity)


def _sharpe(returns: Sequence[float], period: timedelta, named: str) -> float:
    if len(returns) < 2:
        raise Undefined(f"there are fewer than 2 {named}s")
    mean = fsum(returns) / len(returns)
    deviation = sqrt(fsum((each - mean) ** 2 for each in returns) / (len(returns) - 1))
    if deviation <= ROUNDING:
        raise Undefined(f"every {named} returned the same")
    return mean / deviation * sqrt(YEAR / period)


def _returns(capital: float, equity: Sequence[float]) -> list[float]:
    """Of each period on the one before; the first on the capital."""
    levels = [capital, *equity]
    if any(level <= 0 for level in levels[:-1]):
        raise Undefined("equity fell to 0 or below, and there is no return on nothing")
    returns = [after / before - 1 for before, after in pairwise(levels)]
    if not all(map(isfinite, returns)):
        raise Undefined(BEYOND)
    return returns
