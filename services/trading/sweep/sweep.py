"""A sweep: the parts of a grid given to an executor, and what comes back put together."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from math import ceil
from queue import Empty, SimpleQueue

from services.trading.kernel.fitting import unfit
from services.trading.sweep.grid import Grid
from services.trading.sweep.ground import Ground
from services.trading.sweep.part import INCREMENTAL, KERNEL, Part
from services.trading.sweep.table import Table

STEPS = {KERNEL: 100_000_000, INCREMENTAL: 200_000}
"""Bars times combinations of one part: some half a second, so that it tells how far it is and ends when told."""
RATES = {KERNEL: 75e6, INCREMENTAL: 60e3}
"""Bars times combinations that one worker goes through in a second, roughly: with the four below, what the estimate
rests on. All are of one processor that nobody else wants."""
EACH, COUNTED = 150e-6, 50e-6
"""Seconds that a combination takes besides its bars, of a worker; and of the one process that counts it as a trial."""
PART = 1.0
"""Seconds that a part may take where its combinations take more than their bars."""
LOOK = 0.2
"""Seconds between two looks at whether it is still wanted, while nothing comes."""
BEGIN, COMPILE = 4.0, 28.0
"""Seconds until the workers have begun; and to compile what they run, where it was never run before."""
HEARD, SCORED = 15e-6, 100e-6
"""Seconds of every worker that a bar takes for each window of posts; and that a post takes."""
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
    posts: int = 0
    """How many are listened to."""

    @property
    def steps(self) -> int:
        """Bars times combinations."""
        return self.bars * len(self.grid)

    def seconds(self, workers: int, compiled: bool = True) -> float:
        """Roughly; ``compiled``: whether what the kernel runs has been compiled before."""
        combinations = len(self.grid)
        shared = self.steps / RATES[self.engine] + combinations * EACH
        compiling = 0.0 if compiled or self.engine != KERNEL else COMPILE
        return BEGIN + compiling + self._listening + shared / min(workers, combinations) + combinations * COUNTED

    @property
    def _listening(self) -> float:
        if not self.posts:
            return 0.0
        windows = [len(axis.values) for axis in self.grid.axes if axis.key.endswith(".window")]
        return self.posts * SCORED + self.bars * HEARD * max(1, sum(windows))

    def parts(self, workers: int) -> Iterator[Part]:
        """The grid in parts; the first is a single combination, see ``run``."""
        yield Part(self.grid, 0, 1, self.engine)
        most = max(1, min(STEPS[self.engine] // max(self.bars, 1), int(PART / EACH)))
        size = max(1, min(most, ceil(len(self.grid) / (workers * PARTS_PER_WORKER))))
        for start in range(1, len(self.grid), size):
            yield Part(self.grid, start, min(start + size, len(self.grid)), self.engine)


def plan(grid: Grid, ground: Ground) -> Plan:
    """Choose the engine; raises ``UserError`` where no combination makes a strategy."""
    because = unfit(grid.first())
    posts = len(ground.side.posts.rows) if ground.side.posts else 0
    return Plan(grid, len(ground.bars), INCREMENTAL if because else KERNEL, because, posts)


class Stopped(Exception):
    """A sweep was told to end; ``table`` is what it had found by then."""

    def __init__(self, table: Table) -> None:
        super().__init__(f"after {len(table):,} combinations")
        self.table = table


def run(
    parts: Iterator[Part],
    submit: Submit,
    done: Callable[[int], None] = lambda combinations: None,
    found: Callable[[Table], None] = lambda part: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Table:
    """Give every part to ``submit`` and put together what comes; ``done`` hears how many combinations there are, and
    ``found`` what came of each part.

    The first part is waited for alone: what it compiles the others find compiled. What ends a sweep early cancels what
    has not begun. Raises ``Stopped`` soon after ``stopped`` says so.
    """
    table = Table()
    futures: list[Future[Table]] = []
    come: SimpleQueue[Future[Table]] = SimpleQueue()

    def take() -> None:
        part = _next(come, stopped, table).result()
        found(part)
        table.extend(part)
        done(len(table) + table.left_out.total())

    try:
        for part in parts:
            futures.append(submit(part))
            futures[-1].add_done_callback(come.put)
            if len(futures) == 1:
                take()
        for _ in futures[1:]:
            take()
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return table


def _next(come: "SimpleQueue[Future[Table]]", stopped: Callable[[], bool], table: Table) -> "Future[Table]":
    """The next that came; raises ``Stopped`` with the table."""
    while not stopped():
        try:
            return come.get(timeout=LOOK)
        except Empty:
            continue
    raise Stopped(table)
