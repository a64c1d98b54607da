"""Workers on this machine: processes of their own, at the lowest priority."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from services.core.sandbox.own_children import spawning
from services.trading.sweep.ground import Ground
from services.trading.sweep.part import begin, run_begun
from services.trading.sweep.sweep import Submit


@contextmanager
def workers(count: int, ground: Ground, kept: Path, engine: str) -> Iterator[Submit]:
    """Gives parts to ``count`` processes that each have the bars; they have ended when this does.

    What is compiled lies below ``kept``.
    """
    with processes(count, ground, kept, engine) as executor:
        yield lambda part: executor.submit(run_begun, part)


@contextmanager
def processes(count: int, ground: Ground, kept: Path, engine: str) -> Iterator[Executor]:
    """Those processes, for whatever ``part`` has. On leaving early they end with what they are at."""
    executor = ProcessPoolExecutor(count, mp_context=spawning(), initializer=begin, initargs=(ground, kept, engine))
    try:
        yield executor
    except BaseException:
        for child in tuple((executor._processes or {}).values()):  # 3.14 has a method for it
            child.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)
