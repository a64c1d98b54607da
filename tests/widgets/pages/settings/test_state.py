from widgets.pages.settings.state import MASK, how_to_change, setting_lines, variable
from widgets.pages.settings.views import SettingRow, SettingsView

VIEW = SettingsView(
    (
        SettingRow("general", "theme", "dark", "settings.toml:2", meaning="The look of the window"),
        SettingRow("general", "close", "ask"),
        SettingRow("log", "level", "DEBUG", "env DREAMSCAPE_LOG__LEVEL"),
        SettingRow("store", "disk_cap_mb", "4096", "settings.toml:5", waits=True),
        SettingRow("trading", "api_key", "set", "keyring", masked=True),
        SettingRow("trading", "api_secret", "", masked=True),
    )
)


def names(needle: str = "", *, changed_only: bool = False) -> list[str]:
    return [line.name for line in setting_lines(VIEW, needle, changed_only=changed_only)]


def test_a_section_is_named_once_and_by_its_first_line_among_those_shown():
    assert [line.section for line in setting_lines(VIEW)] == ["general", "", "log", "store", "trading", ""]
    assert [line.section for line in setting_lines(VIEW, "close")] == ["general"]


def test_every_word_is_searched_in_name_value_source_and_meaning():
    assert names("look window") == ["general.theme"]
    assert names("DEBUG") == ["log.level"]
    assert names("settings.toml") == ["general.theme", "store.disk_cap_mb"]
    assert names("theme keyring") == []


def test_only_what_is_no_default_is_changed():
    assert names(changed_only=True) == ["general.theme", "log.level", "store.disk_cap_mb", "trading.api_key"]


def test_a_secret_is_masked_and_an_absent_value_has_a_dash():
    lines = {line.name: line for line in setting_lines(VIEW)}
    assert lines["trading.api_key"].value == MASK
    assert lines["trading.api_secret"].value == "—"


def test_how_a_setting_is_changed_depends_on_where_it_is_from():
    assert "set-secret trading.api_key" in how_to_change(VIEW.row("trading.api_key"))
    assert how_to_change(VIEW.row("log.level")).startswith("DREAMSCAPE_LOG__LEVEL wins over the file")
    assert "next start" in how_to_change(VIEW.row("store.disk_cap_mb"))
    assert "next start" not in how_to_change(VIEW.row("general.theme"))
    assert "Write it under [debugger]" in how_to_change(SettingRow("debugger", "projects", "", editable=False))


def test_the_variable_of_a_setting_is_the_one_that_is_read():
    assert variable("orchestrator.limits.trading") == "DREAMSCAPE_ORCHESTRATOR__LIMITS__TRADING"
