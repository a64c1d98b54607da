"""Child interpreters of the lowest priority, for a search that a person waits for."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from services.core.sandbox.own_children import spawning
from services.core.sandbox.parent_death import end_with_parent
from services.trading.learning.evaluating import Evaluator, OneByOne, OverExecutor
from services.trading.sweep.priority import lowest

SMALL = 200_000
"""Bars in all of a search that is over before children have begun."""


@contextmanager
def evaluator(bars: int) -> Iterator[Evaluator]:
    """What goes through that many ``bars`` of all backtests together: here, or in children."""
    if bars <= SMALL:
        yield OneByOne()
        return
    with children() as executor:
        yield OverExecutor(executor)


@contextmanager
def children(most: int | None = None) -> Iterator[Executor]:
    """As many as the machine has cores. On leaving early, what has not begun is not begun."""
    executor = ProcessPoolExecutor(most or os.cpu_count() or 1, spawning(), _begin)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _begin() -> None:
    """Ctrl-C is the parent's to answer; where that is killed, so is the child."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lowest()
