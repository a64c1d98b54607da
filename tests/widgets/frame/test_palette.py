import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from widgets.actions import ActionEntry, PaletteEntry
from widgets.fuzzy import score
from widgets.palette import matching

CTRL = Qt.KeyboardModifier.ControlModifier


def titles(entries) -> list[str]:
    return [entry.title for entry in entries]


def test_letters_in_order_are_enough_and_beginnings_of_words_count_more():
    entries = tuple(
        PaletteEntry(title, title) for title in ("Stop trading", "Go to Trading", "Pause all", "Start sweep")
    )
    assert titles(matching(entries, "st")) == ["Stop trading", "Start sweep"]
    assert titles(matching(entries, "gtr"))[0] == "Go to Trading"
    assert titles(matching(entries, "pa"))[0] == "Pause all"
    assert titles(matching(entries, "zzz")) == []
    assert titles(matching(entries, "  ")) == titles(entries)


def test_a_hint_is_found_after_the_titles():
    entries = (PaletteEntry("a", "Stop", "every trader"), PaletteEntry("b", "Trade history"))
    assert titles(matching(entries, "trade")) == ["Trade history", "Stop"]


def test_what_is_not_there_has_no_score():
    assert score("x", "Pause all") is None
    assert score("pause", "Pause all") > score("pause", "Plan a user sense")


def test_control_k_opens_typing_finds_and_enter_does_it(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    palette = window.dashboard.palette_panel
    assert palette.isVisible()
    qtbot.keyClicks(palette.field, "stop")
    assert titles(palette.found)[0] == "Stop trading"
    with qtbot.waitSignal(window.command) as told:
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert told.args == ["stop_trading"]
    assert not palette.isVisible()


def test_the_arrows_choose_and_go_round(qtbot, window):
    palette = window.dashboard.palette_panel
    palette.open()
    last = len(palette.found) - 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == last
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 0


def test_escape_closes_and_gives_the_focus_back(qtbot, window):
    window.activateWindow()
    button = window.dashboard.rail.button("trading")
    button.setFocus()
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    palette = window.dashboard.palette_panel
    assert palette.field.hasFocus()
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert button.hasFocus()


def test_a_page_is_reached_by_its_name(qtbot, window):
    palette = window.dashboard.palette_panel
    palette.open()
    qtbot.keyClicks(palette.field, "trading")
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    chosen = palette.list.currentIndex().data()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert chosen == "Go to Trading"
    assert window.dashboard.pages.current_id == "trading"


def test_more_than_the_registered_can_be_offered_each_time_it_opens(qtbot, window, actions):
    offered = [PaletteEntry("pause:trend", "Pause Trend rider", "Trading")]
    actions.offer_also(lambda: tuple(offered))
    window.dashboard.palette_panel.open()
    qtbot.keyClicks(window.dashboard.palette_panel.field, "rider")
    with qtbot.waitSignal(window.command) as told:
        qtbot.keyClick(window.dashboard.palette_panel.field, Qt.Key.Key_Return)
    assert told.args == ["pause:trend"]


def test_what_cannot_be_done_now_is_not_offered(window, actions):
    actions.enable("stop_trading", False)
    window.dashboard.palette_panel.open()
    assert "Stop trading" not in titles(window.dashboard.palette_panel.found)


def test_menu_palette_and_key_help_say_the_same(window, actions):
    menu = actions.menu(window)
    in_menu = {action.text() for action in menu.actions() if action.text()}
    assert in_menu == {entry.title for entry in actions.entries() if not entry.scope}
    assert {entry.title for entry in actions.palette_entries()} >= in_menu
    keys = window.dashboard.key_help.shown_keys()
    assert {entry.shortcut: entry.title for entry in actions.entries() if entry.shortcut}.items() <= keys.items()


def test_f1_shows_the_keys_and_escape_hides_them(qtbot, window):
    QTest.keyClick(window, Qt.Key.Key_F1)
    help_panel = window.dashboard.key_help
    assert help_panel.isVisible()
    assert help_panel.shown_keys()["Ctrl+Shift+P"] == "Pause all"
    qtbot.keyClick(help_panel, Qt.Key.Key_Escape)
    assert not help_panel.isVisible()


def test_a_key_belongs_to_one_action(actions):
    with pytest.raises(ValueError, match=r"Ctrl\+Shift\+P of 'other' already belongs to 'pause_all'"):
        actions.add(ActionEntry("other", "Other", shortcut="Ctrl+Shift+P"))
    with pytest.raises(ValueError, match="'pause_all' is registered already"):
        actions.add(ActionEntry("pause_all", "Again"))
    actions.add(ActionEntry("trade.approve", "Approve", shortcut="A", scope="trading"))


def test_the_key_of_a_page_counts_on_that_page_alone(qtbot, window, actions):
    told = []
    window.command.connect(told.append)
    QTest.keyClick(window, Qt.Key.Key_A)
    assert told == []
    page = window.dashboard.pages.page("overview")
    page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    actions.attach(page, "inbox")
    window.activateWindow()
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_A)
    assert told == ["approve"]
