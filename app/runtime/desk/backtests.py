"""Backtests that a page asks for: each in a process of its own, with its progress, and called off at any time."""

from __future__ import annotations

from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from PyQt6.QtCore import pyqtBoundSignal

from app.side_data import IN_ITS_FILE, side_data_of
from services.core.errors import UserError, in_words
from services.core.sandbox.own_children import spawning
from services.trading.backtest.apart import NotWanted, begin_apart, run_apart
from services.trading.backtest.ordered import BacktestDone, BacktestOrder
from services.trading.learning.comparisons import sentiment_compared
from services.trading.side_data import NONE, SideData

if TYPE_CHECKING:
    from app.paths import Home
    from app.runtime.desk.desk import Desk


@runtime_checkable
class AsksForBacktests(Protocol):
    """A page on which a strategy can be tested."""

    backtest_wanted: pyqtBoundSignal
    """A ``BacktestOrder``; answered with ``show_backtest``."""
    backtest_unwanted: pyqtBoundSignal
    """The one under way is called off."""

    def show_backtest_progress(self, part: float) -> None: ...

    def show_backtest(self, order: BacktestOrder, done: BacktestDone | None, error: str) -> None: ...


@dataclass
class _UnderWay:
    order: BacktestOrder
    executor: ProcessPoolExecutor
    percent: Any
    stop: Any


class Backtests:
    """One at a time for a page. What it needs of the home is read by a worker here, the rest by its process."""

    def __init__(self, page: AsksForBacktests, desk: Desk) -> None:
        self._page, self._desk = page, desk
        self._under_way: _UnderWay | None = None
        page.backtest_wanted.connect(self.begin)
        page.backtest_unwanted.connect(self.call_off)

    def begin(self, order: BacktestOrder) -> None:
        """Start it; one that is under way is called off first."""
        self.call_off()
        context = spawning()
        percent, stop = context.Value("i", 0, lock=False), context.Value("i", 0, lock=False)
        executor = ProcessPoolExecutor(1, context, begin_apart, (percent, stop))
        under_way = self._under_way = _UnderWay(order, executor, percent, stop)
        self._desk.program.engine.workers.start("a backtest", lambda: self._read(under_way))

    def beat(self) -> None:
        """Tell the page how far it has come."""
        if self._under_way is not None:
            self._page.show_backtest_progress(self._under_way.percent.value / 100)

    def call_off(self) -> None:
        """End it at its next look; nothing of it is shown."""
        if self._under_way is not None:
            self._under_way.stop.value = 1
            self._under_way = None

    def _read(self, under_way: _UnderWay) -> None:
        """Blocks; in a worker."""
        try:
            side = side_data_for(under_way.order, self._desk.program.home)
        except UserError as mistake:
            why = in_words(mistake)
            self._desk.hand_over(lambda _text: self._show(under_way, None, why), "")
        else:
            self._desk.hand_over(lambda _text: self._submit(under_way, side), "")

    def _submit(self, under_way: _UnderWay, side: SideData) -> None:
        """On the window's thread: a process ends with the thread that began it, and a worker's does not last."""
        if self._under_way is not under_way:
            return  # called off
        future = under_way.executor.submit(run_apart, under_way.order, side)
        under_way.executor.shutdown(wait=False)  # what was submitted is done; nothing more comes
        future.add_done_callback(lambda done: self._desk.hand_over(lambda _text: self._ended(under_way, done), ""))

    def _ended(self, under_way: _UnderWay, future: Future[BacktestDone]) -> None:
        error = future.exception()
        if error is None:
            self._show(under_way, future.result(), "")
        elif not isinstance(error, NotWanted):
            self._show(under_way, None, in_words(error))

    def _show(self, under_way: _UnderWay, done: BacktestDone | None, error: str) -> None:
        if self._under_way is not under_way:
            return  # called off
        self._under_way = None
        if done is not None and "sentiment" in done.told:
            self._desk.program.engine.journal.append(sentiment_compared(done.told))
        self._page.show_backtest(under_way.order, done, error)


def side_data_for(order: BacktestOrder, home: Home) -> SideData:
    """What its strategy decides by beside its bars, as this home has it. Raises ``UserError``. Blocks."""
    from services.trading.candles import Bars
    from services.trading.feed import open_feed
    from services.trading.plugins.series import plugin_files
    from services.trading.strategy import load_strategy

    strategy = load_strategy(Path(order.strategy))
    if not strategy.listens and not plugin_files(strategy):
        return NONE
    data = Path(order.data) if order.data else None
    return side_data_of(home, strategy, Bars.of(open_feed(strategy, data).candles), data, mend=IN_ITS_FILE)
