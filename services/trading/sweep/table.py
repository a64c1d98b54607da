"""What a sweep found: one row for each combination, by columns of plain numbers."""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from math import isnan, nan

COLUMNS = (
    "final_equity", "total_return", "cagr", "calmar", "max_drawdown", "max_drawdown_bars", "sharpe", "sortino",
    "profit_factor", "win_rate", "expectancy", "exposure", "turnover", "fees", "trades", "fills", "both_touched",
    "refused",
)  # fmt: skip
"""The figures of a backtest by their names; ``refused`` counts orders that were not placed."""
COUNTS = frozenset({"max_drawdown_bars", "trades", "fills", "both_touched", "refused"})

Figures = tuple[float | None, ...]
"""Of a row, in the order of ``COLUMNS``."""


@dataclass
class Table:
    """Rows in the order they came in. A figure that does not exist is NaN here and None in a row."""

    numbers: "array[int]" = field(default_factory=lambda: array("q"))
    """Of the combinations, in their grid."""
    columns: Mapping[str, "array[float]"] = field(default_factory=lambda: {name: array("d") for name in COLUMNS})
    left_out: Counter[str] = field(default_factory=Counter)
    """Combinations that make no strategy, by why."""

    def __len__(self) -> int:
        return len(self.numbers)

    def add(self, number: int, row: Mapping[str, float | None]) -> None:
        """One combination's figures."""
        self.numbers.append(number)
        for name, column in self.columns.items():
            value = row[name]
            column.append(nan if value is None else value)

    def extend(self, other: "Table") -> None:
        """Take the rows of another part of the grid."""
        self.numbers.extend(other.numbers)
        for name, column in self.columns.items():
            column.extend(other.columns[name])
        self.left_out.update(other.left_out)

    def row(self, place: int) -> dict[str, float | int | None]:
        """The figures of the row at that place."""
        told: dict[str, float | int | None] = {}
        for name, column in self.columns.items():
            value = column[place]
            told[name] = None if isnan(value) else int(value) if name in COUNTS else value
        return told

    def best(self, by: str, count: int) -> Iterator[int]:
        """The places of the rows with the most of a column, the best first; those without it come last, and of equals
        the one whose combination comes first in its grid."""
        column = self.columns[by]

        def rank(place: int) -> tuple[bool, float, int]:
            value = column[place]
            return isnan(value), 0.0 if isnan(value) else -value, self.numbers[place]

        yield from heapq.nsmallest(count, range(len(self)), key=rank)

    def distinct(self, by: str, count: int) -> list[tuple[int, int]]:
        """The places of the ``count`` best rows that differ, each with how many more rows have the same figures."""
        taken, first = count, dict[Figures, int]()
        while True:
            for place in self.best(by, taken):
                first.setdefault(self._figures(place), place)
            if len(first) >= count or taken >= len(self):
                break
            taken *= 4
        kept = dict(islice(first.items(), count))
        alike = Counter(self._figures(place) for place in self._with_one_of(by, set(kept)))
        return [(place, alike[figures] - 1) for figures, place in kept.items()]

    def _with_one_of(self, by: str, kept: set[Figures]) -> Iterator[int]:
        """The places whose value of ``by`` is that of one of them: few, where there are a million rows."""
        at = COLUMNS.index(by)
        values = {figures[at] for figures in kept}
        return (place for place, value in enumerate(self.columns[by]) if (None if isnan(value) else value) in values)

    def _figures(self, place: int) -> Figures:
        values = (column[place] for column in self.columns.values())
        return tuple(None if isnan(value) else value for value in values)
