"""Sweeps that a page asks for: computed by processes of the lowest priority, and called off at any time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from PyQt6.QtCore import pyqtBoundSignal

from services.core.errors import UserError

if TYPE_CHECKING:
    from app.paths import Home
    from app.runtime.desk.desk import Desk
    from services.trading.strategy import Strategy
    from services.trading.sweep.grid import Grid
    from services.trading.sweep.ordered import SweepFound, SweepOrder

WORKERS = 1
"""Processes of a sweep that the window asks for: what trades and what is shown keep the other processors."""


@runtime_checkable
class AsksForSweeps(Protocol):
    """A page on which a strategy's numbers can be swept."""

    sweep_wanted: pyqtBoundSignal
    """A ``SweepOrder``; answered with ``show_sweep``."""
    sweep_unwanted: pyqtBoundSignal

    def show_sweep_progress(self, part: float) -> None: ...

    def show_sweep(self, order: SweepOrder, found: SweepFound | None, error: str) -> None: ...


class NotWanted(Exception):
    """It was called off."""


@dataclass
class _UnderWay:
    order: SweepOrder
    part: float = 0.0
    wanted: bool = True


class Sweeps:
    """One at a time for a page."""

    def __init__(self, page: AsksForSweeps, desk: Desk) -> None:
        self._page, self._desk = page, desk
        self._under_way: _UnderWay | None = None
        page.sweep_wanted.connect(self.begin)
        page.sweep_unwanted.connect(self.call_off)

    def begin(self, order: SweepOrder) -> None:
        """Start it; one that is under way is called off first."""
        self.call_off()
        under_way = self._under_way = _UnderWay(order)

        def work() -> None:
            found, error = self._run(under_way)
            self._desk.hand_over(lambda _text: self._ended(under_way, found, error), "")

        self._desk.program.engine.workers.start("a sweep", work)

    def beat(self) -> None:
        """Tell the page how far it has come."""
        if self._under_way is not None:
            self._page.show_sweep_progress(self._under_way.part)

    def call_off(self) -> None:
        """End it with the part that is under way; nothing of it is shown."""
        if self._under_way is not None:
            self._under_way.wanted = False
            self._under_way = None

    def _run(self, under_way: _UnderWay) -> tuple[SweepFound | None, str]:
        """Blocks; in a worker."""
        try:
            return swept(under_way, self._desk.program.home), ""
        except UserError as mistake:
            return None, str(mistake)
        except NotWanted:
            return None, ""

    def _ended(self, under_way: _UnderWay, found: SweepFound | None, error: str) -> None:
        if self._under_way is under_way:
            self._under_way = None
            self._page.show_sweep(under_way.order, found, error)


def swept(under_way: _UnderWay, home: Home) -> SweepFound:
    """Read, run, count as tried, put together. Raises ``UserError`` for what cannot be swept, and ``NotWanted``."""
    from app.side_data import IN_ITS_FILE, side_data_of
    from services.trading.between_bars import refuse_between_bars
    from services.trading.candles import Bars
    from services.trading.candles.named_market import other_market
    from services.trading.feed import open_feed
    from services.trading.learning.sweeps import SweptTrials
    from services.trading.learning.trials import TrialLedger
    from services.trading.scoring.history import require_history
    from services.trading.strategy import load_strategy
    from services.trading.sweep.found import found_in
    from services.trading.sweep.grid import grid_of
    from services.trading.sweep.ground import Ground
    from services.trading.sweep.in_common import common_notes
    from services.trading.sweep.local import workers
    from services.trading.sweep.sweep import plan, run

    order, path = under_way.order, Path(under_way.order.strategy)
    strategy = load_strategy(path)
    refuse_between_bars(strategy, path)
    strategy = strategy.with_capital(order.capital)
    data = Path(order.data) if order.data else None
    feed, grid = open_feed(strategy, data), grid_of(strategy, order.axes)
    bars = Bars.of(feed.candles)
    require_history(grid.first(), len(bars), feed.label)
    ground = Ground(bars, side_data_of(home, strategy, bars, data, mend=IN_ITS_FILE))
    planned = plan(grid, ground)

    def done(combinations: int) -> None:
        under_way.part = combinations / len(grid)
        if not under_way.wanted:
            raise NotWanted("the sweep was called off")

    trials = SweptTrials(TrialLedger(home.trials), grid, feed.label, ground.side.digest(bars))
    with workers(WORKERS, ground, home.compiled) as submit:
        table = run(planned.parts(WORKERS), submit, done, trials.add)
    trials.count()
    other = other_market(feed.label, strategy.market.symbol, strategy.name)
    notes = (*filter(None, (other,)), *common_notes(grid, ground))
    return found_in(table, grid, _now(strategy, grid), len(bars), feed.label, planned.engine, notes)


def _now(strategy: Strategy, grid: Grid) -> dict[str, float]:
    """The numbers that the strategy has for the axes, where its file says them."""
    fields = strategy.model_dump(mode="python")
    return {axis.key: value for axis in grid.axes if isinstance(value := _at(fields, axis.key), int | float)}


def _at(fields: Any, key: str) -> Any:
    for name in key.split("."):
        fields = fields.get(name) if isinstance(fields, dict) else None
    return fields
