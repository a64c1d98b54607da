"""Workers on this machine: processes of their own, at the lowest priority."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from services.core.sandbox.own_children import spawning
from services.trading.candles import Bars
from services.trading.sweep.part import begin, run_begun
from services.trading.sweep.sweep import Submit


@contextmanager
def workers(count: int, bars: Bars, kept: Path, engine: str) -> Iterator[Submit]:
    """Gives parts to ``count`` processes that each have the bars; they have ended when this does.

    What is compiled lies below ``kept``.
    """
    executor = ProcessPoolExecutor(count, mp_context=spawning(), initializer=begin, initargs=(bars, kept, engine))
    try:
        yield lambda part: executor.submit(run_begun, part)
    finally:
        executor.shutdown(cancel_futures=True)
