import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication

from widgets.parts.log import LogLine, LogModel, LogView


def lines(first: int, count: int, level: str = "INFO") -> tuple[LogLine, ...]:
    return tuple(LogLine("09:42:16", level, "trading", f"line {first + i}") for i in range(count))


def texts(model: LogModel) -> list[str]:
    return [model.index(row, 2).data() for row in range(model.rowCount())]


@pytest.mark.parametrize("newest_first", [False, True])
def test_qt_finds_no_fault_with_the_model_while_it_fills_and_trims(qtmodeltester, newest_first):
    model = LogModel(50, newest_first=newest_first)
    qtmodeltester.check(model)
    for first in range(0, 140, 7):
        model.append(lines(first, 7))
    assert model.rowCount() <= 50


def test_a_batch_is_one_insertion_and_the_oldest_go_by_tenths(qapp):
    model = LogModel(100)
    told = []
    model.rowsInserted.connect(lambda _p, first, last: told.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _p, first, last: told.append(("out", first, last)))
    model.append(lines(0, 100))
    model.append(lines(100, 1))
    assert told == [("in", 0, 99), ("out", 0, 9), ("in", 90, 90)]
    assert texts(model)[0] == "line 10"
    model.append(lines(101, 9))
    assert told[3:] == [("in", 91, 99)]


def test_a_batch_larger_than_the_log_leaves_its_end(qapp):
    model = LogModel(10)
    model.append(lines(0, 35))
    assert texts(model) == [f"line {i}" for i in range(25, 35)]


def test_the_newest_can_stand_first(qapp):
    model = LogModel(10, newest_first=True)
    model.append(lines(0, 2))
    model.append(lines(2, 1))
    assert texts(model) == ["line 2", "line 1", "line 0"]


def test_the_filter_shows_the_grave_and_what_is_sought_and_forgets_nothing(qtbot):
    view = LogView(LogModel(100))
    qtbot.addWidget(view)
    view.show_lines(lines(0, 3) + lines(3, 1, "ERROR"))
    view.filter("WARNING")
    assert texts(view.log) == ["line 3"]
    view.show_lines(lines(4, 1) + lines(5, 1, "CRITICAL"))
    assert texts(view.log) == ["line 3", "line 5"]
    view.filter("DEBUG", "LINE 4")
    assert texts(view.log) == ["line 4"]
    view.filter()
    assert len(texts(view.log)) == 6


def test_the_newest_line_stays_in_sight_until_someone_scrolls_away(qtbot):
    view = LogView(LogModel(1000))
    qtbot.addWidget(view)
    view.resize(500, 200)
    view.show()
    view.show_lines(lines(0, 100))
    qtbot.waitUntil(lambda: view.following and view.verticalScrollBar().value() > 0)
    view.verticalScrollBar().setValue(10)
    view.show_lines(lines(100, 10))
    assert not view.following
    assert view.verticalScrollBar().value() == 10


def test_selected_lines_are_copied_whole(qtbot):
    view = LogView(LogModel(100))
    qtbot.addWidget(view)
    view.show_lines(lines(0, 3))
    view.selectRow(1)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "09:42:16 INFO trading line 1"


def test_a_log_too_small_to_trim_is_refused():
    with pytest.raises(ValueError, match="a log of 3 lines"):
        LogModel(3)
