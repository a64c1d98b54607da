"""What goes through the combinations of a search that a person waits for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.trading.kernel.fitting import unfit
from services.trading.learning.evaluating import Compiled, Evaluator, OneByOne
from services.trading.learning.search import Search
from services.trading.sweep.local import processes
from services.trading.sweep.part import figures_begun

SMALL = 200_000
"""Bars in all of a search that is over before children have begun."""


@contextmanager
def evaluator(search: Search, compiled: Path, workers: int = 0) -> Iterator[Evaluator]:
    """Here, bar by bar, where there is little to do or the kernel does not run it; else compiled, in as many children
    of the lowest priority as the machine has cores, or ``workers``. ``compiled`` is the folder for what is compiled.
    """
    if search.bars_in_all <= SMALL or unfit(search.candidates[0]):
        yield OneByOne(search.side)
        return
    count = workers or os.cpu_count() or 1
    with processes(count, search.ground, compiled) as executor:
        one = search.candidates[:1]
        executor.submit(figures_begun, one, search.splits[0].train).result()  # compiled here, others find it compiled
        yield Compiled(executor, count)
