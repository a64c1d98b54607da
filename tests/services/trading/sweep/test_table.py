"""Rows of a sweep: put together, and the best of them."""

from services.trading.sweep.table import COLUMNS, Table

NOTHING = dict.fromkeys(COLUMNS, 0.0)


def rows(**columns: list[float | None]) -> Table:
    table = Table()
    for number, values in enumerate(zip(*columns.values(), strict=True)):
        table.add(number, NOTHING | dict(zip(columns, values, strict=True)))
    return table


def test_the_best_come_first_and_those_without_the_figure_last() -> None:
    table = rows(sharpe=[0.5, None, 2.0, 0.5])
    assert list(table.best("sharpe", 4)) == [2, 0, 3, 1]
    assert list(table.best("sharpe", 1)) == [2]


def test_a_row_has_counts_as_whole_numbers_and_none_for_what_does_not_exist() -> None:
    row = rows(sharpe=[None], trades=[3.0]).row(0)
    assert (row["sharpe"], row["trades"]) == (None, 3)
    assert isinstance(row["trades"], int)


def test_parts_are_put_together_with_what_was_left_out() -> None:
    one, other = rows(trades=[1.0]), Table()
    other.add(7, NOTHING | {"trades": 2.0})
    other.left_out["too slow"] += 2
    one.extend(other)
    assert list(one.numbers) == [0, 7]
    assert one.left_out == {"too slow": 2}


def test_rows_with_the_same_figures_are_one_that_says_how_many_more_there_are() -> None:
    table = rows(sharpe=[0.5, None, 2.0, 0.5, None, 0.5, 0.5], trades=[3, 1, 4, 3, 1, 8, 3])
    assert table.distinct("sharpe", 9) == [(2, 0), (0, 2), (5, 0), (1, 1)]
    assert table.distinct("sharpe", 2) == [(2, 0), (0, 2)], "also those that are not among the best two"
    assert table.distinct("trades", 1) == [(5, 0)]
    assert Table().distinct("sharpe", 3) == []
