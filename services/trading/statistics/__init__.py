"""What a backtest measured: returns, risk and round trips in figures that are numbers, or none with a reason."""

from services.trading.statistics.curve import EquityCurve
from services.trading.statistics.drawdown import Drawdown, max_drawdown
from services.trading.statistics.figure import Figure
from services.trading.statistics.growth import cagr, calmar, total_return
from services.trading.statistics.returns import returns_of, sharpe, sharpe_daily, sortino
from services.trading.statistics.summary import Statistics, measured
from services.trading.statistics.traded import Traded
from services.trading.statistics.trips import RoundTrip, RoundTrips, round_trips
from services.trading.statistics.won import expectancy, exposure, fees, profit_factor, turnover, win_rate

__all__ = [
    "Drawdown",
    "EquityCurve",
    "Figure",
    "RoundTrip",
    "RoundTrips",
    "Statistics",
    "Traded",
    "cagr",
    "calmar",
    "expectancy",
    "exposure",
    "fees",
    "max_drawdown",
    "measured",
    "profit_factor",
    "returns_of",
    "round_trips",
    "sharpe",
    "sharpe_daily",
    "sortino",
    "total_return",
    "turnover",
    "win_rate",
]
