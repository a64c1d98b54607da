"""What round trips won and lost, and how much was traded for it. Profits are in quote, after fees."""

from collections.abc import Iterable, Sequence
from math import fsum

from services.trading.statistics.curve import EquityCurve
from services.trading.statistics.figure import Undefined, figure
from services.trading.statistics.traded import Traded
from services.trading.statistics.trips import RoundTrips

NO_TRIP = "no round trip was closed"


@figure
def profit_factor(profits: Sequence[float]) -> float:
    """Sum of the profits / sum of the losses of the closed round trips; below 1 they lost."""
    _require(profits)
    lost = -fsum(profit for profit in profits if profit < 0)
    if lost == 0:
        raise Undefined("no round trip lost")
    return fsum(profit for profit in profits if profit > 0) / lost


@figure
def win_rate(profits: Sequence[float]) -> float:
    """The share of closed round trips with a profit above 0."""
    _require(profits)
    return sum(profit > 0 for profit in profits) / len(profits)


@figure
def expectancy(profits: Sequence[float]) -> float:
    """The mean profit of a closed round trip, in quote."""
    _require(profits)
    return fsum(profits) / len(profits)


@figure
def exposure(trips: RoundTrips, bars: int) -> float:
    """The share of bars at whose close a position was held; one opened and closed within a bar adds none."""
    if not bars:
        raise Undefined("there is no bar")
    held = sum(trip.exit_bar - trip.entry_bar for trip in trips.closed)
    return (held + (0 if trips.open_since is None else bars - trips.open_since)) / bars


@figure
def turnover(fills: Iterable[Traded], curve: EquityCurve) -> float:
    """Notional of all fills, both ways, / mean equity over the bars: 2 is the whole account once in and out."""
    if not len(curve.equity):
        raise Undefined("there is no bar")
    mean = fsum(curve.equity) / len(curve.equity)
    if mean <= 0:
        raise Undefined("mean equity is not above 0")
    return fsum(fill.notional for fill in fills) / mean


@figure
def fees(fills: Iterable[Traded]) -> float:
    """All that was paid, valued in quote at each fill."""
    return fsum(fill.fee for fill in fills)


def _require(profits: Sequence[float]) -> None:
    if not profits:
        raise Undefined(NO_TRIP)
