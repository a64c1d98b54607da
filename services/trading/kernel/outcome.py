"""What the kernel finds for one combination: the same figures as a backtest's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.trading.statistics import Figure, Statistics

FIGURES = (
    "total_return", "cagr", "calmar", "sharpe", "sortino", "profit_factor", "win_rate", "expectancy", "exposure",
    "turnover", "fees", "max_drawdown",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """One combination over all bars. Shares as fractions (0.2 is 20 %), money in quote."""

    final_equity: float
    figures: Mapping[str, Figure]
    """By the names of ``FIGURES``."""
    max_drawdown_bars: int
    trades: int
    """Round trips that ended flat."""
    fills: int
    both_touched: int
    counters: Mapping[str, int] = field(default_factory=dict)
    """Orders that were not placed, by why."""
    log: Sequence[tuple[float, ...]] = ()
    """Where it was asked for: each fill as bar, side (1 or -1), quantity, price, fee in quote, and reason."""

    def row(self) -> dict[str, float | None]:
        """Every figure and count by its name, None for a figure that does not exist."""
        return {
            **{name: figure.value for name, figure in self.figures.items()},
            "final_equity": self.final_equity,
            "max_drawdown_bars": self.max_drawdown_bars,
            "trades": self.trades,
            "fills": self.fills,
            "both_touched": self.both_touched,
            "refused": sum(self.counters.values()),
        }


def outcome_of(statistics: Statistics, counters: Mapping[str, int]) -> Outcome:
    """The same of what a backtest measured."""
    return Outcome(
        final_equity=statistics.final_equity,
        figures={
            name: statistics.drawdown.share if name == "max_drawdown" else getattr(statistics, name) for name in FIGURES
        },
        max_drawdown_bars=statistics.drawdown.bars,
        trades=statistics.trades,
        fills=statistics.fills,
        both_touched=statistics.both_touched,
        counters=dict(counters),
    )
