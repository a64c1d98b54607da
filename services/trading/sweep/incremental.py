"""The slow path: one backtest for each combination, for what the kernel has not learnt."""

from collections.abc import Iterator, Sequence

from services.trading.backtest.run import Backtest
from services.trading.kernel.outcome import Outcome, outcome_of
from services.trading.strategy import Strategy
from services.trading.sweep.ground import Ground


def outcomes_of(strategies: Sequence[Strategy], ground: Ground) -> Iterator[Outcome]:
    """The same figures as the kernel's, in the order of the strategies."""
    for strategy in strategies:
        result = Backtest(strategy, ground.side.posts, series=ground.side.series).run(ground.bars, "sweep")
        yield outcome_of(result.statistics(), result.counters)
