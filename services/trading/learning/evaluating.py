"""How well each of many strategies did on one window: what a search chooses by."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Protocol

from services.trading.candles import Bars
from services.trading.kernel.outcome import Outcome
from services.trading.learning.window_run import run_window
from services.trading.side_data import NONE, SideData
from services.trading.statistics import Statistics
from services.trading.strategy import Strategy
from services.trading.sweep.part import INCREMENTAL, KERNEL, figures_begun
from services.trading.sweep.sweep import PARTS_PER_WORKER, STEPS

OBJECTIVES: dict[str, Callable[["Score"], float | None]] = {
    "sharpe": lambda score: score.sharpe,
    "return": lambda score: score.total_return,
    "calmar": lambda score: score.calmar,
    "profit-factor": lambda score: score.profit_factor,
}
"""What may be the most of; where a figure does not exist, anything is better."""

AHEAD = 4
"""Parts that wait for a worker, for each: more strategies than those need not be at once."""
ALIKE = 1e-9
"""Of a figure: what is below it is rounding."""


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

    @property
    def engine(self) -> str:
        """By what."""
        ...

    def evaluate(self, strategies: Sequence[Strategy], bars: Bars, window: range) -> Iterator[Score]:
        """One score for each, in their order; the bars before the window warm the terms, and both edges are flat."""
        ...


@dataclass(frozen=True)
class OneByOne:
    """Each by the engine of the backtest, bar by bar, here."""

    side: SideData = NONE
    engine: str = INCREMENTAL

    def evaluate(self, strategies: Sequence[Strategy], bars: Bars, window: range) -> Iterator[Score]:
        for strategy in strategies:
            yield Score.of(run_window(strategy, bars, window, self.side).statistics())


@dataclass(frozen=True)
class Compiled:
    """The same by the kernel, some at a time, in the processes of ``executor``; they began with all of the bars."""

    executor: Executor
    workers: int
    engine: str = KERNEL

    def evaluate(self, strategies: Sequence[Strategy], bars: Bars, window: range) -> Iterator[Score]:
        most = max(1, STEPS[KERNEL] // len(window))
        at_once = max(1, min(most, ceil(len(strategies) / (self.workers * PARTS_PER_WORKER))))
        parts: deque[Future[list[Outcome]]] = deque()
        for start in range(0, len(strategies), at_once):
            parts.append(self.executor.submit(figures_begun, strategies[start : start + at_once], window))
            if len(parts) > AHEAD * self.workers:
                yield from map(_score, parts.popleft().result())
        for part in parts:
            yield from map(_score, part.result())


def _score(outcome: Outcome) -> Score:
    told = outcome.figures
    return Score(
        told["sharpe"].value,
        told["total_return"].value,
        told["calmar"].value,
        told["profit_factor"].value,
        outcome.trades,
    )


def best_of(scores: Sequence[Score], objective: str) -> int:
    """Which has the most of it; the first of equals, and the first of all where none has any.

    Those that differ by no more than ``ALIKE`` are equals: the engines add up in another order, and both have to choose
    the same.
    """
    figures = [OBJECTIVES[objective](score) for score in scores]
    told = [figure for figure in figures if figure is not None]
    if not told:
        return 0
    most = max(told)
    least = most - ALIKE * max(abs(most), 1.0) if isfinite(most) else most
    return next(at for at, figure in enumerate(figures) if figure is not None and figure >= least)
