"""A sweep's table as a window shows it: a figure for each pair of two axes' values, and the best combinations."""

from collections.abc import Mapping
from math import isnan, nan

from services.core.words import typed_number
from services.trading.sweep.axes import Axis
from services.trading.sweep.grid import Grid
from services.trading.sweep.ordered import Found, SweepFound
from services.trading.sweep.table import Table

FIGURE = "sharpe"
BEST = 20


def found_in(
    table: Table,
    grid: Grid,
    now: Mapping[str, float],
    bars: int,
    label: str,
    engine: str,
    notes: tuple[str, ...] = (),
) -> SweepFound:
    """``now`` are the numbers of the strategy as it is, by the keys of the axes."""
    across, down = _two(grid)
    values = [[nan] * len(across.values) for _ in down.values]
    for place, number in enumerate(table.numbers):
        chosen, value = grid.values(number), table.columns[FIGURE][place]
        row, column = _place(down, chosen), _place(across, chosen)
        known = values[row][column]
        values[row][column] = value if isnan(known) else known if isnan(value) else max(known, value)
    return SweepFound(
        across.key,
        tuple(map(typed_number, across.values)),
        "" if down.key == _ALONE else down.key,
        ("",) if down.key == _ALONE else tuple(map(typed_number, down.values)),
        tuple(map(tuple, values)),
        _now(across, down, now),
        tuple(_found(table, grid, place, alike) for place, alike in table.distinct(FIGURE, BEST)),
        len(table),
        bars,
        label,
        engine,
        notes,
    )


_ALONE = "alone"


def _two(grid: Grid) -> tuple[Axis, Axis]:
    """The axes of the map: those with the most values."""
    axes = sorted(grid.axes, key=lambda axis: -len(axis.values))
    if len(axes) == 1:
        return axes[0], Axis(_ALONE, (0,))
    return axes[0], axes[1]


def _place(axis: Axis, chosen: Mapping[str, float]) -> int:
    return axis.values.index(chosen[axis.key]) if axis.key != _ALONE else 0


def _now(across: Axis, down: Axis, now: Mapping[str, float]) -> tuple[int, int] | None:
    places = []
    for axis in (across, down):
        value = now.get(axis.key, 0 if axis.key == _ALONE else None)
        if value not in axis.values:
            return None
        places.append(axis.values.index(value))
    return places[0], places[1]


def _found(table: Table, grid: Grid, place: int, alike: int) -> Found:
    values = grid.values(table.numbers[place])
    told = " ".join(f"{key.rpartition('.')[2]} {typed_number(value)}" for key, value in values.items())
    columns = table.columns
    return Found(
        told,
        columns[FIGURE][place],
        columns["total_return"][place],
        columns["max_drawdown"][place],
        int(columns["trades"][place]),
        alike,
    )
