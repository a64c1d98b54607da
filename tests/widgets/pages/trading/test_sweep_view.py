"""What a sweep found, on the page."""

from PyQt6.QtCore import Qt

from services.trading.sweep.ordered import Found, SweepFound
from widgets.pages.trading.sweep_view import SweepView

BEST = (Found("fast 6", 1.0, 0.1, 0.05, 12, 1_499), Found("fast 9", 0.5, 0.1, 0.05, 12))


def found(*notes: str) -> SweepFound:
    values = ((1.0, 0.5),)
    return SweepFound(
        "macd.fast", ("6", "9"), "", ("",), values, None, BEST, 1_501, 900, "recorded: c", "kernel", notes
    )


def test_combinations_with_the_same_result_are_one_row_that_says_how_many(qtbot):
    view = SweepView()
    qtbot.addWidget(view)
    view.show_found(found())
    rows = view.best.rows
    titles = [rows.headerData(column, Qt.Orientation.Horizontal) for column in range(rows.columnCount())]
    assert titles[-1] == "Alike"
    told = [rows.index(row, rows.columnCount() - 1).data() for row in range(rows.rowCount())]
    assert told == ["+1,499", ""]


def test_what_somebody_must_know_beside_the_figures_stands_under_them_until_it_is_of_others(qtbot):
    view = SweepView()
    qtbot.addWidget(view)
    view.show_found(found("funding not included", "of another market"))
    assert (view.notes.text(), view.notes.isHidden()) == ("Note: funding not included\nNote: of another market", False)
    view.show_found(found())
    assert view.notes.isHidden()
    view.show_found(found("again"))
    view.show_none()
    assert view.notes.isHidden()


def test_axes_that_are_too_long_for_the_field_are_seen_from_their_begin(qtbot):
    view = SweepView()
    qtbot.addWidget(view)
    view.propose(("macd.fast=6:13", "macd.slow=20:38:2"))
    assert (view.axes.text(), view.axes.cursorPosition()) == ("macd.fast=6:13 macd.slow=20:38:2", 0)
