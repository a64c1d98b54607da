"""What a run says of itself, and what brings it to its end from outside."""

from dataclasses import dataclass
from datetime import datetime


class Superseded(Exception):
    """This run was given up; a newer epoch acts in its place, and nothing of this one counts any more."""


class EventRefused(Exception):
    """An event that was told cannot be kept, so nothing this run tells after it is: the next run goes on before it."""


class Cancelled(BaseException):
    """The run was asked to end. Not an ``Exception``, so that a process's own handlers let it pass."""


@dataclass(frozen=True)
class Progress:
    """How far a run has come: ``done`` of ``total`` (unknown when None), what it does now, seconds left if known."""

    done: float = 0
    total: float | None = None
    doing: str = ""
    eta: float | None = None

    @property
    def fraction(self) -> float | None:
        """0 to 1, or None when the total is unknown."""
        if not self.total:
            return None
        return min(1.0, max(0.0, self.done / self.total))


@dataclass(frozen=True)
class Waiting:
    """What a run waits for, and until when (UTC) if that is known."""

    what: str
    until: datetime | None = None
