import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from app.login import Entry, entry_for
from app.paths import Home
from app.program import Program
from app.runtime.desk.desk import Desk
from app.runtime.desk.offers import Offers
from app.runtime.desk.settings_desk import SettingsDesk
from app.runtime.window.appearance import Appearance
from app.secrets import SERVICE, Secrets
from widgets.frame.main_window import MainWindow
from widgets.theme import active, use_theme

PATIENCE_MS = 20_000


class Keyring:
    """A keyring of one's own, which may be slow to answer."""

    name = "a keyring in memory"

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.open = threading.Event()
        self.open.set()

    def get_password(self, service: str, username: str) -> str | None:
        self.open.wait()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Desktop:
    """The real window on a real home, with its Settings page open."""

    def __init__(self, qtbot: Any, home: Home, env: dict[str, str], login: Entry | None, keyring: Keyring) -> None:
        self.qtbot = qtbot
        self.keyring = keyring
        self.program = Program(home, env, with_mistakes=True)
        self.program.open_at_rest()
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.desk = Desk(self.program, self.window)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.appearance = Appearance(application, self.window)
        self.appearance.use(self.program.loaded.settings.general)
        secrets = Secrets(env, lambda: keyring)
        self.settings = SettingsDesk(self.desk, self.appearance.use, secrets=secrets, login=login)
        self.quits = 0
        self.offers = Offers(self.desk, self.program, self.settings, self._quit)
        self.desk.open()
        self.window.use_less_motion(True)
        self.window.resize(1440, 900)
        self.window.show()
        self.window.open_dashboard()

    def _quit(self) -> None:
        self.quits += 1

    def opened(self) -> "Desktop":
        """With the page open and the keyring asked."""
        self.window.go_to("settings")
        self.until(lambda: self.page.table.rows.total > 0)
        self.until(lambda: not self.settings._asking and not self.settings._busy)
        return self

    @property
    def page(self) -> Any:
        return self.desk.pages["settings"]

    @property
    def file(self) -> str:
        return self.program.home.settings.read_text(encoding="utf-8")

    @property
    def toasts(self) -> list[str]:
        return [toast.accessibleName() for toast in self.window.toasts.shown]

    def click(self, widget: Any) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    def at_rest(self) -> None:
        self.until(lambda: not self.settings._busy)

    def close(self) -> None:
        self.keyring.open.set()
        self.at_rest()
        self.desk.close()
        self.window.hide()
        self.program.close()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home", "--home").create()


@pytest.fixture
def login(tmp_path: Path) -> Entry:
    made = entry_for("linux", tmp_path / "user", {}, ("/opt/dreamscape", "run"))
    assert made is not None
    return made


@pytest.fixture
def keyring() -> Keyring:
    return Keyring()


@pytest.fixture
def desktop(qtbot: Any, home: Home, login: Entry, keyring: Keyring) -> Iterator[Callable[..., Desktop]]:
    made: list[Desktop] = []

    def make(settings: str = "", env: dict[str, str] | None = None, entry: Entry | None = login) -> Desktop:
        if settings:
            home.settings.write_text(settings, encoding="utf-8")
        made.append(Desktop(qtbot, home, env or {}, entry, keyring))
        return made[-1]

    yield make
    for each in made:
        each.close()
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    use_theme(application, "dark")


def test_the_page_shows_what_is_in_force_and_where_it_came_from(desktop, home):
    shown = desktop("[log]\nlevel = 'DEBUG'\n", {"DREAMSCAPE_STORE__BACKUPS_KEEP": "3"}).opened()
    view = shown.page._view
    assert (view.row("log.level").value, view.row("log.level").source) == ("DEBUG", "settings.toml:2")
    assert view.row("store.backups_keep").source == "env DREAMSCAPE_STORE__BACKUPS_KEEP"
    assert view.row("general.close").is_default
    assert str(home.store) in [place.path for place in view.paths]
    assert view.environment.because in view.explain


def test_a_theme_that_is_clicked_is_worn_at_once_and_written_with_the_comments_kept(desktop):
    shown = desktop("# mine\n[general]\ntheme = 'dark'  # at night\n").opened()
    assert active().name == "dark"
    shown.click(shown.page.controls.choices["general.theme"].chips["light"])
    shown.until(lambda: active().name == "light")
    assert shown.file == '# mine\n[general]\ntheme = "light"  # at night\n'
    assert shown.toasts == ["general.theme is light"]
    assert shown.program.loaded.settings.general.theme == "light"


def test_the_palettes_theme_action_goes_the_same_way(desktop):
    shown = desktop().opened()
    shown.desk.actions.trigger("theme_light")
    shown.until(lambda: active().name == "light")
    assert 'theme = "light"' in shown.file
    assert shown.page.controls.choices["general.theme"].current == "light"


def test_changes_are_made_one_after_another_and_the_last_one_holds(desktop):
    shown = desktop().opened()
    for choice in ("light", "dark", "light", "dark", "light"):
        shown.settings.change("general.theme", choice)
    shown.settings.change("general.close", "tray")
    shown.until(lambda: shown.program.loaded.settings.general.close == "tray")
    assert active().name == "light"
    assert 'theme = "light"' in shown.file


def test_less_motion_holds_at_once(desktop):
    shown = desktop().opened()
    shown.click(shown.page.controls.choices["general.reduce_motion"].chips["true"])
    shown.until(lambda: shown.program.loaded.settings.general.reduce_motion)
    assert shown.window._less_motion


def test_a_value_that_is_typed_is_written_and_said_to_hold_from_the_next_start(desktop, qtbot):
    shown = desktop().opened()
    shown.page.select("log.ring")
    shown.page.editor.field.clear()
    qtbot.keyClicks(shown.page.editor.field, "500")
    qtbot.keyClick(shown.page.editor.field, Qt.Key.Key_Return)
    shown.until(lambda: shown.toasts)
    assert "ring = 500" in shown.file
    assert shown.toasts == ["log.ring is 500; it takes effect at the next start"]
    assert shown.page._view.row("log.ring").waits


def test_what_holds_at_once_is_not_said_to_wait(desktop, qtbot):
    shown = desktop().opened()
    shown.page.select("store.disk_cap_mb")
    shown.page.editor.field.clear()
    qtbot.keyClicks(shown.page.editor.field, "4096")
    qtbot.keyClick(shown.page.editor.field, Qt.Key.Key_Return)
    shown.until(lambda: shown.toasts)
    assert shown.toasts == ["store.disk_cap_mb is 4096"]
    row = shown.page._view.row("store.disk_cap_mb")
    assert not row.waits
    assert row.meaning.endswith("Takes effect at once")


def test_a_wrong_value_changes_nothing_and_is_told_beside_its_field(desktop, qtbot):
    shown = desktop().opened()
    shown.page.select("store.disk_cap_mb")
    shown.page.editor.field.setText("much")
    shown.click(shown.page.editor.save)
    shown.until(lambda: shown.page.editor.fault.text())
    assert "Write a whole number" in shown.page.editor.fault.text()
    assert not shown.program.home.settings.exists()
    assert shown.page.editor.field.text() == "much"


def test_back_to_default_takes_the_line_out_of_the_file(desktop):
    shown = desktop("[store]\nbackups_keep = 3\n").opened()
    shown.page.select("store.backups_keep")
    shown.click(shown.page.editor.default)
    shown.until(lambda: shown.page._view.row("store.backups_keep").is_default)
    assert "backups_keep" not in shown.file


def test_what_the_environment_holds_is_told_to_win(desktop):
    shown = desktop(env={"DREAMSCAPE_GENERAL__THEME": "dark"}).opened()
    assert not shown.page.controls.choices["general.theme"].isEnabled()
    shown.desk.actions.trigger("theme_light")
    shown.until(lambda: shown.toasts)
    assert active().name == "dark"
    assert "env DREAMSCAPE_GENERAL__THEME wins" in shown.toasts[0]


def test_start_at_login_writes_and_removes_the_systems_entry(desktop, login):
    shown = desktop().opened()
    on_off = shown.page.controls.choices["general.autostart"]
    shown.click(on_off.chips["true"])
    shown.until(lambda: shown.page._view.login.on)
    assert login.is_on
    assert "autostart = true" in shown.file
    shown.click(on_off.chips["false"])
    shown.until(lambda: not shown.page._view.login.on)
    assert not login.path.exists()


def test_only_the_users_choice_touches_the_start_at_login(desktop, login):
    shown = desktop("[general]\nautostart = true\n").opened()
    shown.settings.change("general.close", "tray")
    shown.until(lambda: shown.program.loaded.settings.general.close == "tray")
    assert not login.path.exists()
    assert shown.page.controls.choices["general.autostart"].current == "false"
    assert "no entry" in shown.page.controls.notes["general.autostart"].text()


def test_a_start_at_login_that_the_system_refuses_is_not_written_to_the_settings(desktop, login, tmp_path):
    (tmp_path / "user").write_text("not a folder")
    shown = desktop().opened()
    shown.click(shown.page.controls.choices["general.autostart"].chips["true"])
    note = shown.page.controls.notes["general.autostart"]
    shown.until(lambda: "cannot be written" in note.text())
    assert not shown.program.home.settings.exists()
    assert shown.page.controls.choices["general.autostart"].current == "false"
    assert shown.toasts == []


def test_a_file_changed_by_hand_counts_when_the_page_is_opened_again(desktop, home):
    shown = desktop().opened()
    home.settings.write_text("[general]\ntheme = 'light'\nclose = 'maybe'\n", encoding="utf-8")
    shown.window.go_to("logs")
    shown.window.go_to("settings")
    shown.until(lambda: active().name == "light")
    assert shown.page.mistakes.isVisible()
    assert "general.close is 'maybe'" in shown.page.mistakes._text


def test_a_mistake_made_by_hand_is_told_where_the_page_is_not_seen(desktop, home):
    shown = desktop().opened()
    shown.window.go_to("logs")
    home.settings.write_text("[general]\nclose = 'maybe'\n", encoding="utf-8")
    shown.settings.read_again()
    shown.until(lambda: shown.toasts)
    assert "1 new mistake in the settings" in shown.toasts[0]
    home.settings.write_text("[general]\nclose = 'quit'\n", encoding="utf-8")
    shown.settings.read_again()
    shown.until(lambda: len(shown.toasts) > 1)
    assert "The settings are mended" in shown.toasts[1]


def test_a_file_that_is_broken_while_the_page_is_open_is_followed_with_its_last_good_settings(desktop, home):
    home.settings.write_text("[general]\ntheme = 'light'\n", encoding="utf-8")
    shown = desktop().opened()
    shown.until(lambda: active().name == "light")
    home.settings.write_text("[general\ntheme = 'dark'\n", encoding="utf-8")
    shown.settings.read_again()
    shown.until(lambda: shown.page.mistakes.isVisible())
    assert "going on with the settings of " in shown.page.mistakes._text
    row = shown.page._view.row("general.theme")
    assert (row.value, row.source.startswith("settings.toml of "), active().name) == ("light", True, "light")
    home.settings.write_text("[general]\ntheme = 'dark'\n", encoding="utf-8")
    shown.settings.read_again()
    shown.until(lambda: active().name == "dark")
    assert not shown.page.mistakes.isVisible()
    assert shown.page._view.row("general.theme").source == "settings.toml:2"


def test_a_slow_keyring_holds_nothing_up_and_is_told_when_it_answers(desktop, keyring):
    keyring.kept[SERVICE, "trading.api_key"] = "0123456789abcdef"
    keyring.open.clear()
    shown = desktop()
    shown.window.go_to("settings")
    shown.until(lambda: shown.page.table.rows.total > 0)
    assert shown.page._view.keyring.well is None
    shown.settings.change("general.theme", "light")
    shown.until(lambda: active().name == "light")
    keyring.open.set()
    shown.until(lambda: shown.page._view.keyring.well)
    shown.until(lambda: shown.page._view.row("trading.api_key").source == "keyring")
    assert "0123456789abcdef" not in repr(shown.page._view)
    assert shown.page._view.row("trading.api_key").masked


def test_a_home_that_cannot_be_read_is_told_and_the_next_change_goes_on(desktop, home):
    shown = desktop().opened()
    shown.window.go_to("logs")
    home.settings.mkdir()
    shown.settings.change("general.theme", "light")
    shown.until(lambda: len(shown.toasts) == 2)
    assert "settings.toml" in shown.toasts[0]
    assert "1 new mistake" in shown.toasts[1]
    home.settings.rmdir()
    shown.settings.change("general.theme", "light")
    shown.until(lambda: active().name == "light")


def test_the_desktops_switch_counts_only_while_the_theme_is_the_systems(desktop):
    shown = desktop("[general]\ntheme = 'light'\n")
    switched = QApplication.styleHints().colorSchemeChanged
    switched.emit(Qt.ColorScheme.Unknown)  # offscreen has no scheme, and dark is worn where none is known
    assert active().name == "light"
    shown.settings.change("general.theme", "system")
    shown.until(lambda: active().name == "dark")
    use_theme(QApplication.instance(), "light")
    switched.emit(Qt.ColorScheme.Unknown)
    assert active().name == "dark"
