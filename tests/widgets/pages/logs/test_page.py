from datetime import UTC, datetime, timedelta

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QPushButton

from services.core.logs import LogLine
from tests.support.pages import with_keys
from widgets.pages.logs import LogsPage

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def lines(first: int, count: int, level: str = "INFO", process: str = "trend") -> tuple[LogLine, ...]:
    return tuple(
        LogLine(AT + timedelta(seconds=n), level, process, f"line {n}", run="trend:4", logger="services.trading")
        for n in range(first, first + count)
    )


FAILED = LogLine(AT, "ERROR", "stream", "the stream broke\nTraceback (most recent call last):\nOSError: reset")


@pytest.fixture
def page(qtbot) -> LogsPage:
    page = LogsPage()
    with_keys(page, page.ACTIONS, "logs")
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitExposed(page)
    return page


def texts(page: LogsPage) -> list[str]:
    model = page.log.log
    return [model.line_at(row).text for row in range(model.rowCount())]


def at_the_end(qtbot, page: LogsPage) -> None:
    qtbot.waitUntil(lambda: page.log.following)


def scroll_up(page: LogsPage) -> None:
    page.log.verticalScrollBar().setValue(0)


def test_lines_are_followed_until_someone_scrolls_up(qtbot, page):
    page.add_log_lines(lines(0, 100))
    at_the_end(qtbot, page)
    scroll_up(page)
    page.add_log_lines(lines(100, 3))
    assert page.log.verticalScrollBar().value() == 0
    assert page.newer.isVisible()
    assert page.newer.text() == "3 new lines"
    assert page.bar.follow.text() == "Follow"


def test_a_filter_that_lets_nothing_pass_is_lifted_with_one_press(qtbot, page):
    page.add_log_lines(lines(0, 1))
    assert page._card._note.text() == "1 line"
    page.bar.levels.chips["ERROR"].click()
    page.bar.search.setText("no such word")
    page._narrow()
    (offer,) = page._faces.currentWidget().findChildren(QPushButton)
    offer.click()
    assert texts(page) == ["line 0"]
    assert (page.bar.level, page.bar.search.text()) == ("DEBUG", "")


def test_without_any_line_the_way_to_what_speaks_is_offered(page):
    gone = []
    page.go_to.connect(lambda where, what: gone.append((where, what)))
    page._faces.currentWidget().findChild(QPushButton).click()
    assert gone == [("processes", "")]


def test_the_button_leads_to_the_newest_line_and_follows_again(qtbot, page):
    page.add_log_lines(lines(0, 100))
    at_the_end(qtbot, page)
    scroll_up(page)
    page.add_log_lines(lines(100, 3))
    qtbot.mouseClick(page.newer, Qt.MouseButton.LeftButton)
    assert page.log.following
    assert not page.newer.isVisible()
    page.add_log_lines(lines(103, 1))
    at_the_end(qtbot, page)
    assert page.unseen == 0


def test_the_end_key_follows(qtbot, page):
    page.add_log_lines(lines(0, 100))
    at_the_end(qtbot, page)
    scroll_up(page)
    page.log.setFocus()
    qtbot.keyClick(page.log, Qt.Key.Key_End)
    assert page.log.following


def test_new_lines_that_the_filter_hides_are_not_counted(qtbot, page):
    page.add_log_lines(lines(0, 100, "ERROR"))
    qtbot.mouseClick(page.bar.levels.chips["ERROR"], Qt.MouseButton.LeftButton)
    at_the_end(qtbot, page)
    scroll_up(page)
    page.add_log_lines((*lines(100, 5), *lines(105, 2, "ERROR")))
    assert page.unseen == 2


def test_level_process_and_words_narrow_together(qtbot, page):
    page.add_log_lines((*lines(0, 3), *lines(3, 2, "WARNING"), *lines(5, 2, "WARNING", "stream"), FAILED))
    qtbot.mouseClick(page.bar.levels.chips["WARNING"], Qt.MouseButton.LeftButton)
    assert texts(page) == ["line 3", "line 4", "line 5", "line 6", "the stream broke"]
    page.select("stream")
    assert page.bar.processes.currentText() == "stream"
    assert texts(page) == ["line 5", "line 6", "the stream broke"]
    qtbot.keyClicks(page.bar.search, "oserror")
    qtbot.waitUntil(lambda: texts(page) == ["the stream broke"])


def test_a_process_that_has_said_nothing_can_be_selected(page):
    page.add_log_lines(lines(0, 3))
    page.select("quiet")
    assert texts(page) == []
    page.add_log_lines(lines(3, 1, process="quiet"))
    assert texts(page) == ["line 3"]
    page.select("")
    assert len(texts(page)) == 4


def test_a_hidden_page_keeps_lines_without_touching_the_list(qtbot, page):
    page.hide()
    page.add_log_lines(lines(0, 5))
    assert texts(page) == []
    page.show()
    assert texts(page) == [f"line {n}" for n in range(5)]


def test_an_error_is_read_in_full_and_copied_with_its_traceback(qtbot, page):
    page.add_log_lines((*lines(0, 2), FAILED))
    place = page.log.visualRect(page.log.log.index(2, 2)).center()
    qtbot.mouseClick(page.log.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.detail.isVisible()
    assert page.detail.text.toPlainText() == FAILED.text
    qtbot.mouseClick(page.detail.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == f"2026-03-02T09:00:00.000+00:00 ERROR stream: {FAILED.text}"
    with qtbot.waitSignal(page.go_to) as asked:
        qtbot.mouseClick(page.detail.open_button, Qt.MouseButton.LeftButton)
    assert asked.args == ["processes", "stream"]
    qtbot.keyClick(page.detail.text, Qt.Key.Key_Escape)
    assert not page.detail.isVisible()


def test_the_open_line_stays_selected_while_the_filter_changes(qtbot, page):
    page.add_log_lines((*lines(0, 50), FAILED, *lines(50, 50)))
    page.log.selectRow(50)
    qtbot.mouseClick(page.bar.levels.chips["ERROR"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.bar.levels.chips["DEBUG"], Qt.MouseButton.LeftButton)
    assert page.log.currentIndex().row() == 50
    assert page.detail.line.text == "the stream broke"


def test_the_selected_lines_are_copied_whole(qtbot, page):
    page.add_log_lines((*lines(0, 1), FAILED))
    page.log.selectAll()
    qtbot.keyClick(page.log, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().endswith("OSError: reset")


def test_in_a_past_moment_its_lines_stand_in_place_of_nows_which_come_back(page):
    page.add_log_lines(lines(0, 10))
    page.show_past_log(lines(0, 4))
    page.add_log_lines(lines(10, 2))
    assert texts(page) == ["line 0", "line 1", "line 2", "line 3"]
    assert not page.newer.isVisible()
    page.show_past_log(None)
    assert len(texts(page)) == 12


def test_a_past_that_no_file_reaches_back_to_says_so(page):
    page.add_log_lines(lines(0, 10))
    page.show_past_log(())
    assert texts(page) == []
    assert "No line of then" in page._faces.currentWidget().accessibleName()


def test_what_is_read_keeps_its_place_while_the_oldest_lines_go(qtbot, page):
    page.add_log_lines(lines(0, 10_000))
    at_the_end(qtbot, page)
    page.log.verticalScrollBar().setValue(5_000 * 20)
    before = page.log.log.line_at(page.log.rowAt(0)).text
    page.add_log_lines(lines(10_000, 10))
    assert page.log.log.line_at(page.log.rowAt(0)).text == before


def test_what_never_reached_the_window_is_noted_in_its_place(page):
    page.add_log_lines(lines(0, 1))
    page.note_dropped(7, AT)
    assert texts(page)[-1].startswith("7 lines were dropped here")


def test_ctrl_f_goes_to_the_search_and_escape_empties_it(qtbot, page):
    page.activateWindow()
    page.log.setFocus()
    qtbot.keyClick(page.log, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.bar.search.hasFocus)
    qtbot.keyClicks(page.bar.search, "x")
    qtbot.keyClick(page.bar.search, Qt.Key.Key_Escape)
    assert page.bar.search.text() == ""
