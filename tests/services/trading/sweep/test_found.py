"""A sweep's table as a window shows it."""

from math import isnan, nan

from services.trading.sweep.found import found_in
from services.trading.sweep.grid import Grid, grid_of
from services.trading.sweep.table import COLUMNS, Table
from tests.support.strategies import strategy_with


def table_of(grid: Grid, sharpes: dict[int, float]) -> Table:
    table = Table()
    for number, sharpe in sharpes.items():
        table.add(number, dict.fromkeys(COLUMNS, 0.0) | {"sharpe": sharpe, "trades": 5.0, "max_drawdown": 0.1})
    return table


def test_each_pair_of_values_has_its_figure_and_the_best_come_first():
    grid = grid_of(strategy_with(), ["macd.fast=6,9,12", "macd.slow=20,26"])
    told = {number: number / 10 for number in range(len(grid))}
    found = found_in(table_of(grid, told), grid, {"macd.fast": 12, "macd.slow": 26}, 100, "generated", "kernel")
    assert (found.column_name, found.row_name) == ("macd.fast", "macd.slow")
    for number, value in told.items():
        chosen = grid.values(number)
        row, column = found.rows.index(str(chosen["macd.slow"])), found.columns.index(str(chosen["macd.fast"]))
        assert found.values[row][column] == value
    assert found.now == (2, 1)
    assert found.best[0].parameters == "fast 12 slow 26"
    assert [each.sharpe for each in found.best] == sorted(told.values(), reverse=True)


def test_of_a_third_axis_the_best_is_on_the_map():
    grid = grid_of(strategy_with(), ["macd.fast=6,9", "macd.slow=20,26,30", "macd.signal=9,10"])
    found = found_in(
        table_of(grid, {number: float(number) for number in range(len(grid))}), grid, {}, 100, "generated", "kernel"
    )
    assert (len(found.columns), len(found.rows)) == (3, 2)
    assert max(max(row) for row in found.values) == len(grid) - 1
    assert found.now is None


def test_one_axis_is_one_row_and_what_has_no_figure_stays_empty():
    grid = grid_of(strategy_with(), ["macd.fast=6,9,12"])
    found = found_in(table_of(grid, {0: 1.0, 1: nan}), grid, {"macd.fast": 9}, 100, "generated", "kernel")
    assert found.rows == ("",)
    assert found.values[0][0] == 1.0
    assert isnan(found.values[0][1])
    assert isnan(found.values[0][2])
    assert found.now == (1, 0)


def test_of_combinations_with_the_same_figures_one_stands_for_all():
    grid = grid_of(strategy_with(), ["macd.fast=6,9,12", "stop.percent=80,90"])
    table = table_of(grid, {0: 1.0, 1: 1.0, 2: 0.5, 3: 0.5, 4: 0.5, 5: 0.1})
    found = found_in(table, grid, {}, 100, "generated", "kernel", ("a note",))
    assert [(each.parameters, each.alike) for each in found.best] == [
        ("fast 6 percent 80", 1),
        ("fast 9 percent 80", 2),
        ("fast 12 percent 90", 0),
    ]
    assert found.notes == ("a note",)
