"""The trials of a sweep: what it looked at counts, whatever becomes of it."""

from collections.abc import Iterator
from math import isnan

from services.trading.learning.families import combinations_of, family_of, market_of
from services.trading.learning.trials import Trial, TrialLedger
from services.trading.sweep.grid import Grid
from services.trading.sweep.table import Table

AT_ONCE = 2_000
"""Trials that are written together."""


class SweptTrials:
    """Counts each combination that a sweep of ``grid`` ran as tried, for good, while it runs.

    ``label`` is of the candles, ``data`` the digest of all that was swept over.
    """

    def __init__(self, ledger: TrialLedger, grid: Grid, label: str, data: str) -> None:
        self._ledger, self._grid, self._data = ledger, grid, data
        first = grid.first()
        self.market, self._family = market_of(first, label), family_of(first)
        self._waiting = Table()

    def add(self, part: Table) -> None:
        """What came of a part; what is few waits for more."""
        self._waiting.extend(part)
        if len(self._waiting) >= AT_ONCE:
            self._write()

    def count(self) -> int:
        """How many there are by now on this market, with those of all earlier searches."""
        self._write()
        return self._ledger.counted(self.market, self._family).count

    def _write(self) -> None:
        self._ledger.record(self.market, self._family, trials_of(self._grid, self._waiting, self._data))
        self._waiting = Table()


def trials_of(grid: Grid, table: Table, data: str) -> Iterator[Trial]:
    """Each combination that a sweep of ``grid`` ran over the data of that digest."""
    combinations = combinations_of(grid.first(), (grid.values(number) for number in table.numbers))
    for combination, sharpe in zip(combinations, table.columns["sharpe"], strict=True):
        yield Trial(combination, data, None if isnan(sharpe) else sharpe)
