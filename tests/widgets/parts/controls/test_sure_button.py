import pytest
from PyQt6.QtCore import Qt

from widgets.parts.controls.sure_button import SureButton


@pytest.fixture
def button(qtbot) -> SureButton:
    made = SureButton("Kill", "Kill now", tip="End it at once")
    made.times = []
    made.sure.connect(lambda: made.times.append(1))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_it_acts_on_the_second_press(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.text(), button.times) == ("Kill now", [])
    assert "Press again" in button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.text(), button.times) == ("Kill", [1])


def test_it_asks_anew_after_a_while(qtbot, button):
    button._patience.setInterval(0)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not button.asking)
    assert (button.text(), button.toolTip()) == ("Kill", "End it at once")


def test_it_asks_no_more_once_the_keyboard_is_elsewhere(qtbot, button):
    button.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert button.asking
    button.clearFocus()
    assert not button.asking
