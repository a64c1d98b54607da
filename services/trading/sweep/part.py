"""A part of a sweep, as a process beside the program runs it.

Nothing is imported here that imports a step: the first thing such a process does is to set its compiler.
"""

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from services.core.sandbox.parent_death import end_with_parent
from services.core.sandbox.priority import lowest
from services.trading.sweep.grid import Grid
from services.trading.sweep.ground import Ground
from services.trading.sweep.impossible import Impossible
from services.trading.sweep.table import Table
from services.trading.sweep.warming import warm

if TYPE_CHECKING:
    from services.trading.kernel.outcome import Outcome
    from services.trading.strategy import Strategy

KERNEL, INCREMENTAL = "kernel", "incremental"
"""The engines: compiled, for many at once; and the backtest's, one bar after the other, which runs everything."""


@dataclass(frozen=True)
class Part:
    """The combinations from ``start`` to before ``stop`` of a grid."""

    grid: Grid
    start: int
    stop: int
    engine: str = KERNEL


@dataclass(frozen=True)
class _Begun:
    """What a process of our own began with."""

    ground: Ground
    kept: Path | None
    """The folder for what is compiled."""


_begun: list[_Begun] = []


def begin(ground: Ground, kept: Path | None) -> None:
    """A process of our own begins: it has the bars, no interrupt reaches it, and it ends with its parent."""
    behave()
    _begun[:] = [_Begun(ground, kept)]


def behave() -> None:
    """As every process of our own does that computes beside the program."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lowest()


def run_begun(part: Part) -> Table:
    """Run a part over the bars that this process began with."""
    begun = _begun[0]
    if part.engine == KERNEL:
        warm(begun.kept)
    return run_part(part, begun.ground)


def figures_begun(strategies: Sequence["Strategy"], window: range) -> list["Outcome"]:
    """What the kernel finds for each strategy in a window of the bars that this process began with."""
    begun = _begun[0]
    warm(begun.kept)
    from services.trading.kernel.run import over_window

    return over_window(begun.ground.bars, begun.ground.beside, strategies, window)


def run_elsewhere(part: Part, ground: Ground) -> Table:
    """Run a part in a process that somebody else began, over the network perhaps; it compiles for itself."""
    lowest()
    if part.engine == KERNEL:
        warm(None)
    return run_part(part, ground)


def run_part(part: Part, ground: Ground) -> Table:
    """Each combination's figures; those that make no strategy are counted."""
    table = Table()
    numbers, strategies = [], []
    for number in range(part.start, part.stop):
        try:
            strategies.append(part.grid.strategy(number))
            numbers.append(number)
        except Impossible as impossible:
            table.left_out[str(impossible)] += 1
    if part.engine == KERNEL:
        from services.trading.kernel.run import Kernel

        outcomes = iter(Kernel(ground.bars, ground.beside).outcomes(strategies))
    else:
        from services.trading.sweep.incremental import outcomes_of

        outcomes = outcomes_of(strategies, ground)
    for number, outcome in zip(numbers, outcomes, strict=True):
        table.add(number, outcome.row())
    return table
