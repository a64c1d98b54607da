"""How far a command has come, on the terminal of a person who waits; Ctrl-C ends it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_OFTEN = 50
"""How often the bar is drawn anew, from beginning to end."""


@contextmanager
def watched(total: int, what: str, unit: str) -> Iterator[Callable[[int], None]]:
    """A function that is told how much is done. Nothing is drawn where nobody looks at standard error."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task, step = progress.add_task(what, total=total), max(1, total // _OFTEN)

        def taken(done: int) -> None:
            if done % step == 0:
                progress.update(task, completed=done)

        yield taken
