"""The rail of pages, with names and with icons alone."""

import pytest
from PyQt6.QtCore import QRectF

from widgets.frame.rail_button import RailButton
from widgets.frame.views import Badge


@pytest.fixture
def button(qtbot) -> RailButton:
    button = RailButton("inbox", "Inbox", "inbox", "Inbox (Ctrl+2)")
    qtbot.addWidget(button)
    return button


@pytest.mark.parametrize("count", [1, 14, 128, 4_321])
@pytest.mark.parametrize("slim", [False, True])
def test_a_badge_lies_on_no_icon_however_many_it_counts(button, count, slim):
    button.set_slim(slim)
    button.resize(button.sizeHint())
    button.show_badge(Badge(count))
    assert not button.badge_place.isEmpty()
    assert not button.badge_place.intersects(QRectF(button.icon_place))
    assert QRectF(button.rect()).contains(button.badge_place)
    assert button.rect().contains(button.icon_place)


def test_an_icon_stays_where_it_is_while_badges_come_and_go(button):
    button.set_slim(True)
    button.resize(button.sizeHint())
    place = button.icon_place
    button.show_badge(Badge(7))
    assert button.icon_place == place
    button.show_badge(None)
    assert button.badge_place.isEmpty()
