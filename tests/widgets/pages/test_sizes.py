"""From 1100x700 on everything on every page can be read: nothing is cut, pushed out or to be scrolled sideways."""

import pytest
from PyQt6.QtWidgets import QLabel

from app.cli.config import environment_of
from app.paths import Home
from app.runtime.shown_settings import settings_view
from app.secrets import Status as KeyringStatus
from app.settings import load
from tests.support.desk_work import ask_patch, busy_morning
from tests.support.readable import unreadable
from tests.support.whole_window import PAGES, WholeWindow, settle
from widgets.pages.settings import SettingsView, StandingRow
from widgets.parts.split import remembered

SMALLEST = (1100, 700)


@pytest.fixture
def settings(tmp_path) -> SettingsView:
    home = Home(tmp_path / "a folder with quite a long name" / "home", "--home")
    home.create()
    home.settings.write_text('[general]\nclose = "maybe"\n\n[engagement]\nplatfrom = "sandbox"\n')
    loaded = load(home, {"DREAMSCAPE_LOG__RING": "500"})
    keyring = KeyringStatus(False, "this system has no keyring; secrets are read from the environment")
    sandbox = StandingRow("Plug-ins and scripts", "child process", "They run in processes of their own.")
    return settings_view(home, loaded, environment_of(loaded, {}), keyring, sandbox)


@pytest.fixture
def whole(qtbot, household, desk, lines, settings) -> WholeWindow:
    lived, decided = household.program.engine.view, busy_morning(desk).program.engine.view
    ask_patch(desk, 43)
    views = {"overview": lived, "processes": lived, "inbox": decided, "decisions": decided}
    made = WholeWindow(views, lines, settings)
    qtbot.addWidget(made.window)
    return made


def test_the_window_can_be_as_small_as_1100_by_700_whatever_its_pages_show(whole):
    for name in PAGES:
        whole.go_to(name)
        least = whole.window.minimumSizeHint()
        assert (least.width() <= SMALLEST[0], least.height() <= SMALLEST[1]) == (True, True), f"{name}: {least}"


@pytest.mark.parametrize("size", [SMALLEST, (1280, 800), (1440, 900), (2560, 1440)])
def test_nothing_on_any_page_is_cut(whole, size, theme):
    whole.window.resize(*size)
    for name in PAGES:
        whole.go_to(name)
        assert whole.window.width() == size[0]
        assert unreadable(whole.window) == [], name


def test_the_first_steps_and_the_way_back_from_the_past_have_room_too(whole):
    whole.window.resize(*SMALLEST)
    overview = whole.go_to("overview")
    overview.set_first_steps(True)
    overview.time.back.show()
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
    for name in ("inbox", "decisions", "processes", "settings"):
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
    assert {"inbox", "inbox-left", "decisions", "processes", "process", "logs", "settings"} <= panes
