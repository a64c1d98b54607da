from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication

from tests.support.pages import with_keys
from widgets.pages.settings import SettingsPage
from widgets.pages.settings.views import (
    ClueRow,
    EnvironmentRow,
    LoginRow,
    MistakeRow,
    PathRow,
    SettingRow,
    SettingsView,
    StandingRow,
)

SWITCH = ("false", "true")
ROWS = (
    SettingRow("general", "theme", "dark", "settings.toml:2", choices=("system", "dark", "light")),
    SettingRow("general", "close", "ask", choices=("ask", "tray", "quit")),
    SettingRow("general", "reduce_motion", "false", choices=SWITCH),
    SettingRow("general", "autostart", "false", choices=SWITCH),
    SettingRow("store", "disk_cap_mb", "4096", "settings.toml:5"),
    SettingRow("log", "level", "DEBUG", "env DREAMSCAPE_LOG__LEVEL", choices=("DEBUG", "INFO")),
    SettingRow("trading", "api_key", "set", "keyring", masked=True, editable=False),
    SettingRow("debugger", "projects", "", editable=False),
)
VIEW = SettingsView(
    ROWS,
    environment=EnvironmentRow("Development", "rule 8", "off", (ClueRow("ci", "no"), ClueRow("branch", "x", "dev"))),
    keyring=StandingRow("Keyring", "in use", "a keyring"),
    paths=(PathRow("Home", "/data/home"), PathRow("Log", "/data/home/logs/dreamscape.log")),
    login=LoginRow(False, "/home/user/.config/autostart/dreamscape.desktop"),
    explain="env=dev (rule 8)",
)
MISTAKES = tuple(
    MistakeRow(f"log.level is {n}", f"/data/home/settings.toml:{n}:9", "did you mean INFO?") for n in "1234567"
)


@pytest.fixture
def page(qtbot) -> SettingsPage:
    page = SettingsPage()
    with_keys(page, page.ACTIONS, "settings")
    qtbot.addWidget(page)
    page.resize(1208, 780)
    page.show_settings(VIEW)
    page.show()
    qtbot.waitExposed(page)
    return page


@pytest.fixture
def asked(page) -> list[tuple[str, object]]:
    heard: list[tuple[str, object]] = []
    page.setting_changed.connect(lambda name, value: heard.append((name, value)))
    return heard


def click(qtbot, widget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def changed(name: str, **values) -> SettingsView:
    return replace(VIEW, rows=tuple(replace(row, **values) if row.name == name else row for row in ROWS))


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_a_control_asks_for_its_setting_and_says_what_came_of_it(qtbot, page, asked):
    click(qtbot, page.controls.choices["general.theme"].chips["light"])
    assert asked == [("general.theme", "light")]
    assert page.controls.notes["general.theme"].text() == "Writing…"
    page.show_settings(changed("general.theme", value="light"))
    page.setting_written("general.theme", "")
    assert page.controls.notes["general.theme"].text() == "Written"


def test_a_control_that_was_refused_goes_back_and_says_why(qtbot, page, asked):
    click(qtbot, page.controls.choices["general.close"].chips["quit"])
    page.setting_written("general.close", "settings.toml: it cannot be written.")
    assert page.controls.choices["general.close"].current == "ask"
    assert "cannot be written" in page.controls.notes["general.close"].text()


def test_switches_ask_for_true_and_false_also_by_key(qtbot, page, asked):
    chip = page.controls.choices["general.reduce_motion"].chips["true"]
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    click(qtbot, page.controls.choices["general.autostart"].chips["true"])
    assert asked == [("general.reduce_motion", True), ("general.autostart", True)]


def test_start_at_login_shows_what_the_system_has(page):
    page.show_settings(replace(VIEW, login=replace(VIEW.login, on=True)))
    assert page.controls.choices["general.autostart"].current == "true"
    assert "dreamscape.desktop" in page.controls.notes["general.autostart"].text()
    page.show_settings(replace(VIEW, login=LoginRow()))
    assert not page.controls.choices["general.autostart"].isEnabled()


def test_a_typed_value_is_asked_for_with_enter_and_stays_when_it_is_refused(qtbot, page, asked):
    page.select("store.disk_cap_mb")
    field = page.editor.field
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert field.hasFocus()
    qtbot.keyClicks(field, "much")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert asked == [("store.disk_cap_mb", "much")]
    assert page.editor.save.state == "working"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert len(asked) == 1
    page.setting_written("store.disk_cap_mb", "Write a whole number.")
    assert page.editor.fault.text() == "Write a whole number."
    assert field.text() == "much"
    qtbot.keyClicks(field, "5")
    assert page.editor.save.state == "ready"
    assert not page.editor.fault.isVisible()


def test_an_answer_to_another_setting_than_the_one_selected_is_not_shown_on_it(page):
    page.select("store.disk_cap_mb")
    page.setting_written("general.theme", "refused")
    assert not page.editor.fault.isVisible()


def test_back_to_default_is_offered_for_what_the_file_sets(qtbot, page, asked):
    page.select("store.disk_cap_mb")
    click(qtbot, page.editor.default)
    assert asked == [("store.disk_cap_mb", None)]
    page.select("general.close")
    assert not page.editor.default.isVisible()


@pytest.mark.parametrize("name", ["log.level", "trading.api_key", "debugger.projects"])
def test_what_the_file_cannot_set_here_has_no_field_but_says_how(page, name):
    page.select(name)
    assert page.editor.choices is None
    assert not page.editor.field.isVisible()
    assert not page.editor.save.isVisible()
    assert page.editor.how.text()


def test_the_search_is_reached_by_key_and_narrows_and_select_widens_again(qtbot, page):
    qtbot.keyClick(page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.search.hasFocus()
    qtbot.keyClicks(page.search, "level")
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1)
    page.select("general.theme")
    assert page.table.current_key == "general.theme"
    assert page.search.text() == ""


def test_mistakes_come_first_with_place_and_mend_and_can_be_copied(qtbot, page):
    assert not page.mistakes.isVisible()
    page.show_settings(replace(VIEW, mistakes=MISTAKES))
    assert page.mistakes.isVisible()
    assert page.mistakes.y() < page.table.mapTo(page, page.table.pos()).y()
    click(qtbot, page.mistakes.copy_button)
    assert clipboard().count("\n") == len(MISTAKES) - 1
    assert "/data/home/settings.toml:7:9: log.level is 7. did you mean INFO?" in clipboard()
    page.show_settings(VIEW)
    assert not page.mistakes.isVisible()


def test_places_and_the_reasoning_are_copied(qtbot, page):
    click(qtbot, page.paths.buttons["Log"])
    assert clipboard() == "/data/home/logs/dreamscape.log"
    click(qtbot, page.environment.copy_button)
    assert clipboard() == "env=dev (rule 8)"


def test_an_equal_view_leaves_the_row_and_the_typing_as_they_are(page):
    page.select("store.disk_cap_mb")
    page.editor.field.setText("51")
    page.show_settings(replace(VIEW, summary="read again"))
    assert page.table.current_key == "store.disk_cap_mb"
    assert page.editor.field.text() == "51"
