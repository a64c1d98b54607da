"""Work on the store in small steps: each a transaction of its own, so that no one else waits for long."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from services.core.journal import Journal, Transaction, Work
from services.core.process.context import Context

T = TypeVar("T")


@dataclass(frozen=True)
class Steps:
    """For one run of a housekeeping process; a cancel takes effect between two steps."""

    context: Context
    journal: Journal

    def once(self, step: Work[T]) -> T:
        """Do one step and wait for it to be on disk."""
        done = self.context.clock.result(self.journal.write(step))
        self.context.checkpoint()
        return done

    def until_none(self, step: Callable[[Transaction], int]) -> int:
        """Repeat a step until it finds nothing to do; returns the sum."""
        total = 0
        while done := self.once(step):
            total += done
        return total
