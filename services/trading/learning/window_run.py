"""One strategy over one window of the bars: warmed from the bars before it, flat when it begins and when it ends."""

from dataclasses import dataclass, replace

from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.fills import Side
from services.trading.scoring.history import loaded_bars
from services.trading.scoring.scorer import Scorer
from services.trading.side_data import NONE, SideData
from services.trading.statistics import EquityCurve, Statistics, Traded, measured
from services.trading.strategy import Strategy

AT_THE_EDGE = "window end"


@dataclass(frozen=True, slots=True)
class WindowRun:
    """Bars and fills are counted from the window's first bar."""

    curve: EquityCurve
    fills: tuple[Traded, ...]

    def statistics(self) -> Statistics:
        return measured(self.curve, self.fills)


def lead_of(strategy: Strategy, start: int) -> int:
    """How many bars before a window's first are read to warm the terms: as many as live, or as there are."""
    return min(start, loaded_bars(strategy))


def run_window(strategy: Strategy, bars: Bars, window: range, side: SideData = NONE) -> WindowRun:
    """Trade the window alone. What is held at its last close is left there, with slippage and fee."""
    lead = lead_of(strategy, window.start)
    first = window.start - lead
    heard = side.reaching(strategy, Scorer(strategy).longest, bars.times[first])
    backtest = Backtest(strategy, heard.posts, series=side.series, warm=lead)
    result = backtest.run(bars.part(first, window.stop), "window")
    equity = list(result.curve.equity[lead:])
    fills = [replace(fill, bar=fill.bar - lead) for fill in result.fills]
    if fills and fills[-1].position:
        held, close = fills[-1].position, bars.closes[window.stop - 1]
        owed = (result.funding or 0.0) - sum(fill.funding for fill in fills)
        fills.append(_left_at(strategy, held, len(equity) - 1, close, owed))
        equity[-1] += held * (fills[-1].price - close) - fills[-1].fee
    times = result.curve.times[lead:]
    return WindowRun(EquityCurve(strategy.capital, strategy.bar, times, equity), tuple(fills))


def _left_at(strategy: Strategy, held: float, bar: int, close: float, owed: float) -> Traded:
    """Sell what is held, or buy back what is short; ``owed`` is the funding since the fill before."""
    side = Side.SELL if held > 0 else Side.BUY
    against = strategy.slippage.ticks * strategy.market.tick
    price = max(close - against if held > 0 else close + against, strategy.market.tick)
    fee = abs(held) * price * strategy.fee_rate
    return Traded(bar, side, abs(held), price, fee, held * price - fee - owed, 0.0, AT_THE_EDGE, owed)
