import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.chip import Chip
from widgets.parts.items import ItemList, ItemView
from widgets.parts.kpi.tile import KpiTile, KpiView
from widgets.parts.panels.card import Card
from widgets.parts.panels.empty_state import EmptyState, Offer
from widgets.parts.panels.error_state import ErrorState, ErrorView
from widgets.parts.panels.faces import Faces
from widgets.parts.panels.split import Split, remembered, restore
from widgets.parts.status import Status
from widgets.parts.status_dot import StatusDot
from widgets.parts.text.facts import Fact, Facts
from widgets.parts.toast import ToastStack, ToastView


def test_every_status_has_a_shape_of_its_own(qtbot):
    shapes = set()
    for status in Status:
        dot = StatusDot(status)
        qtbot.addWidget(dot)
        image = dot.grab().toImage()
        ground = image.pixelColor(0, 0)
        shapes.add(tuple(image.pixelColor(x, y) != ground for x in range(image.width()) for y in range(image.height())))
    assert len(shapes) == len(Status)


def test_a_tile_says_in_words_what_it_shows_and_answers_the_keyboard(qtbot):
    tile = KpiTile(KpiView("pnl", "Paper P&L", "+1.84", "%", "0.31", "up", "good", "vs. buy & hold"))
    qtbot.addWidget(tile)
    assert tile.accessibleName() == "Paper P&L: +1.84% up 0.31 vs. buy & hold"
    with qtbot.waitSignal(tile.clicked):
        qtbot.keyClick(tile, Qt.Key.Key_Space)


def test_an_equal_view_does_not_repaint_the_tile(qtbot):
    painted = []

    class Counting(KpiTile):
        def update(self) -> None:
            painted.append(self.view)
            super().update()

    tile = Counting(KpiView("a", "A", "1"))
    qtbot.addWidget(tile)
    painted.clear()
    tile.show_view(KpiView("a", "A", "1"))
    assert painted == []
    tile.show_view(KpiView("a", "A", "2"))
    assert len(painted) == 1


def test_a_stale_value_looks_different_and_says_its_age(qtbot):
    fresh, stale = KpiTile(KpiView("a", "A", "1")), KpiTile(KpiView("a", "A", "1", stale="48 s old"))
    for tile in (fresh, stale):
        qtbot.addWidget(tile)
    assert fresh.grab().toImage() != stale.grab().toImage()
    assert "48 s old" in stale.accessibleName()


def test_a_button_says_at_once_that_it_works_and_then_what_came_of_it(qtbot):
    button = ActionButton("Deploy", tip="Deploy the patch")
    qtbot.addWidget(button)
    pressed = []
    button.clicked.connect(lambda: pressed.append(button.state))
    button.clicked.connect(lambda: button.show_working())
    button.click()
    button.click()
    assert (pressed, button.state, button.text()) == (["ready"], "working", "Deploy…")
    button.show_done("Deployed")
    assert (button.state, button.text(), button.isEnabled()) == ("done", "Deployed", True)
    button.reset()
    assert (button.state, button.text()) == ("ready", "Deploy")


def test_a_failed_button_says_why_and_can_be_pressed_again(qtbot):
    button = ActionButton("Deploy")
    qtbot.addWidget(button)
    button.show_working()
    button.show_failed("Not deployed", "the file was changed by hand")
    assert button.toolTip() == "the file was changed by hand"
    assert button.isEnabled()


def test_a_label_given_while_a_button_works_counts_afterwards(qtbot):
    button = ActionButton("Pause")
    qtbot.addWidget(button)
    button.show_working()
    button.show_label("Resume")
    assert button.text() == "Pause…"
    button.reset()
    assert button.text() == "Resume"


def test_an_empty_place_offers_how_to_fill_it(qtbot):
    state = EmptyState("No campaign yet", "A campaign posts for you.", (Offer("new", "New campaign", "primary"),))
    qtbot.addWidget(state)
    with qtbot.waitSignal(state.chosen) as told:
        state.findChild(ActionButton).click()
    assert told.args == ["new"]


def test_the_details_of_an_error_can_be_copied(qtbot):
    state = ErrorState(ErrorView("The feed is silent", "HTTP 503", "It is asked again.", "GET /ticker 503"))
    qtbot.addWidget(state)
    state.copy_details()
    assert QGuiApplication.clipboard().text() == "The feed is silent\nHTTP 503\nGET /ticker 503"


def test_a_toast_gives_the_way_back_once_and_then_is_gone(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    stack = ToastStack(window)
    stack.show_toast(ToastView("patch-41", "Rolled back patch #41", "Undo"))
    with qtbot.waitSignal(stack.taken) as told:
        stack.shown[0].button.click()
    assert told.args == ["patch-41"]
    assert stack.shown == ()


def test_there_are_never_more_than_three_toasts_and_all_lie_inside(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    stack = ToastStack(window)
    for number in range(5):
        stack.show_toast(ToastView(str(number), f"toast {number}"))
    assert len(stack.shown) == 3
    window.resize(500, 400)
    assert all(window.rect().contains(toast.geometry()) for toast in stack.shown)


def test_only_the_items_that_differ_are_made_anew(qtbot):
    items = ItemList("Needs you")
    qtbot.addWidget(items)
    one, two = ItemView("1", "one"), ItemView("2", "two", offers=(Offer("yes", "Approve", "approve"),))
    items.show_items((one, two))
    kept = items.row("2")
    items.show_items((two, ItemView("1", "one, changed"), ItemView("3", "three")))
    assert items.row("2") is kept
    assert items.row("1").view.title == "one, changed"
    with qtbot.waitSignal(items.chosen) as told:
        kept.buttons["yes"].click()
    assert told.args == ["2", "yes"]
    items.show_items(())
    with pytest.raises(KeyError):
        items.row("2")


def test_the_keyboard_stays_on_its_item_when_the_row_is_made_anew_and_goes_to_the_next_when_it_is_gone(qtbot):
    items = ItemList("Needs you")
    qtbot.addWidget(items)
    offers = (Offer("yes", "Approve"), Offer("review", "Review"))
    one, two, three = (ItemView(name, name, offers=offers) for name in ("1", "2", "3"))
    items.show_items((one, two, three))
    items.show()
    items.activateWindow()
    items.row("2").buttons["review"].setFocus()
    qtbot.waitUntil(items.row("2").buttons["review"].hasFocus)
    items.show_items((one, ItemView("2", "two, changed", offers=offers), three))
    assert items.row("2").buttons["review"].hasFocus()
    items.show_items((one, three))
    assert items.row("3").buttons["review"].hasFocus()
    items.show_items((one,))
    assert items.row("1").buttons["review"].hasFocus()


def test_the_keyboard_stays_on_a_button_that_works_and_does_nothing_there(qtbot):
    window = QWidget()
    row = QVBoxLayout(window)
    button, other = ActionButton("Deploy"), ActionButton("Remove")
    row.addWidget(button)
    row.addWidget(other)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    pressed = []
    button.clicked.connect(lambda: pressed.append("deploy"))
    button.clicked.connect(lambda: button.show_working())
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    for _ in range(2):
        qtbot.keyClick(button, Qt.Key.Key_Space)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.hasFocus(), pressed) == (True, ["deploy"])
    other.setFocus()
    assert not button.isEnabled()


def test_facts_and_cards_and_chips_have_names_for_a_screen_reader(qtbot):
    facts, card, chip = Facts("Risk"), Card("Processes"), Chip("Healthy", Status.OK)
    for widget in (facts, card, chip):
        qtbot.addWidget(widget)
    facts.show_facts((Fact("Daily loss cap", "0.4 of 2.0%"),))
    assert facts.accessibleName() == "Risk: Daily loss cap 0.4 of 2.0%"
    assert card.accessibleName() == "Processes"
    assert chip.accessibleName() == "Healthy, well"


def test_a_fact_is_no_stop_of_the_tab_key_and_a_filter_is(qtbot):
    fact, choice = Chip("Healthy"), Chip("Errors 1", dense=True, pressable=True)
    for chip in (fact, choice):
        qtbot.addWidget(chip)
    assert fact.focusPolicy() == Qt.FocusPolicy.NoFocus
    with qtbot.waitSignal(choice.clicked):
        qtbot.keyClick(choice, Qt.Key.Key_Space)


def test_panes_have_their_shares_until_someone_sets_them_and_then_they_are_remembered(qtbot):
    def panes() -> Split:
        split = Split("main", Qt.Orientation.Horizontal).fill((QWidget(), 3), (QWidget(), 1))
        qtbot.addWidget(split)
        split.resize(812, 100)
        split.show()
        return split

    first, second = panes(), panes()
    assert first.sizes() == [600, 200]
    first.moveSplitter(200, 1)
    assert first.sizes()[0] == 200
    root = QWidget()
    qtbot.addWidget(root)
    first.setParent(root)
    kept = remembered(root)
    second.setParent(root)
    restore(root, kept)
    second.resize(812, 120)
    assert second.sizes() == first.sizes()
    restore(root, {"main": "no state at all"})
    assert second.sizes() == first.sizes()


def test_a_place_shows_its_content_or_says_why_not(qtbot):
    content = QWidget()
    place = Faces(content)
    qtbot.addWidget(place)
    place.show()
    place.show_empty("No patches yet", "Point the debugger at a project.", (Offer("point", "Choose a project"),))
    assert not content.isVisible()
    with qtbot.waitSignal(place.chosen) as told:
        place.currentWidget().findChild(ActionButton).click()
    assert told.args == ["point"]
    place.show_error(ErrorView("The queue cannot be read", "disk full", "Free some space."))
    assert "disk full" in place.currentWidget().findChild(ErrorState).accessibleName()
    place.show_content()
    assert content.isVisible()
    assert place.count() == 1


def test_what_loads_in_a_blink_shows_no_sign_of_loading(qtbot):
    content = QWidget()
    place = Faces(content)
    qtbot.addWidget(place)
    place.show_loading("Reading 1.2 M events")
    assert place.currentWidget() is content
    place.show_content()
    place.show_loading("Reading 1.2 M events")
    qtbot.waitUntil(lambda: place.currentWidget() is not content)
    assert place.currentWidget().text() == "Reading 1.2 M events"
