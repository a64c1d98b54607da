"""Every figure of a backtest at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.trading.statistics.curve import EquityCurve
from services.trading.statistics.drawdown import Drawdown, max_drawdown
from services.trading.statistics.figure import Figure
from services.trading.statistics.growth import cagr, calmar, total_return
from services.trading.statistics.returns import sharpe, sharpe_daily, sortino
from services.trading.statistics.traded import Traded
from services.trading.statistics.trips import round_trips
from services.trading.statistics.won import expectancy, exposure, fees, profit_factor, turnover, win_rate


@dataclass(frozen=True, slots=True)
class Statistics:
    """Shares as fractions (0.2 is 20 %), money in quote. Each function that makes a figure says how."""

    final_equity: float
    total_return: Figure
    cagr: Figure
    calmar: Figure
    sharpe: Figure
    sharpe_daily: Figure
    sortino: Figure
    drawdown: Drawdown
    profit_factor: Figure
    win_rate: Figure
    expectancy: Figure
    exposure: Figure
    turnover: Figure
    fees: Figure
    trades: int
    """Round trips that ended flat."""
    fills: int
    both_touched: int
    """Bars that touched stop and target: which came first, no bar can say, so the convention decided."""


def measured(curve: EquityCurve, fills: Sequence[Traded], both_touched: int = 0) -> Statistics:
    """Measure one backtest; raises ``ValueError`` for fills that cannot be this curve's."""
    if fills and fills[-1].bar >= len(curve.equity):
        raise ValueError(f"a fill after the last bar: {fills[-1]}")
    trips = round_trips(fills)
    return Statistics(
        final_equity=curve.final,
        total_return=total_return(curve),
        cagr=cagr(curve),
        calmar=calmar(curve),
        sharpe=sharpe(curve),
        sharpe_daily=sharpe_daily(curve),
        sortino=sortino(curve),
        drawdown=max_drawdown(curve),
        profit_factor=profit_factor(trips.profits),
        win_rate=win_rate(trips.profits),
        expectancy=expectancy(trips.profits),
        exposure=exposure(trips, len(curve.equity)),
        turnover=turnover(fills, curve),
        fees=fees(fills),
        trades=len(trips.closed),
        fills=len(fills),
        both_touched=both_touched,
    )
