"""Connects the Settings page and the theme actions with the settings file, the keyring and the start at login."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import SecretStr
from PyQt6.QtCore import QObject, pyqtSignal

from app.login import Entry
from app.paths import Home
from app.runtime.desk.desk import Desk
from app.runtime.desk.shown_settings import settings_view
from app.runtime.desk.undoing import Change
from app.secrets import Secrets, Status
from app.settings.effect import Effect, effect_of
from app.settings.layers import from_file
from app.settings.load import Loaded, load
from app.settings.model import General
from app.settings.typed import typed
from app.surroundings import in_environment
from services.core.errors import UserError
from services.core.words import counted, form
from widgets.pages.page import Page
from widgets.pages.settings.page import SettingsPage
from widgets.pages.settings.views import SettingsView
from widgets.parts.status import Status as Mark

PAGE = "settings"
LOGIN = "general.autostart"


@dataclass(frozen=True)
class Outcome:
    """What holds after a change, or after the file was merely read again; `name` is empty then.

    `before` is what the file said before the change, None where it said nothing; `after` what was to be written.
    """

    loaded: Loaded
    view: SettingsView
    name: str = ""
    error: str = ""
    before: object = None
    after: object = None


@dataclass(frozen=True)
class Failed:
    """Something that no user did wrong; the log has the whole account."""

    name: str
    error: str


class SettingsDesk(QObject):
    """Reads and writes in workers, one change after another; what holds is applied and shown at once.

    Settings that hold from the next start on only are shown as such. Only `change` ever touches the entry for the
    start at login.
    """

    _done = pyqtSignal(object)
    _asked = pyqtSignal(object, object)
    _file_taken = pyqtSignal()

    def __init__(
        self,
        desk: Desk,
        dress: Callable[[General], None],
        *,
        secrets: Secrets | None = None,
        login: Entry | None = None,
    ) -> None:
        super().__init__(desk)
        self._desk, self._program, self._dress = desk, desk.program, dress
        assert self._program.loaded is not None
        self._began = self._program.loaded.settings
        self._secrets = secrets or self._program.secrets or Secrets(self._program.env)
        self._login = login
        self._keyring: Status | None = None
        self._kept: Mapping[str, SecretStr] = {}
        self._asking = False
        self._waiting: deque[tuple[str, Callable[[], Outcome]]] = deque()
        self._busy = False
        self._view: SettingsView | None = None
        self._done.connect(self._take)
        self._asked.connect(self._hear_keyring)
        self._file_taken.connect(self.read_again)
        self._program.on_settings.append(self._file_taken.emit)
        desk.page_built.connect(self._built)
        desk.window.page_shown.connect(self._shown)

    def change(self, name: str, value: object) -> None:
        """Write a setting; text is read as a person types it, None takes the setting out of the file."""
        self._do(name, lambda: self._changed(name, value))

    def read_again(self) -> None:
        """Take in what was changed in the file by hand."""
        self._do("", self._read)

    # In a worker

    def _changed(self, name: str, value: object) -> Outcome:
        before = _in_file(self._program.home, name)
        try:
            self._write(name, typed(name, value) if isinstance(value, str) else value)
        except UserError as error:
            return self._read(name, str(error))
        return replace(self._read(name), before=before, after=value)

    def _write(self, name: str, value: object) -> None:
        """The entry at login comes first: the file must not say what the system refused."""
        from app.settings.edit import write_setting  # its TOML library is a tenth of a start

        home = self._program.home
        if name == LOGIN:
            if self._login is None:
                raise UserError("this system has no known place for it", name, "add Dreamscape to what starts at login")
            if value is True:
                self._login.turn_on()
            else:
                self._login.turn_off()
        write_setting(home, name, value)

    def _read(self, name: str = "", error: str = "") -> Outcome:
        program = self._program
        assert program.environment is not None
        loaded = in_environment(load(program.home, program.env, keyring=self._kept), program.environment)
        view = settings_view(
            program.home, loaded, program.environment, self._keyring, began=self._began, login=self._login
        )
        return Outcome(loaded, view, name, error)

    def _ask_keyring(self) -> None:
        status = self._secrets.status()
        self._asked.emit(status, self._secrets.from_keyring() if status.usable else {})

    # On the window's thread

    def _do(self, name: str, work: Callable[[], Outcome]) -> None:
        self._waiting.append((name, work))
        self._next()

    def _next(self) -> None:
        if self._busy or not self._waiting:
            return
        self._busy = True
        name, work = self._waiting.popleft()

        def run() -> None:
            try:
                self._done.emit(work())
            except Exception as error:
                self._done.emit(Failed(name, f"{type(error).__name__}: {error}"))
                raise

        self._program.engine.workers.start("settings", run)

    def _take(self, outcome: Outcome | Failed) -> None:
        self._busy = False
        if isinstance(outcome, Outcome):
            self._apply(outcome)
        else:
            self._answer(outcome.name, outcome.error)
            self._desk.tell(f"The settings could not be read: {outcome.error}", Mark.BAD)
        self._next()

    def _apply(self, outcome: Outcome) -> None:
        assert self._program.loaded is not None
        before, self._program.loaded = self._program.loaded, outcome.loaded
        self._view = outcome.view
        self._dress(outcome.loaded.settings.general)
        self._show()
        if outcome.name:
            self._tell_change(outcome)
        self._tell_new_mistakes(before, outcome.loaded)

    def _hear_keyring(self, status: Status, kept: Mapping[str, SecretStr]) -> None:
        self._asking = False
        self._keyring, self._kept = status, kept
        for secret in kept.values():
            self._program.logs.hide(secret.get_secret_value())
        self.read_again()

    def _built(self, name: str, page: Page) -> None:
        if isinstance(page, SettingsPage):
            page.setting_changed.connect(self.change)
            self._show()

    def _shown(self, name: str) -> None:
        if name != PAGE:
            return
        self.read_again()
        if not self._asking:
            self._asking = True
            self._program.engine.workers.start("keyring", self._ask_keyring)

    def _show(self) -> None:
        page = self._page
        if page is not None and self._view is not None:
            page.show_settings(self._view)

    def _answer(self, name: str, error: str) -> None:
        page = self._page
        if page is not None:
            page.setting_written(name, error)

    def _tell_change(self, outcome: Outcome) -> None:
        self._answer(outcome.name, outcome.error)
        if outcome.error:
            if not self._is_seen():  # the page says it beside its field or control
                self._desk.tell(outcome.error, Mark.BAD)
            return
        row = outcome.view.row(outcome.name)
        assert row is not None
        if row.fixed_by:
            self._desk.tell(f"{row.name} is written, but {row.source} wins over it", Mark.WARN)
        else:
            effect = effect_of(row.name)
            later = "" if effect is Effect.AT_ONCE else f"; it takes effect {effect}"
            self._desk.tell(f"{row.name} is {row.value or 'not set'}{later}")
        if outcome.before != outcome.after:
            self._let_undo(outcome, f"{row.name} is {row.value or 'not set'}")

    def _let_undo(self, outcome: Outcome, what: str) -> None:
        """What undo then means: the file says what it said."""
        self._desk.undoing.note(
            Change(
                self._program.clock.now(),
                what,
                lambda: self.change(outcome.name, outcome.before),
                lambda: self.change(outcome.name, outcome.after),
            )
        )

    def _tell_new_mistakes(self, before: Loaded, now: Loaded) -> None:
        """The page itself has them first of all; elsewhere a word says so. That all is mended is told anywhere."""
        if before.mistakes and not now.mistakes:
            self._desk.tell("The settings are mended: settings.toml holds as it stands")
        known = {str(mistake) for mistake in before.mistakes}
        new = [mistake for mistake in now.mistakes if str(mistake) not in known]
        if new and not self._is_seen():
            told, them = counted(len(new), "new mistake"), form(len(new), "it", "them")
            self._desk.tell(f"{told} in the settings; the Settings page says how to mend {them}", Mark.WARN)

    def _is_seen(self) -> bool:
        page = self._page
        return page is not None and page.isVisible()

    @property
    def _page(self) -> SettingsPage | None:
        page = self._desk.pages.get(PAGE)
        return page if isinstance(page, SettingsPage) else None


def _in_file(home: Home, name: str) -> object:
    """What the file says of a setting; None where it says nothing."""
    found: Any = from_file(home.settings).values
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
