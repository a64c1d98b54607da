"""The trials of a sweep: what it looked at counts, whatever becomes of it."""

from collections.abc import Iterator
from math import isnan

from services.trading.learning.families import combinations_of, family_of
from services.trading.learning.trials import Trial, TrialLedger
from services.trading.sweep.grid import Grid
from services.trading.sweep.table import Table


def trials_of(grid: Grid, table: Table, data: str) -> Iterator[Trial]:
    """Each combination that a sweep of ``grid`` ran over the data of that digest."""
    combinations = combinations_of(grid.first(), (grid.values(number) for number in table.numbers))
    for combination, sharpe in zip(combinations, table.columns["sharpe"], strict=True):
        yield Trial(combination, data, None if isnan(sharpe) else sharpe)


def record_sweep(ledger: TrialLedger, grid: Grid, table: Table, data: str) -> int:
    """Count each combination that a sweep ran as tried, for good; returns how many there are on its market by now."""
    strategy = grid.first()
    market, family = strategy.market.symbol, family_of(strategy)
    ledger.record(market, family, trials_of(grid, table, data))
    return ledger.counted(market, family).count
