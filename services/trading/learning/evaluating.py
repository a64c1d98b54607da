"""How well each of many strategies did on one window: what a search chooses by."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

from services.trading.candles import Bars
from services.trading.learning.window_run import lead_of, run_window
from services.trading.statistics import Statistics
from services.trading.strategy import Strategy

OBJECTIVES: dict[str, Callable[["Score"], float | None]] = {
    "sharpe": lambda score: score.sharpe,
    "return": lambda score: score.total_return,
    "calmar": lambda score: score.calmar,
    "profit-factor": lambda score: score.profit_factor,
}
"""What may be the most of; where a figure does not exist, anything is better."""


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of one strategy that a search may choose by; None where one does not exist."""

    sharpe: float | None
    """Annualised."""
    total_return: float | None
    calmar: float | None
    profit_factor: float | None
    trades: int

    @classmethod
    def of(cls, told: Statistics) -> "Score":
        return cls(told.sharpe.value, told.total_return.value, told.calmar.value, told.profit_factor.value, told.trades)


class Evaluator(Protocol):
    """Runs many strategies over a window of bars."""

    def evaluate(self, strategies: Sequence[Strategy], bars: Bars, window: range) -> Iterator[Score]:
        """One score for each, in their order; the bars before the window warm the terms, and both edges are flat."""
        ...


class OneByOne:
    """Each by the engine of the backtest, bar by bar, here."""

    def evaluate(self, strategies: Sequence[Strategy], bars: Bars, window: range) -> Iterator[Score]:
        for strategy in strategies:
            yield Score.of(run_window(strategy, bars, window).statistics())


@dataclass(frozen=True)
class OverExecutor:
    """The same, some at a time, wherever ``executor`` runs what it is given."""

    executor: Executor
    at_once: int = 4
    """Strategies that are given to it together: each part takes the window's bars along."""

    def evaluate(self, strategies: Sequence[Strategy], bars: Bars, window: range) -> Iterator[Score]:
        lead = max((lead_of(strategy, window.start) for strategy in strategies), default=0)
        part = bars.part(window.start - lead, window.stop)
        inner = range(lead, lead + len(window))
        starts = range(0, len(strategies), self.at_once)
        parts = [self.executor.submit(scores_of, strategies[at : at + self.at_once], part, inner) for at in starts]
        for each in parts:
            yield from each.result()


def scores_of(strategies: Sequence[Strategy], bars: Bars, window: range) -> list[Score]:
    """One part of the work, as an executor is given it."""
    return list(OneByOne().evaluate(strategies, bars, window))


def best_of(scores: Sequence[Score], objective: str) -> int:
    """Which has the most of it; the first of equals, and the first of all where none has any."""
    figures = [OBJECTIVES[objective](score) for score in scores]
    return max(range(len(figures)), key=lambda at: (figures[at] is not None, figures[at] or 0.0, -at))
