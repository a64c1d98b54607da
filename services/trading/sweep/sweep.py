"""A sweep: the parts of a grid given to an executor, and what comes back put together."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from math import ceil

from services.trading.kernel.fitting import unfit
from services.trading.sweep.grid import Grid
from services.trading.sweep.part import INCREMENTAL, KERNEL, Part
from services.trading.sweep.table import Table

STEPS = {KERNEL: 100_000_000, INCREMENTAL: 200_000}
"""Bars times combinations of one part: some half a second, so that it tells how far it is and ends when told."""
RATES = {KERNEL: 150e6, INCREMENTAL: 60e3}
"""Bars times combinations that one worker goes through in a second, roughly: what the estimate rests on."""
PARTS_PER_WORKER = 4
"""At least so many where there are so many combinations, so that no worker waits long for the last."""


Submit = Callable[[Part], "Future[Table]"]
"""Has a part run somewhere, soon."""


@dataclass(frozen=True)
class Plan:
    """What a sweep will take, told before it begins."""

    grid: Grid
    bars: int
    engine: str
    because: tuple[str, ...]
    """What of the strategy the kernel does not run; empty where it runs it."""

    @property
    def steps(self) -> int:
        """Bars times combinations."""
        return self.bars * len(self.grid)

    def seconds(self, workers: int) -> float:
        """Roughly; compiling comes on top once."""
        return self.steps / RATES[self.engine] / workers

    def parts(self, workers: int) -> Iterator[Part]:
        """The grid in parts; the first is a single combination, see ``run``."""
        yield Part(self.grid, 0, 1, self.engine)
        most = max(1, STEPS[self.engine] // max(self.bars, 1))
        size = max(1, min(most, ceil(len(self.grid) / (workers * PARTS_PER_WORKER))))
        for start in range(1, len(self.grid), size):
            yield Part(self.grid, start, min(start + size, len(self.grid)), self.engine)


def plan(grid: Grid, bars: int) -> Plan:
    """Choose the engine; raises ``UserError`` where no combination makes a strategy."""
    because = unfit(grid.first())
    return Plan(grid, bars, INCREMENTAL if because else KERNEL, because)


def run(parts: Iterator[Part], submit: Submit, done: Callable[[int], None] = lambda combinations: None) -> Table:
    """Give every part to ``submit`` and put together what comes; ``done`` hears how many combinations there are.

    The first part is waited for alone: it compiles what the others then find compiled. What ends a sweep early, an
    interrupt too, cancels what has not begun.
    """
    table = Table()
    futures: list[Future[Table]] = []
    try:
        for part in parts:
            futures.append(submit(part))
            if len(futures) == 1:
                table.extend(futures[0].result())
                done(len(table) + table.left_out.total())
        for future in as_completed(futures[1:]):
            table.extend(future.result())
            done(len(table) + table.left_out.total())
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return table
