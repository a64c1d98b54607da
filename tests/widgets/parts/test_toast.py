import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

from widgets.parts.toast import ToastStack, ToastView

BAND, MARGIN = 27, 16
LONG = "settings.toml:4:9: general.close is mistaken. " * 6


@pytest.fixture
def window(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1100, 400)
    made.show()
    return made


@pytest.fixture
def toasts(window) -> ToastStack:
    return ToastStack(window, BAND)


def test_a_toast_covers_the_status_bar_and_nothing_that_is_read(window, toasts):
    for word in ("Saved", "Paused", "Undone"):
        toasts.show_toast(ToastView("", word))
    places = [toast.geometry() for toast in toasts.shown]
    assert all(window.rect().contains(place) for place in places)
    assert min(place.top() for place in places) >= window.height() - BAND - MARGIN
    assert not any(a.intersects(b) for a in places for b in places if a is not b)
    assert places[2].right() > places[1].right() > places[0].right(), "the newest is at the right"


def test_long_words_take_the_line_before_they_go_on_in_another_and_stay_inside(window, toasts):
    toasts.show_toast(ToastView("", LONG))
    (long,) = toasts.shown
    assert window.rect().contains(long.geometry())
    assert long.width() > 900
    assert long.geometry().top() >= window.height() - BAND - MARGIN


def test_an_older_toast_without_room_waits_until_the_newer_has_gone(window, toasts):
    toasts.show_toast(ToastView("", LONG))
    toasts.show_toast(ToastView("", LONG + "And more."))
    older, newer = toasts.shown
    assert (older.isVisible(), newer.isVisible()) == (False, True)
    assert toasts.dismiss()
    assert older.isVisible()
    assert toasts.dismiss()
    assert not toasts.dismiss()


def test_a_click_takes_a_toast_away(qtbot, toasts):
    toasts.show_toast(ToastView("", "Saved"))
    qtbot.mouseClick(toasts.shown[0], Qt.MouseButton.LeftButton)
    assert toasts.words == ()


def test_what_is_told_already_is_not_told_beside_itself(toasts):
    for _ in range(3):
        toasts.show_toast(ToastView("", "This is 14:05"))
    assert toasts.words == ("This is 14:05",)
    toasts.show_toast(ToastView("1", "Paused", "Undo"))
    toasts.show_toast(ToastView("2", "Paused", "Undo"))
    assert toasts.words == ("This is 14:05", "Paused", "Paused")
