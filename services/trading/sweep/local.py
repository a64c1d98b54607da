"""Workers on this machine: processes of their own, at the lowest priority."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from services.core.sandbox.own_children import spawning
from services.trading.sweep.ground import Ground
from services.trading.sweep.part import begin, run_begun
from services.trading.sweep.sweep import Submit


@contextmanager
def workers(count: int, ground: Ground, kept: Path) -> Iterator[Submit]:
    """Gives parts to ``count`` processes that each have the bars; they have ended when this does.

    What is compiled lies below ``kept``.
    """
    with processes(count, ground, kept) as executor:
        yield lambda part: executor.submit(run_begun, part)


@contextmanager
def processes(count: int, ground: Ground, kept: Path) -> Iterator[Executor]:
    """Those processes, for whatever ``part`` has."""
    with children(count, begin, ground, kept) as executor:
        yield executor


@contextmanager
def children(count: int, begins: Callable[..., None], *given: object) -> Iterator[Executor]:
    """Processes that each begin by calling that. On leaving early they end with what they are at."""
    executor = ProcessPoolExecutor(count, mp_context=spawning(), initializer=begins, initargs=given)
    try:
        yield executor
    except BaseException:
        for child in tuple((executor._processes or {}).values()):  # 3.14 has a method for it
            child.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)
