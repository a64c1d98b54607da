import pytest
from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtTest import QTest

from widgets.frame.growth import between, grow
from widgets.frame.main_window import MainWindow
from widgets.frame.splash_page import SPLASH_SIZE
from widgets.frame.views import (
    Badge,
    EnvironmentView,
    FailureView,
    FrameView,
    HealthView,
    StepView,
)
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.panels.empty_state import Offer
from widgets.parts.panels.error_state import ErrorState
from widgets.parts.status import Status
from widgets.parts.toast import ToastView

CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_window_begins_small_and_tells_the_start(qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    assert window.size() == SPLASH_SIZE
    window.show_steps((StepView("Settings", "done", "0 mistakes", 0.01), StepView("Journal", "running")))
    assert window.splash.accessibleDescription() == "Settings: done 0 mistakes, Journal: running"


def test_the_splash_stands_in_the_middle_of_the_screen(qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    apart = window.geometry().center() - window.screen().availableGeometry().center()
    assert (abs(apart.x()) <= 1, abs(apart.y()) <= 1) == (True, True)


def test_a_failed_start_says_what_failed_and_how_to_go_on(qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    offers = (Offer("again", "Try again", "primary"), Offer("quit", "Quit"))
    window.show_failure(FailureView("The journal is locked", "by process 4711", "Close it.", offers=offers))
    assert window.splash.failure.isVisible()
    first = next(b for b in window.splash.findChildren(ActionButton) if b.text() == "Try again")
    with qtbot.waitSignal(window.splash_chosen) as told:
        first.click()
    assert told.args == ["again"]
    window.splash.clear_failure()
    assert window.splash.failure is None


def test_the_splash_grows_into_the_dashboard_and_only_its_first_page_is_built(window, pages):
    assert window.dashboard.isVisible()
    assert window.width() > SPLASH_SIZE.width()
    assert pages.built == ["overview"]


def test_no_control_looks_chosen_before_someone_chose_it(window, qtbot):
    window.activateWindow()
    assert window.dashboard.hasFocus()
    qtbot.keyClick(window.dashboard, Qt.Key.Key_Tab)
    assert window.dashboard.top.name.hasFocus()


def test_growing_goes_from_one_rectangle_to_the_other_and_ends_with_done(qapp, qtbot):
    steps, start, end = [], QRect(100, 100, 560, 380), QRect(0, 0, 1440, 900)
    with qtbot.waitCallback() as done:
        grow(qapp, start, end, lambda place, part: steps.append((place, part)), done, animated=True)
    assert steps[-1] == (end, 1.0)
    assert all(start.width() <= place.width() <= end.width() for place, _part in steps)
    assert between(start, end, 0.5) == QRect(50, 50, 1000, 640)


def test_without_motion_the_window_is_there_at_once(qapp):
    steps = []
    grow(qapp, QRect(), QRect(0, 0, 9, 9), lambda *step: steps.append(step), lambda: None, animated=False)
    assert steps == [(QRect(0, 0, 9, 9), 1.0)]


def test_a_page_is_built_when_it_is_first_shown_and_kept(qtbot, window, pages):
    with qtbot.waitSignal(window.page_shown) as told:
        window.go_to("trading")
    assert told.args == ["trading"]
    window.go_to("overview")
    window.go_to("trading")
    assert pages.built == ["overview", "trading"]
    assert not window.dashboard.pages.page("overview").isVisible()


def test_control_and_a_number_go_to_a_page_and_the_rail_shows_it(window):
    QTest.keyClick(window, Qt.Key.Key_2, CTRL)
    assert window.dashboard.pages.current_id == "trading"
    assert window.dashboard.rail.button("trading").isChecked()


def test_the_arrows_walk_the_rail(qtbot, window):
    window.dashboard.rail.button("overview").setFocus()
    qtbot.keyClick(window.dashboard.rail.button("overview"), Qt.Key.Key_Down)
    assert window.dashboard.pages.current_id == "trading"


@pytest.mark.qt_no_exception_capture
def test_a_page_that_cannot_be_built_says_why_and_can_be_tried_again(window, pages, caplog):
    window.go_to("settings")
    apology = window.dashboard.pages.page("settings").findChild(ErrorState)
    assert "Settings could not be opened" in apology.accessibleName()
    assert "settings.toml cannot be read" in apology.accessibleName()
    assert "settings.toml cannot be read" in caplog.text
    pages.mended = True
    next(b for b in apology.findChildren(ActionButton) if b.text() == "Try again").click()
    assert window.dashboard.pages.page("settings").text() == "settings"


def test_the_frame_shows_what_it_is_told(window):
    view = FrameView(
        health=HealthView(Status.WARN, "1 throttled"),
        environment=EnvironmentView("DEV · main · paper", "development", "because branch main is no release"),
        needs_you=1,
        badges={"trading": Badge(2, Status.BAD)},
        processes=14,
        events_per_second=1842,
        clock="09:42:17",
    )
    window.show_frame(view)
    top, bottom = window.dashboard.top, window.dashboard.bottom
    assert top.health.accessibleName() == "1 throttled, warning"
    assert top.needs_you.text() == "1 needs you"
    assert window.dashboard.rail.button("trading").accessibleName() == "Trading, 2"
    assert bottom.events.accessibleName() == "Events: events 1,842/s"
    assert "because branch main" in bottom.environment.accessibleName()
    assert not window.dashboard.banner.isVisible()


def test_live_trading_stands_in_words_over_every_page(window):
    window.show_frame(FrameView(banner="Live trading: real money", banner_status=Status.BAD))
    assert window.dashboard.banner.isVisible()
    assert window.dashboard.banner.text() == "Live trading: real money"


def test_the_brakes_say_what_is_wanted_and_decide_nothing(qtbot, window):
    with qtbot.waitSignal(window.command) as told:
        window.dashboard.top.stop_trading.click()
    assert told.args == ["stop_trading"]
    with qtbot.waitSignal(window.command) as told:
        window.dashboard.top.pause_all.click()
    assert told.args == ["pause_all"]
    window.show_frame(FrameView(all_paused=True))
    assert window.dashboard.top.pause_all.text() == "Resume all"
    with qtbot.waitSignal(window.command) as told:
        window.dashboard.top.pause_all.click()
    assert told.args == ["resume_all"]


def test_the_brakes_say_their_keys(window):
    top = window.dashboard.top
    assert top.pause_all.toolTip() == "Pause every process (Ctrl+Shift+P)"
    assert top.stop_trading.toolTip() == "End and pause every trading process, until you resume it"


def test_a_past_moment_is_told_over_every_page_with_the_way_back(qtbot, window, pages):
    window.show_frame(FrameView(moment="yesterday 14:05", processes=3))
    bar, bottom = window.dashboard.past, window.dashboard.bottom
    for page in ("overview", "trading"):
        window.go_to(page)
        assert bar.isVisible()
        assert (bar.told.text(), "of that moment" in bar.note.text()) == ("As of yesterday 14:05", True)
    assert bottom.processes.accessibleName() == "Processes: 3 processes at yesterday 14:05"
    assert bottom.of_now.accessibleName() == "The rest: Now:"
    with qtbot.waitSignal(window.command) as told:
        bar.button.click()
    assert told.args == ["back_to_now"]
    window.show_frame(FrameView(processes=3))
    assert not bar.isVisible()
    assert bottom.processes.accessibleName() == "Processes: 3 processes"
    assert not bottom.of_now.isVisible()


def test_a_page_that_is_always_of_now_says_so_in_a_past_moment(window, pages):
    pages.mended = True
    window.show_frame(FrameView(moment="14:05"))
    window.go_to("settings")
    assert window.dashboard.past.note.text().startswith("This page is of now")


def test_what_changes_something_is_grey_in_a_past_moment_and_its_key_is_still_heard(qtbot, window, actions):
    window.show_frame(FrameView(moment="14:05"))
    actions.hold_changes(True)
    top = window.dashboard.top
    assert (top.pause_all.isEnabled(), top.pause_all.toolTip()) == (False, "This is 14:05: go back to now first")
    assert top.stop_trading.isEnabled(), "a brake is of now, whatever is shown"
    menu = {entry.text().partition("\t")[0]: entry.isEnabled() for entry in actions.menu(window).actions()}
    assert (menu["Pause all"], menu["Stop trading"], menu["Back to now"]) == (False, True, True)
    assert {entry.title: entry.why_not for entry in actions.palette_entries()}["Pause all"] == "not in what is shown"
    with qtbot.waitSignal(window.command) as told:
        QTest.keyClick(window, Qt.Key.Key_P, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert told.args == ["pause_all"]
    assert actions.is_held("pause_all")
    actions.hold_changes(False)
    assert {entry.title: entry.why_not for entry in actions.palette_entries()}["Pause all"] == ""


def test_escape_leaves_the_past_after_the_toasts(qtbot, window):
    window.show_frame(FrameView(moment="14:05"))
    window.show_toast(ToastView("", "This is 14:05"))
    with qtbot.assertNotEmitted(window.command):
        QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.toasts.shown == ()
    with qtbot.waitSignal(window.command) as told:
        QTest.keyClick(window, Qt.Key.Key_Escape)
    assert told.args == ["back_to_now"]


def test_a_toast_in_the_window_can_be_taken_back(qtbot, window):
    window.show_toast(ToastView("decision-7", "Paused Trend rider", "Undo"))
    undo = next(b for b in window.findChildren(ActionButton) if b.text() == "Undo")
    with qtbot.waitSignal(window.offer_taken) as told:
        undo.click()
    assert told.args == ["decision-7"]


def test_the_window_comes_back_with_the_size_it_had(qtbot, window, actions, pages):
    window.setGeometry(QRect(20, 30, 1150, 720))
    kept = window.layout_sizes()
    other = MainWindow()
    qtbot.addWidget(other)
    other.fill(pages.entries(), type(actions)())
    other.restore_sizes(kept | {"some split": "broken"})
    other.show()
    other.open_dashboard()
    # The offscreen screen is 800 px wide: the geometry is kept because it reaches into it.
    assert other.geometry().size() == QSize(1150, 720)


def test_before_there_is_a_dashboard_the_window_says_so(qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    with pytest.raises(RuntimeError, match="call fill"):
        window.open_dashboard()
    with pytest.raises(RuntimeError, match="call fill"):
        window.show_toast(ToastView("a", "b"))


def test_closing_is_said_before_it_happens(qtbot, window):
    with qtbot.waitSignal(window.closing):
        window.close()


def test_every_control_of_the_frame_has_a_name_and_can_be_reached(window):
    from PyQt6.QtWidgets import QAbstractButton

    window.show_frame(FrameView(environment=EnvironmentView("DEV"), needs_you=2))
    buttons = [b for b in window.dashboard.findChildren(QAbstractButton) if b.isVisible()]
    assert len(buttons) >= 9
    assert all(button.accessibleName() for button in buttons)
    assert all(button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in buttons)
