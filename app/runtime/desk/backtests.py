"""Backtests that a page asks for: each in a process of its own, with its progress, and called off at any time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from PyQt6.QtCore import pyqtBoundSignal

from services.core.errors import in_words
from services.core.sandbox.own_children import spawning
from services.trading.backtest.apart import NotWanted, begin_apart, run_apart
from services.trading.backtest.ordered import BacktestDone, BacktestOrder


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
    """One at a time for a page. ``hand_over`` has something done on the window's thread."""

    def __init__(self, page: AsksForBacktests, hand_over: Callable[[Callable[[str], None], str], None]) -> None:
        self._page, self._hand_over = page, hand_over
        self._under_way: _UnderWay | None = None
        page.backtest_wanted.connect(self.begin)
        page.backtest_unwanted.connect(self.call_off)

    def begin(self, order: BacktestOrder) -> None:
        """Start it; one that is under way is called off first."""
        self.call_off()
        context = spawning()
        percent, stop = context.Value("i", 0, lock=False), context.Value("i", 0, lock=False)
        executor = ProcessPoolExecutor(1, context, begin_apart, (percent, stop))
        self._under_way = _UnderWay(order, executor, percent, stop)
        future = executor.submit(run_apart, order)
        executor.shutdown(wait=False)  # what was submitted is done; nothing more comes
        future.add_done_callback(lambda done: self._hand_over(lambda _text: self._ended(order, done), ""))

    def beat(self) -> None:
        """Tell the page how far it has come."""
        if self._under_way is not None:
            self._page.show_backtest_progress(self._under_way.percent.value / 100)

    def call_off(self) -> None:
        """End it at its next look; nothing of it is shown."""
        if self._under_way is not None:
            self._under_way.stop.value = 1
            self._under_way = None

    def _ended(self, order: BacktestOrder, future: Future[BacktestDone]) -> None:
        if self._under_way is None or self._under_way.order is not order:
            return  # called off
        self._under_way = None
        error = future.exception()
        if isinstance(error, NotWanted):
            return
        if error is not None:
            self._page.show_backtest(order, None, in_words(error))
        else:
            self._page.show_backtest(order, future.result(), "")
