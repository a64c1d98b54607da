"""What may be cleared of the ledger: the reasons of old decisions, and what rests on causes that are over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.core.decisions import condensing
from services.core.decisions.condensing import Endings, Over
from services.orchestrator.housekeeping.steps import Steps

ROWS = 1_000
"""Decisions that one step condenses or removes."""


@dataclass(frozen=True)
class LedgerClearing:
    """Counts what it clears. ``endings`` knows which causes are over; without it none is removed."""

    steps: Steps
    endings: Endings | None = None

    def condense(self, before: datetime, *, final_only: bool = False) -> int:
        """Keep the settled decisions from before a moment in short; ``final_only`` spares what can be taken back."""
        with self.steps.journal.store.reading.connect() as connection:
            found = condensing.old(connection, before, final_only=final_only)
        parts = (found[first : first + ROWS] for first in range(0, len(found), ROWS))
        return sum(self._condense(part) for part in parts)

    def remove(self, before: datetime, enough: Callable[[], bool] = lambda: False) -> int:
        """Remove what was over before a moment, the oldest first, until it is ``enough``. The newest of all stay."""
        if self.endings is None:
            return 0
        with self.steps.journal.store.reading.connect() as connection:
            spared = condensing.spared_from(connection)
            found = self.endings.over(connection)
        gone = 0
        for over in found:
            if spared is None or over.newest >= min(before, spared) or enough():
                break
            gone += self._remove(over, self.endings)
        if gone:
            self.endings.give_back()
        return gone

    def _condense(self, part: list[str]) -> int:
        return self.steps.once(lambda tx: condensing.condense(tx, part))

    def _remove(self, over: Over, endings: Endings) -> int:
        with self.steps.journal.store.reading.connect() as connection:
            if not condensing.may_go(connection, over):
                return 0
        if not endings.forget(over):  # first: while the ledger has them, books that lack them are written again
            return 0
        gone = last = self.steps.once(lambda tx: condensing.remove(tx, over, ROWS))
        while last == ROWS:
            gone += (last := self.steps.once(lambda tx: condensing.remove(tx, over, ROWS)))
        return gone
