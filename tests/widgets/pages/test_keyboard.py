"""Everything can be done from the keyboard, says what it is, and shows where the keyboard is."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPalette
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QWidget,
)

from tests.support.pages import Moment
from tests.support.readable import unreadable
from tests.support.whole_window import PAGES, WholeWindow, settle
from widgets.frame.dashboard import SLIM_BELOW
from widgets.frame.rail_button import RailButton
from widgets.pages.settings import SettingsView
from widgets.parts.kpi.tile import KpiTile
from widgets.parts.panels.empty_state import EmptyState
from widgets.parts.table import Table
from widgets.theme import colour

CTRL = Qt.KeyboardModifier.ControlModifier


def controls(root: QWidget) -> list[QWidget]:
    """All that the keyboard can reach now, by Tab or, among buttons of which one is pressed, by the arrows."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def is_reached_by_arrows(widget: QWidget) -> bool:
    one_of_some = isinstance(widget, QAbstractButton) and (widget.autoExclusive() or widget.group() is not None)
    return one_of_some and not widget.isChecked()


def named(widget: QWidget) -> str:
    parent = widget.parentWidget()
    return f"{type(widget).__name__} {widget.accessibleName()!r} in {type(parent).__name__}"


@pytest.fixture
def active(qtbot, whole) -> WholeWindow:
    qtbot.waitExposed(whole.window)
    whole.window.activateWindow()
    qtbot.waitUntil(whole.window.isActiveWindow)
    return whole


def test_every_control_has_a_name(active):
    for name in PAGES:
        active.go_to(name)
        nameless = [named(widget) for widget in controls(active.window) if not widget.accessibleName()]
        assert nameless == [], name


def test_every_control_says_in_a_tooltip_what_it_does(active):
    spoken = (QAbstractButton, QLineEdit, QComboBox)
    for name in PAGES:
        active.go_to(name)
        silent = [named(each) for each in controls(active.window) if isinstance(each, spoken) and not each.toolTip()]
        assert silent == [], name


def icons_alone(whole: WholeWindow) -> list[QAbstractButton]:
    """The buttons that are seen now and have no words on them; a slim rail draws those of its own as icons."""
    buttons = [each for each in whole.window.findChildren(QAbstractButton) if each.isVisible()]
    slim = whole.window.width() < SLIM_BELOW
    own_parts = (QLineEdit, QComboBox)  # Qt's buttons inside a field
    return [
        each
        for each in buttons
        if not isinstance(each.parentWidget(), own_parts)
        and (not each.text() or (slim and isinstance(each, RailButton)))
        and not isinstance(each, KpiTile)
    ]


@pytest.mark.parametrize("width", [1024, 1440])
def test_what_is_an_icon_alone_says_in_a_tooltip_and_by_its_name_what_it_does(active, width):
    active.window.resize(width, 700)
    met = set()
    for name in PAGES:
        page = active.go_to(name)
        alone = icons_alone(active)
        met |= {each.toolTip() for each in alone}
        assert [named(each) for each in alone if not (each.toolTip() and each.accessibleName())] == [], name
        for table in page.findChildren(Table):
            rows, columns = range(table.rows.rowCount()), range(len(table.rows.columns))
            cells = [table.rows.cell(table.rows.index(row, column)) for row in rows for column in columns]
            wordless = [action for cell in cells for action in cell.actions if not action.label]
            assert all(action.tip for action in wordless), f"{name}: {wordless}"
    assert "Copy home" in met
    assert ("Overview (Ctrl+1)" in met) is (width == 1024), met


def test_every_page_of_an_empty_home_says_what_it_is_for_and_offers_a_first_step(qtbot):
    whole = WholeWindow(dict.fromkeys(PAGES, Moment()), (), SettingsView())
    qtbot.addWidget(whole.window)
    whole.window.resize(1024, 700)
    leads = {}
    for name in PAGES:
        page = whole.go_to(name)
        if name == "overview":
            page.set_first_steps(True)
            settle()
        assert unreadable(whole.window) == [], name
        empty = [each for each in page.findChildren(EmptyState) if each.isVisible() and each.findChildren(QPushButton)]
        buttons = [button for each in empty for button in each.findChildren(QPushButton)]
        leads[name] = [button.text() for button in buttons]
        assert all(button.isEnabled() and button.toolTip() for button in buttons), name
    adding = ["Add a script", "Add a project", "Add a strategy"]
    opening = ["Open Processes"]
    assert leads.pop("settings") == [], "there is always something in force"
    assert leads.pop("overview") == [], "its first steps stand above its figures"
    assert leads == dict.fromkeys(("inbox", "rules", "decisions", "logs"), opening) | {
        "processes": adding,
        "trading": ["Add a strategy"],
    }
    steps = whole.pages["overview"].steps
    assert [button.text() for button in steps.buttons.values()] == adding
    assert not steps.isHidden()


def test_where_the_keyboard_is_can_be_seen_on_every_control(active, theme):
    first, *_ = PAGES
    for name in PAGES:
        page = active.go_to(name)
        unseen = []
        for widget in controls(active.window if name == first else page):  # the frame around the pages stays
            active.window.dashboard.setFocus()
            settle()
            before = widget.grab().toImage()
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            settle()
            if widget.hasFocus() and widget.grab().toImage() == before:
                unseen.append(named(widget))
        assert unseen == [], name


def test_tab_goes_through_everything_from_the_top_bar_by_the_rail_to_the_page_and_comes_back(active):
    for name in PAGES:
        page = active.go_to(name)
        walked = walk(active)
        missed = [each for each in controls(active.window) if each not in walked and not is_reached_by_arrows(each)]
        assert [named(each) for each in missed] == [], name
        assert len({id(each) for each in walked}) == len(walked)
        parts = [part_of(active, page, widget) for widget in walked]
        assert parts == sorted(parts, key=("top", "rail", "page").index), name


def part_of(whole: WholeWindow, page: QWidget, widget: QWidget) -> str:
    board = whole.window.dashboard
    return "top" if board.top.isAncestorOf(widget) else "rail" if board.rail.isAncestorOf(widget) else "page"


def walk(whole: WholeWindow) -> list[QWidget]:
    """Where Tab leads, from the top bar's first control until it is there again."""
    first = whole.window.dashboard.top.name
    first.setFocus()
    walked: list[QWidget] = []
    for _ in range(200):
        now = QApplication.focusWidget()
        if now is None or (walked and now is first):
            return walked
        walked.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never comes back: {[named(each) for each in walked[-6:]]}")


def test_control_and_a_number_opens_each_page_and_gives_its_list_the_keyboard(active):
    for place, name in enumerate(PAGES, start=1):
        QTest.keyClick(active.window, Qt.Key(Qt.Key.Key_0 + place), CTRL)
        settle()
        assert active.window.dashboard.pages.current_id == name
    for name in ("inbox", "processes", "rules", "decisions"):
        page = active.go_to(name)
        assert isinstance(page.focusWidget(), QAbstractItemView), name


def test_f1_lists_every_key_there_is(active):
    for name in PAGES:
        active.go_to(name)
        active.add_keys(name)
    active.window.dashboard.key_help.open()
    listed = active.window.dashboard.key_help.shown_keys()
    keyed = {entry.shortcut for entry in active.actions.entries() if entry.shortcut}
    assert keyed <= set(listed)
    assert {"Ctrl+K", "F1", "F10", "Ctrl+1", "Ctrl+Z", "Space", "A", "R"} <= set(listed)


def test_control_k_opens_the_palette_from_wherever_the_keyboard_is(active):
    page = active.go_to("decisions")
    page.search.setFocus()
    QTest.keyClick(page.search, Qt.Key.Key_K, CTRL)
    assert active.window.dashboard.palette_panel.isVisible()
    QTest.keyClick(active.window.dashboard.palette_panel.field, Qt.Key.Key_Escape)
    assert page.search.hasFocus()


def test_tab_goes_through_overview_as_it_is_read(active):
    page = active.go_to("overview")
    walked = [widget for widget in walk(active) if page.isAncestorOf(widget)]
    first_need = next(iter(page.needs.items.findChildren(QAbstractButton)))
    landmarks = [page.time.track, page.tiles["pnl"], page.table, page.charts[0].chart, first_need, page.log.view]
    assert [widget for widget in walked if widget in landmarks] == landmarks


def test_shift_and_tab_go_back(active):
    active.go_to("overview")
    board = active.window.dashboard
    board.rail.button("overview").setFocus()
    QTest.keyClick(board.rail.button("overview"), Qt.Key.Key_Backtab)
    assert board.top.stop_trading.hasFocus()


def test_the_arrows_go_through_choices_and_choose(active):
    page = active.go_to("inbox")
    page.kinds.chips["all"].setFocus()
    QTest.keyClick(page.kinds.chips["all"], Qt.Key.Key_Right)
    assert page.kinds.chips["waiting"].hasFocus()
    assert page.kinds.current == "waiting"


def test_a_hint_in_an_empty_field_is_written_as_a_hint(active, theme):
    page = active.go_to("inbox")
    page.search.ensurePolished()
    assert page.search.palette().color(QPalette.ColorRole.PlaceholderText) == colour("tx2")
