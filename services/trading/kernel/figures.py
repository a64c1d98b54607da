"""Statistics of the kernel's sums: the figures of ``services.trading.statistics``, with its words for none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

from services.trading.kernel import measuring as at
from services.trading.kernel import trading as tallied
from services.trading.statistics.figure import ROUNDING, Figure, Undefined, figure, required
from services.trading.statistics.growth import LEAST
from services.trading.statistics.returns import YEAR
from services.trading.statistics.won import NO_TRIP


@dataclass(frozen=True, slots=True)
class Measured:
    """One combination's sums and tally, and what they are of."""

    sums: Sequence[float]
    tally: Sequence[float]
    bars: int
    capital: float
    timeframe: timedelta
    span: timedelta
    fees: float
    begin: int = 0
    """The bar that is the first of them."""

    def sum(self, place: int) -> float:
        return self.sums[place] + self.sums[place + 1]

    @property
    def year(self) -> float:
        """What a figure of one bar is multiplied with to be a year's."""
        return sqrt(YEAR / self.timeframe)


def figures_of(of: Measured) -> dict[str, Figure]:
    """Each by its name."""
    share = _fall(of)
    growth = _cagr(of)
    return {
        "total_return": _total_return(of),
        "cagr": growth,
        "calmar": _calmar(growth, share),
        "sharpe": _sharpe(of),
        "sortino": _sortino(of),
        "profit_factor": _profit_factor(of),
        "win_rate": _win_rate(of),
        "expectancy": _expectancy(of),
        "exposure": _exposure(of),
        "turnover": _turnover(of),
        "fees": Figure(of.fees),
        "max_drawdown": share,
    }


@figure
def _total_return(of: Measured) -> float:
    return of.sums[at.FINAL] / of.capital - 1


@figure
def _fall(of: Measured) -> float:
    return of.sums[at.DEEPEST]


@figure
def _cagr(of: Measured) -> float:
    if of.span < LEAST:
        raise Undefined(f"the bars span {of.span / timedelta(days=1):.3g} days, fewer than {LEAST.days}")
    growth = of.sums[at.FINAL] / of.capital
    if growth < 0:
        raise Undefined("equity ended below 0")
    return float(growth ** (YEAR / of.span)) - 1


@figure
def _calmar(growth: Figure, share: Figure) -> float:
    fall = required(share)
    grown = required(growth)
    if fall <= ROUNDING:
        raise Undefined("equity never fell")
    return grown / fall


@figure
def _sharpe(of: Measured) -> float:
    _require_returns(of)
    if of.bars < 2:
        raise Undefined("there are fewer than 2 bars")
    mean, moved = of.sum(at.RETURNS) / of.bars, of.sums[at.MOVED]
    apart = of.sum(at.RETURNS) / moved  # from the bars whose return is 0 for sure
    around = of.sums[at.AROUND] + apart * apart * moved * (of.bars - moved) / of.bars
    deviation = sqrt(around / (of.bars - 1))
    if deviation <= ROUNDING:
        raise Undefined("every bar returned the same")
    return mean / deviation * of.year


@figure
def _sortino(of: Measured) -> float:
    _require_returns(of)
    downside = sqrt(of.sum(at.DOWNSIDE) / of.bars)
    if downside <= ROUNDING:
        raise Undefined("no bar lost")
    return of.sum(at.RETURNS) / of.bars / downside * of.year


def _require_returns(of: Measured) -> None:
    if of.sums[at.LEAST] <= 0:
        raise Undefined("equity fell to 0 or below, and there is no return on nothing")


@figure
def _profit_factor(of: Measured) -> float:
    _require_trips(of)
    if of.tally[tallied.LOSSES] == 0:
        raise Undefined("no round trip lost")
    return of.tally[tallied.WINS] / of.tally[tallied.LOSSES]


@figure
def _win_rate(of: Measured) -> float:
    _require_trips(of)
    return of.tally[tallied.WON] / of.tally[tallied.TRADES]


@figure
def _expectancy(of: Measured) -> float:
    _require_trips(of)
    return (of.tally[tallied.WINS] - of.tally[tallied.LOSSES]) / of.tally[tallied.TRADES]


def _require_trips(of: Measured) -> None:
    if not of.tally[tallied.TRADES]:
        raise Undefined(NO_TRIP)


@figure
def _exposure(of: Measured) -> float:
    open_ = of.begin + of.bars - of.tally[tallied.SINCE] if of.tally[tallied.TRIP] else 0.0
    return (of.tally[tallied.EXPOSED] + open_) / of.bars


@figure
def _turnover(of: Measured) -> float:
    mean = of.sum(at.WORTH) / of.bars
    if mean <= 0:
        raise Undefined("mean equity is not above 0")
    return of.tally[tallied.TRADED] / mean
