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
    assert score("shop", "Show the log of the selected process") is None
    assert score("pose", "Pause one on some") is None, "letters are only scattered over it"
    assert score("mentions", "Reject: main intent is on some") is None


def bots() -> tuple[PaletteEntry, ...]:
    """What is offered for two processes beside what there always is."""
    own = (
        PaletteEntry("stop", "Stop trading", "End every trading process", grave=True),
        PaletteEntry("reject", "Reject", "Leave it undone", grave=True),
        PaletteEntry("inbox", "Go to Inbox"),
    )
    for name in ("top-trader", "jet-eth"):
        own += (
            PaletteEntry(f"open:{name}", f"Open {name}", about=name),
            PaletteEntry(f"pause:{name}", f"Pause {name}", about=name),
            PaletteEntry(f"cancel:{name}", f"Cancel {name}", about=name, grave=True),
        )
    return own


@pytest.mark.parametrize("typed", ["top-trader", "top", "trader", "toptr"])
def test_the_name_of_a_process_opens_it_first_and_what_ends_it_comes_last(typed: str):
    found = titles(matching(bots(), typed))
    assert found[:2] == ["Open top-trader", "Pause top-trader"]
    assert "Open jet-eth" not in found
    assert found[-1] in ("Cancel top-trader", "Stop trading")


def test_a_process_is_not_found_by_letters_of_another_word():
    assert titles(matching(bots(), "jet"))[0] == "Open jet-eth"
    assert "Reject" not in titles(matching(bots(), "jet-eth"))


@pytest.mark.parametrize(
    ("typed", "found"), [("tra", "Open top-trader"), ("s", ""), ("re", ""), ("stop", "Stop trading")]
)
def test_what_is_grave_is_first_only_for_who_types_its_first_word(typed: str, found: str):
    assert (titles(matching(bots(), typed)) or [""])[0] == found


def test_a_verb_and_a_name_find_the_one_act():
    assert titles(matching(bots(), "cancel jet")) == ["Cancel jet-eth"]
    assert titles(matching(bots(), "jet pause")) == ["Pause jet-eth"]


def test_what_cannot_be_done_now_comes_after_what_can_and_what_was_taken_lately_first():
    entries = (
        PaletteEntry("a", "Alpha", why_not="nothing is paused"),
        PaletteEntry("b", "Beta"),
        PaletteEntry("c", "Gamma", grave=True),
        PaletteEntry("d", "Delta"),
    )
    assert titles(matching(entries, "", ("c", "d", "a"))) == ["Delta", "Beta", "Gamma", "Alpha"]


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


def test_home_end_and_the_page_keys_go_through_the_list(qtbot, window, actions):
    actions.offer_also(lambda: [PaletteEntry(f"x{each}", f"Entry {each}") for each in range(30)])
    palette = window.dashboard.palette_panel
    palette.open()
    last = len(palette.found) - 1
    for key, row in (
        (Qt.Key.Key_End, last),
        (Qt.Key.Key_PageUp, last - 8),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_PageDown, 8),
    ):
        qtbot.keyClick(palette.field, key)
        assert palette.list.currentIndex().row() == row


def test_what_was_taken_lately_stands_first_when_it_opens_again(qtbot, window):
    palette = window.dashboard.palette_panel
    for typed in ("settings", "go to trading"):
        palette.open()
        qtbot.keyClicks(palette.field, typed)
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    palette.open()
    assert titles(palette.found)[:2] == ["Go to Trading", "Go to Settings"]


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


def test_what_cannot_be_done_now_is_grey_says_why_and_does_nothing(qtbot, window, actions):
    actions.enable("stop_trading", False, "nothing trades")
    palette = window.dashboard.palette_panel
    palette.open()
    qtbot.keyClicks(palette.field, "stop")
    (entry,) = palette.found
    assert (entry.title, entry.why_not) == ("Stop trading", "nothing trades")
    spoken = palette.list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Stop trading, not now: nothing trades"
    with qtbot.assertNotEmitted(window.command):
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_what_another_page_does_is_offered_and_said_to_be_elsewhere(window, actions):
    (approve,) = (entry for entry in actions.palette_entries() if entry.id == "approve")
    assert (approve.why_not, approve.elsewhere) == ("", True)
    actions.here = "inbox"
    (approve,) = (entry for entry in actions.palette_entries() if entry.id == "approve")
    assert (approve.why_not, approve.elsewhere) == ("", False)


def test_of_two_that_fit_as_well_the_one_of_the_page_shown_comes_first():
    entries = (
        PaletteEntry("inbox.search", "Search the one", elsewhere=True),
        PaletteEntry("logs.search", "Search the two"),
        PaletteEntry("rules.search", "Search the six", why_not="there is none"),
    )
    assert [entry.id for entry in matching(entries, "search")] == ["logs.search", "inbox.search", "rules.search"]
    assert [entry.id for entry in matching(entries, "")] == ["logs.search", "inbox.search", "rules.search"]


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
