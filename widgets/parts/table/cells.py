"""What a table's column is and what one of its cells shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from services.core.plain import plain
from widgets.parts.status import Status

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class CellAction:
    """A button inside a cell: its id for the program, words or an icon for the person.

    A `grey` one does nothing now; its press is told all the same, so that the person can be told why.
    """

    id: str
    label: str
    icon: str = ""
    tip: str = ""
    grey: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Everything one cell shows; equal cells are not painted again."""

    text: str = ""
    role: str = "tx0"
    status: Status | None = None
    progress: float | None = None  # 0 to 1, drawn as a bar before the text
    progress_role: str = "accent"
    mono: bool = False
    actions: tuple[CellAction, ...] = ()
    tip: str = ""

    def __post_init__(self) -> None:
        if not (self.text.isprintable() and self.tip.isprintable()):
            object.__setattr__(self, "text", plain(self.text))
            object.__setattr__(self, "tip", plain(self.tip))


@dataclass(frozen=True)  # with slots, Column[Row](...) fails on Python 3.11
class Column(Generic[Row]):
    """`cell` makes a row's cell; `sort` gives the value to sort by (the cell's text if there is none).

    Where the table is narrow, a column shrinks from `width` to `least` px (0: it does not), and is left out where the
    table has less than `leaves_below` px. The column that stretches takes the rest, and keeps its `width`.
    """

    id: str
    title: str
    cell: Callable[[Row], Cell]
    width: int = 100
    stretch: bool = False
    align: Literal["left", "right"] = "left"
    sort: Callable[[Row], Any] | None = None
    tip: str = ""
    least: int = 0
    leaves_below: int = 0

    def sort_value(self, row: Row) -> Any:
        """What this column sorts the row by."""
        return self.sort(row) if self.sort else self.cell(row).text.casefold()
