"""A walk forward: parameters chosen on bars before each window, measured in it, and the windows put together.

So every figure of the whole is of bars that nothing was chosen on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import fsum

from services.trading.candles import Bars
from services.trading.learning.evaluating import Evaluator, Score, best_of
from services.trading.learning.grid import Candidate, Candidates
from services.trading.learning.splits import Split, newest
from services.trading.learning.trials import Trial
from services.trading.learning.values import Parameters
from services.trading.learning.window_run import WindowRun, run_window
from services.trading.side_data import NONE, SideData
from services.trading.statistics import EquityCurve, Statistics, Traded, measured
from services.trading.strategy import Strategy


@dataclass(frozen=True, slots=True)
class Window:
    """One window: what was chosen for it, how that did where it was chosen, and how after that."""

    split: Split
    parameters: Parameters
    in_sample: Statistics
    out_of_sample: Statistics
    champion: Statistics
    """The strategy as it stands, on the same test bars."""


@dataclass(frozen=True, slots=True)
class WalkForward:
    """All windows, and their test bars put together, compounding from one to the next."""

    windows: tuple[Window, ...]
    curve: EquityCurve
    fills: tuple[Traded, ...]
    champion: EquityCurve
    """Of the strategy as it stands, over the same bars."""
    challenger: Candidate
    """Chosen on the newest bars, as many as a training has: what would be traded from here on."""
    trials: tuple[Trial, ...]
    """Each combination once, with the mean of its Sharpe ratios over all trainings."""

    def statistics(self) -> Statistics:
        """Of the test windows put together."""
        return measured(self.curve, self.fills)


@dataclass
class Walk:
    """Goes forward window by window. ``done`` is told how many backtests are done, and may raise to end it."""

    strategy: Strategy
    candidates: Candidates
    bars: Bars
    evaluator: Evaluator
    objective: str = "sharpe"
    done: Callable[[int], None] = lambda count: None
    side: SideData = NONE

    def __post_init__(self) -> None:
        self._done = 0
        self._sharpes: dict[int, list[float]] = {}

    def run(self, splits: Sequence[Split]) -> WalkForward:
        """Through all of ``splits``, and once more to choose on the newest bars."""
        windows: list[Window] = []
        ours, theirs = _Stitched(self.strategy), _Stitched(self.strategy)
        for split in splits:
            chosen = self._chosen(split.train)
            measured_in = run_window(chosen.strategy, self.bars, split.train, self.side).statistics()
            out = ours.add(chosen.strategy, self.bars, split.test, self.side)
            champion = theirs.add(self.strategy, self.bars, split.test, self.side)
            windows.append(Window(split, chosen.parameters, measured_in, out.statistics(), champion.statistics()))
        challenger = self._chosen(newest(len(self.bars), splits[-1]))
        return WalkForward(
            tuple(windows), ours.curve, tuple(ours.fills), theirs.curve, challenger, tuple(self._trials())
        )

    def _chosen(self, train: range) -> Candidate:
        scores: list[Score] = []
        for score in self.evaluator.evaluate(self.candidates, self.bars, train):
            if score.sharpe is not None:
                self._sharpes.setdefault(len(scores), []).append(score.sharpe)
            scores.append(score)
            self._done += 1
            self.done(self._done)
        return self.candidates.candidate(best_of(scores, self.objective))

    def _trials(self) -> Iterator[Trial]:
        digest = self.side.digest(self.bars)
        for place, combination in enumerate(self.candidates.combinations()):
            found = self._sharpes.get(place)
            mean = fsum(found) / len(found) if found else None
            yield Trial(combination, digest, mean)


class _Stitched:
    """Windows put together: each begins with what the one before ended with."""

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy
        self._capital = strategy.capital
        self._times: list[int] = []
        self._equity: list[float] = []
        self.fills: list[Traded] = []

    def add(self, strategy: Strategy, bars: Bars, window: range, side: SideData) -> WindowRun:
        """Trade one more window, after all the others."""
        run = run_window(strategy.model_copy(update={"capital": self._capital}), bars, window, side)
        begun = len(self._times)
        self.fills.extend(replace(fill, bar=fill.bar + begun) for fill in run.fills)
        self._times.extend(run.curve.times)
        self._equity.extend(run.curve.equity)
        self._capital = run.curve.final
        return run

    @property
    def curve(self) -> EquityCurve:
        return EquityCurve(self._strategy.capital, self._strategy.bar, self._times, self._equity)


def backtests_of(candidates: Candidates, splits: Sequence[Split]) -> int:
    """How many backtests a walk takes to choose: what its progress is counted in."""
    return len(candidates) * (len(splits) + 1)
