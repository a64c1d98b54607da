"""A walk forward from what was asked to what is told: command line and process do the same."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from services.core.errors import UserError
from services.trading.candles import Bars
from services.trading.learning.evaluating import OBJECTIVES, Evaluator
from services.trading.learning.families import family_of, market_of
from services.trading.learning.grid import Candidates
from services.trading.learning.splits import Plan, Split, splits_of
from services.trading.learning.trials import TrialLedger
from services.trading.learning.walk_document import document
from services.trading.learning.walk_forward import Walk, backtests_of
from services.trading.side_data import NONE, SideData
from services.trading.strategy import Strategy
from services.trading.sweep.grid import grid_of
from services.trading.sweep.ground import Ground
from services.trading.sweep.in_common import told_in_common

WINDOWS = 6
TRAIN = 3.0
"""Test windows that a training is long."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched, and how the bars are split for it."""

    grid: tuple[str, ...]
    windows: int = WINDOWS
    anchored: bool = False
    train: float = TRAIN
    embargo: int | None = None
    """As far as the terms look back, where it is None."""
    by: str = "sharpe"


@dataclass(frozen=True, slots=True)
class Search:
    """One that can be done: everything that can be seen to be wrong is said before it begins."""

    strategy: Strategy
    wanted: Wanted
    candidates: Candidates
    bars: Bars
    label: str
    plan: Plan
    splits: tuple[Split, ...]
    side: SideData = NONE

    @classmethod
    def of(cls, strategy: Strategy, wanted: Wanted, bars: Bars, label: str, side: SideData = NONE) -> Self:
        """Raises ``UserError`` for a grid that is none, a figure that is none, too few bars, and for terms of posts or
        of plug-ins that have none."""
        side.require(strategy)
        candidates = found_in(strategy, wanted)
        embargo = wanted.embargo
        if embargo is None:
            embargo = candidates.longest
        plan = Plan(wanted.windows, wanted.anchored, wanted.train, embargo)
        splits = splits_of(len(bars), plan)
        _require_enough(candidates, splits, label)
        return cls(strategy, wanted, candidates, bars, label, plan, splits, side)

    @property
    def ground(self) -> Ground:
        """What all of it goes over."""
        return Ground(self.bars, self.side)

    @property
    def backtests(self) -> int:
        return backtests_of(self.candidates, self.splits)

    @property
    def bars_in_all(self) -> int:
        """About as many as all backtests go through."""
        return self.backtests * len(self.splits[-1].train)

    def run(self, evaluator: Evaluator, trials: Path, done: Callable[[int], None]) -> dict[str, Any]:
        """Go through it, count each combination as tried in the ledger ``trials``, and tell; see ``walk_document``."""
        found, by = self.candidates, self.wanted.by
        walk = Walk(self.strategy, found, self.bars, evaluator, by, done, self.side).run(self.splits)
        market, family = market_of(self.strategy, self.label), family_of(self.strategy)
        ledger = TrialLedger(trials)
        ledger.record(market, family, walk.trials)
        told = document(self.strategy, walk, self.plan, self.bars, self.label, ledger.counted(market, family))
        told["trials"]["market"] = market
        left_out = {"left_out": found.left_out, "left_out_why": found.why}
        grid = {"grid": list(self.wanted.grid), "by": self.wanted.by}
        return told | grid | left_out | {"engine": evaluator.engine} | told_in_common(found.grid, self.ground)


def found_in(strategy: Strategy, wanted: Wanted) -> Candidates:
    """The combinations of the grid; raises ``UserError`` before any candle is read."""
    if wanted.by not in OBJECTIVES:
        raise UserError(f"nothing is chosen by {wanted.by!r}", "--by", f"There are {', '.join(OBJECTIVES)}")
    return Candidates.of(grid_of(strategy, wanted.grid))


def _require_enough(candidates: Candidates, splits: tuple[Split, ...], label: str) -> None:
    """Raise ``UserError`` where a strategy asks for more history than its first training has."""
    most, trained = candidates.warm_up, len(splits[0].train)
    if trained <= most:
        what = f"the terms speak from bar {most + 1:,} on, and a training has {trained:,} bars"
        raise UserError(what, label, "Give more bars, fewer windows or a longer --train")
