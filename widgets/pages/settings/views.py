"""What the Settings page is given, as frozen values that the application fills. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting in force. `source` is where its value came from: default, a file with its line, env NAME, keyring.

    `value` is text as a person writes it; a secret's is `masked` and never its own. `choices` are all it can be.
    What is not `editable` is changed by hand; what `waits` is in the file and holds from the next start on.
    """

    section: str
    key: str
    value: str
    source: str = "default"
    masked: bool = False
    meaning: str = ""
    choices: tuple[str, ...] = ()
    editable: bool = True
    waits: bool = False

    @property
    def name(self) -> str:
        """The dotted name, as in log.level."""
        return f"{self.section}.{self.key}"

    @property
    def is_default(self) -> bool:
        return self.source.startswith("default")

    @property
    def fixed_by(self) -> str:
        """What wins over the settings file, so that a change of the file would not show; else empty."""
        return self.source if self.source.startswith(("env ", "command line")) else ""


@dataclass(frozen=True, slots=True)
class MistakeRow:
    """A wrong setting: what, where (file, line and column) and how to mend it."""

    what: str
    where: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class ClueRow:
    """One thing that the detection of the environment looked at; `says` is empty where it said nothing."""

    label: str
    found: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentRow:
    """What the program takes itself for and why."""

    name: str
    because: str
    live: str = ""
    trail: tuple[ClueRow, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingRow:
    """How something stands, such as the keyring or the sandbox, in a word and a sentence; None if not known yet."""

    name: str
    word: str
    text: str = ""
    well: bool | None = True


@dataclass(frozen=True, slots=True)
class PathRow:
    """A place of this home on disk."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class LoginRow:
    """Whether the system starts the program at login, and in which file it says so; empty where it cannot."""

    on: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class SettingsView:
    """Everything the page shows."""

    rows: tuple[SettingRow, ...] = ()
    mistakes: tuple[MistakeRow, ...] = ()
    environment: EnvironmentRow = field(default_factory=lambda: EnvironmentRow("", ""))
    keyring: StandingRow = field(default_factory=lambda: StandingRow("Keyring", ""))
    sandbox: StandingRow = field(default_factory=lambda: StandingRow("Sandbox", ""))
    paths: tuple[PathRow, ...] = ()
    summary: str = ""
    login: LoginRow = field(default_factory=LoginRow)
    explain: str = ""

    def row(self, name: str) -> SettingRow | None:
        """The setting of a dotted name."""
        return next((row for row in self.rows if row.name == name), None)
