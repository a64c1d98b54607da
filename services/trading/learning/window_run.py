"""One strategy over one window of the bars: warmed from the bars before it, flat when it begins and when it ends."""

from dataclasses import dataclass, replace

from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.fills import Side
from services.trading.scoring.scorer import Scorer
from services.trading.statistics import EquityCurve, Statistics, Traded, measured
from services.trading.strategy import Strategy

WARM = 20
"""Longest spans of the terms that are read before a window: from there on an exponential mean forgets its start."""
AT_THE_EDGE = "window end"


@dataclass(frozen=True, slots=True)
class WindowRun:
    """Bars and fills are counted from the window's first bar."""

    curve: EquityCurve
    fills: tuple[Traded, ...]

    def statistics(self) -> Statistics:
        return measured(self.curve, self.fills)


def lead_of(strategy: Strategy, start: int) -> int:
    """How many bars before a window's first are read to warm the terms: as many as wanted, or as there are."""
    return min(start, WARM * Scorer(strategy).longest)


def run_window(strategy: Strategy, bars: Bars, window: range) -> WindowRun:
    """Trade the window alone. What is held at its last close is sold there, a tick below it and with the fee."""
    lead = lead_of(strategy, window.start)
    result = Backtest(strategy, warm=lead).run(bars.part(window.start - lead, window.stop), "window")
    equity = list(result.curve.equity[lead:])
    fills = [replace(fill, bar=fill.bar - lead) for fill in result.fills]
    if fills and fills[-1].position > 0:
        left = _sold_at(strategy, fills[-1].position, len(equity) - 1, bars.closes[window.stop - 1])
        equity[-1] += left.cash - left.quantity * bars.closes[window.stop - 1]
        fills.append(left)
    times = result.curve.times[lead:]
    return WindowRun(EquityCurve(strategy.capital, strategy.bar, times, equity), tuple(fills))


def _sold_at(strategy: Strategy, held: float, bar: int, close: float) -> Traded:
    price = max(close - strategy.slippage.ticks * strategy.market.tick, strategy.market.tick)
    fee = held * price * strategy.fee_rate
    return Traded(bar, Side.SELL, held, price, fee, held * price - fee, 0.0, AT_THE_EDGE)
