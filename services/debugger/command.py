"""Asking a tool (git, an interpreter, poetry) for a bounded answer, contained like any foreign child."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from services.core.clock import Clock
from services.core.durations import seconds
from services.core.sandbox import CannotStart, Ending, Line, Stream, Tree

_PATIENCE = seconds(60)
_LAST = 5


class ToolFailed(Exception):
    """A tool could not be started, took too long, or ended with a failure; the message says which and why."""


@dataclass(frozen=True)
class Tools:
    """What asking needs: the clock, the scrubbed environment, and what to heed while waiting."""

    clock: Clock
    env: Mapping[str, str]
    heed: Callable[[], None] = lambda: None

    def ask(self, argv: Sequence[str], cwd: Path, within: timedelta = _PATIENCE) -> list[str]:
        """The lines that ``argv`` prints; a file name in them may be given to the system as it is.

        Raises ``ToolFailed``.
        """
        lines: list[str] = []
        complaints: deque[str] = deque(maxlen=_LAST)

        def take(line: Line) -> None:
            (lines if line.stream is Stream.OUT else complaints).append(line.text)

        try:
            with Tree(
                argv, cwd=cwd, env=self.env, clock=self.clock, longest=65536, undecodable="surrogateescape"
            ) as tree:
                ended = tree.follow(take, self.heed, within)
        except CannotStart as error:
            raise ToolFailed(str(error)) from error
        if ended.how is Ending.DEADLINE:
            raise ToolFailed(f"{Path(argv[0]).name} gave no answer within {within.total_seconds():.0f} s")
        if ended.code:
            why = " ".join(complaints).strip() or f"exit code {ended.code}"
            raise ToolFailed(f"{Path(argv[0]).name}: {why[:500]}")
        return lines


def bounded(lines: Iterator[str], most: int) -> list[str]:
    """At most ``most`` of ``lines``, with a last one that counts what is left out."""
    kept: list[str] = []
    more = 0
    for line in lines:
        if len(kept) < most:
            kept.append(line)
        else:
            more += 1
    return [*kept, f"and {more} more"] if more else kept
