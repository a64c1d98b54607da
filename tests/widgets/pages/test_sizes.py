"""From 1024x700 on everything on every page can be read: nothing is cut, pushed out or to be scrolled sideways."""

from dataclasses import replace

import pytest
from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QLabel, QWidget

from services.core.logs import LogLine
from services.core.process import State
from services.core.rules.events import RuleRead
from services.core.rules.standings import RuleRow, RuleStandings, RulesValue
from services.orchestrator.history.projections import Processes, ProcessesValue, ProcessRow
from tests.support.manual_clock import START
from tests.support.pages import Moment
from tests.support.readable import unreadable
from tests.support.whole_window import LOADED, PAGES, WholeWindow, settle
from widgets.frame.dashboard import SLIM_BELOW
from widgets.parts.panels.split import remembered
from widgets.parts.table.delegate import told as told_of

SMALLEST = (1024, 700)


def test_the_window_can_be_as_small_as_1024_by_700_whatever_its_pages_show(whole):
    whole.window.resize(*SMALLEST)
    for name in PAGES:
        whole.go_to(name)
        least = whole.window.minimumSizeHint()
        assert (least.width() <= SMALLEST[0], least.height() <= SMALLEST[1]) == (True, True), f"{name}: {least}"


@pytest.mark.parametrize("size", [SMALLEST, (SLIM_BELOW, 700), (1440, 900), (2560, 1440)])
def test_nothing_on_any_page_is_cut(whole, size, theme):
    whole.window.resize(*size)
    for name in PAGES:
        whole.go_to(name)
        assert whole.window.width() == size[0]
        assert unreadable(whole.window) == [], name


def test_a_window_that_is_made_smaller_and_larger_again_is_laid_out_anew(whole):
    for size in ((1440, 900), (1280, 800), SMALLEST, (1440, 900)):
        whole.window.resize(*size)
        for name in PAGES:
            whole.go_to(name)
            assert unreadable(whole.window) == [], f"{name} at {size}"


def test_a_wide_window_is_made_as_small_as_it_can_be_in_one_step(whole):
    for name in PAGES:
        whole.window.resize(1440, 900)
        whole.go_to(name)
        least = whole.window.minimumSizeHint()
        assert (least.width() <= SMALLEST[0], least.height() <= SMALLEST[1]) == (True, True), f"{name}: {least}"
        whole.window.resize(*SMALLEST)
        assert whole.window.width() == SMALLEST[0], name
        settle()
        assert unreadable(whole.window) == [], name


def test_the_first_steps_and_the_way_back_from_the_past_have_room_too(whole):
    whole.window.resize(*SMALLEST)
    overview = whole.go_to("overview")
    overview.set_first_steps(True)
    whole.window.show_frame(replace(LOADED, moment="yesterday 14:05"))
    settle()
    assert unreadable(whole.window) == []
    assert whole.window.size().width() == SMALLEST[0]


def test_the_forms_for_something_new_have_room_too(whole):
    whole.window.resize(*SMALLEST)
    processes = whole.go_to("processes")
    for which in ("script", "project", "strategy"):
        processes.open_form(which)
        settle()
        assert unreadable(whole.window) == [], which


def test_every_detail_that_opens_beside_a_list_has_room_too(whole):
    whole.window.resize(*SMALLEST)
    for name in ("inbox", "decisions", "processes", "rules", "settings"):
        table = whole.go_to(name).table
        for row in range(table.rows.rowCount()):
            table.setCurrentIndex(table.rows.index(row, 0))
            settle()
            assert unreadable(whole.window) == [], f"{name}, row {row}"
    logs = whole.go_to("logs")
    logs.log.selectRow(3)
    settle()
    assert logs.detail.isVisible()
    assert unreadable(whole.window) == []


@pytest.mark.parametrize(
    ("name", "column", "least"),
    [("overview", "doing", 140), ("processes", "doing", 140), ("decisions", "what", 210), ("inbox", "what", 240)],
)
def test_in_the_smallest_window_the_column_that_tells_the_most_has_the_most_room(whole, name, column, least):
    whole.window.resize(*SMALLEST)
    table = whole.go_to(name).table
    place = [each.id for each in table.rows.columns].index(column)
    assert table.columnWidth(place) >= least


def test_the_state_of_every_process_is_read_whole_also_what_it_was_before_the_program_ended(qtbot, settings):
    rows = tuple(ProcessRow(f"bot-{state}", "trading", state, "", "user", START) for state in State)
    view = Moment({Processes: ProcessesValue(rows)}, live=False, left=True)
    made = WholeWindow(dict.fromkeys(("overview", "processes"), view), (), settings)
    qtbot.addWidget(made.window)
    made.window.resize(*SMALLEST)
    for page in ("overview", "processes"):
        table = made.go_to(page).table
        at = [each.id for each in table.rows.columns].index("state")
        for row in range(table.rows.rowCount()):
            index = table.rows.index(row, at)
            cell = replace(table.rows.cell(index), tip="")
            assert told_of(cell, table.visualRect(index)) == "", f"{page}: {cell.text} is cut"


def test_a_process_with_an_endless_name_stretches_nothing(qtbot, settings):
    name = "a-bot-that-someone-gave-" + "a-name-without-end-" * 6
    rows = (ProcessRow(name, "trading", State.FAILED, "it raised", name, START, doing=f"was at {name}"),)
    told = RulesValue((RuleRow(RuleRead(name, "m", "trader", "over 1", ["alert"], f"{name}.yaml"), ()),))
    view = Moment({Processes: ProcessesValue(rows), RuleStandings: told})
    lines = (LogLine(START, "ERROR", name, f"{name} said so"),)
    made = WholeWindow(dict.fromkeys(PAGES[:-2], view), lines, settings)
    qtbot.addWidget(made.window)
    made.window.resize(*SMALLEST)
    for page in PAGES:
        made.go_to(page)
        assert unreadable(made.window) == [], page
        assert made.window.width() == SMALLEST[0], page
    table = made.go_to("processes").table
    cell = table.rows.cell(table.rows.index(0, 0))
    assert table.columnWidth(0) < 250
    assert name in told_of(cell, table.visualRect(table.rows.index(0, 0)))


def test_the_fault_finder_finds_what_is_cut(qtbot):
    label = QLabel("Words that need more room than this")
    qtbot.addWidget(label)
    label.setFixedWidth(40)
    label.show()
    assert "needs" in unreadable(label)[0]


def test_every_pane_can_be_dragged_and_its_size_is_remembered(whole):
    for name in PAGES:
        whole.go_to(name)
    panes = set(remembered(whole.window.dashboard.pages))
    assert {"overview", "overview.main", "overview.charts", "overview.side"} <= panes
    assert {"inbox", "inbox-left", "decisions", "processes", "process", "rules", "logs", "settings"} <= panes


class Windows(QObject):
    """Notes every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QWidget] = []

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(watched, QWidget) and watched.isWindow() and event is not None:
            self.shown += [watched] if event.type() == QEvent.Type.Show else []
        return False


def test_a_page_opens_in_the_window_and_in_none_of_its_own(qapp, whole):
    seen = Windows()
    qapp.installEventFilter(seen)
    for name in PAGES:
        whole.go_to(name)
    qapp.removeEventFilter(seen)
    assert [type(window).__name__ for window in seen.shown] == []
