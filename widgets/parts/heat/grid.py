"""What a heat map shows."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the grid, by column and row."""

    column: int
    row: int


@dataclass(frozen=True, slots=True)
class HeatGrid:
    """``values`` row by row; NaN where there is none, which ``why`` tells.

    ``columns`` and ``rows`` are the values of two parameters, each with its name, which is empty for rows where there
    is but one; ``figure`` is what was measured.
    Raises ``ValueError`` where there are not as many values as places.
    """

    figure: str
    column_name: str
    columns: tuple[str, ...]
    row_name: str
    rows: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    marked: Cell | None = None
    """What is traded now."""
    why: str = "no figure: it traded too little"

    def __post_init__(self) -> None:
        if len(self.values) != len(self.rows) or any(len(row) != len(self.columns) for row in self.values):
            raise ValueError(f"a grid of {len(self.columns)} columns and {len(self.rows)} rows has a value at each")

    def at(self, cell: Cell) -> float:
        return self.values[cell.row][cell.column]

    @property
    def best(self) -> Cell | None:
        """The highest, the first of equals; None where there is no figure at all."""
        places = [Cell(column, row) for row in range(len(self.rows)) for column in range(len(self.columns))]
        known = [cell for cell in places if not math.isnan(self.at(cell))]
        return max(known, key=self.at, default=None)

    @property
    def reach(self) -> float:
        """The farthest figure from zero: where the colours end."""
        return max((abs(value) for row in self.values for value in row if not math.isnan(value)), default=0.0)

    def told(self, cell: Cell) -> str:
        """A place in words: its two values, and its figure or why there is none."""
        where = f"{self.column_name} {self.columns[cell.column]}"
        where += f", {self.row_name} {self.rows[cell.row]}" if self.row_name else ""
        value = self.at(cell)
        said = self.why if math.isnan(value) else f"{self.figure} {value:+.2f}".replace("-", "−")
        return f"{where}: {said}" + (" · traded now" if cell == self.marked else "")
