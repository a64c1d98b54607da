"""How far a command has come, on the terminal of a person who waits; Ctrl-C ends it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_OFTEN = 50
"""How often the bar is drawn anew, from beginning to end."""
_WARM = 3.0
"""Seconds of work after which it can be said how much is left: what began and compiled first tells nothing of it."""
_TELLINGS = 3
"""So often at least has to be told how much is done, too: parts that run beside each other come in a bunch."""


@dataclass
class Estimate:
    """How long the rest takes, by all that was done since the first telling; times in seconds of one clock."""

    total: int
    first: tuple[float, int] | None = None
    last: tuple[float, int] = (0.0, 0)
    times: int = 0

    def learn(self, at: float, done: int) -> None:
        self.first = self.first or (at, done)
        self.last, self.times = (at, done), self.times + 1

    def left(self, now: float) -> float | None:
        """Seconds from ``now`` on; None as long as nobody can tell."""
        if self.first is None or self.times < _TELLINGS:
            return None
        took, done = self.last[0] - self.first[0], self.last[1] - self.first[1]
        if took < _WARM or done <= 0:
            return None
        return max(0.0, (self.total - self.last[1]) * took / done - (now - self.last[0]))


def in_short(seconds: float | None) -> str:
    """As roughly as it is known: to five seconds under two minutes, else to the minute."""
    if seconds is None:
        return ""
    if seconds < 120:
        return f"about {max(5, 5 * round(seconds / 5))} s left"
    return f"about {round(seconds / 60):,} min left"


@contextmanager
def watched(total: int, what: str, unit: str) -> Iterator[Callable[[int], None]]:
    """A function that is told how much is done. Nothing is drawn where nobody looks at standard error."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.text import Text

    estimate, step, drawn = Estimate(total), max(1, total // _OFTEN), 0

    class Left(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(in_short(estimate.left(time.monotonic())))

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn(unit), Left())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)

        def taken(done: int) -> None:
            nonlocal drawn
            if done - drawn >= step or done >= total:
                drawn = done
                estimate.learn(time.monotonic(), done)
                progress.update(task, completed=done)

        yield taken
