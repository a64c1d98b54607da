"""What the Settings page shows, as frozen values. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

MASK = "••••••••"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting in force. `value` is as a person reads it; a masked one never holds the secret.

    `source` says where the value came from: default, FILE:LINE, env NAME, keyring or command line. `choices` are all
    values it may have, where they are few. `variable` would set it from the environment. `waits` is told where the
    value holds only from the next start on. `head` marks the first row of its section among those shown.
    """

    section: str
    key: str
    value: str
    source: str = "default"
    masked: bool = False
    meaning: str = ""
    choices: tuple[str, ...] = ()
    variable: str = ""
    editable: bool = True
    waits: bool = False
    head: bool = False

    @property
    def name(self) -> str:
        """As it is written in commands: trading.speed."""
        return f"{self.section}.{self.key}"

    @property
    def kind_of_source(self) -> str:
        """default, file, env, keyring or command line."""
        if self.source.startswith("env "):
            return "env"
        return self.source if self.source in ("default", "keyring", "command line") else "file"


@dataclass(frozen=True, slots=True)
class MistakeView:
    """What is wrong in the settings, where, and how to mend it."""

    what: str
    where: str
    mend: str


@dataclass(frozen=True, slots=True)
class ClueView:
    """One thing that detection looked at; `decided` marks the one that settled it."""

    label: str
    found: str
    says: str = ""
    decided: bool = False


@dataclass(frozen=True, slots=True)
class SurroundingsView:
    """What the program takes its surroundings for, and why. `explain` is the whole of it in one line."""

    name: str = ""
    because: str = ""
    live_allowed: bool = False
    live_because: str = ""
    conflicts: tuple[str, ...] = ()
    explain: str = ""


@dataclass(frozen=True, slots=True)
class KeyringView:
    """Whether the system's keyring can be used; None while it is asked."""

    usable: bool | None = None
    text: str = "The keyring is being asked"


@dataclass(frozen=True, slots=True)
class SandboxView:
    """What holds foreign code back: a level in a word, and what that means."""

    level: str = ""
    kept: tuple[str, ...] = ()
    not_kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PathView:
    """A file or folder of the home."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class LoginView:
    """Whether the program starts at login: `on` is what the system has, `place` where it has it."""

    on: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class SettingsView:
    """All that the page shows."""

    rows: tuple[SettingRow, ...] = ()
    mistakes: tuple[MistakeView, ...] = ()
    environment: SurroundingsView = field(default_factory=SurroundingsView)
    trail: tuple[ClueView, ...] = ()
    keyring: KeyringView = field(default_factory=KeyringView)
    sandbox: SandboxView = field(default_factory=SandboxView)
    paths: tuple[PathView, ...] = ()
    theme: str = "system"
    close: str = "ask"
    reduce_motion: bool = False
    autostart: LoginView = field(default_factory=LoginView)

    def row(self, name: str) -> SettingRow | None:
        """The setting of this dotted name."""
        return next((row for row in self.rows if row.name == name), None)


def shown_rows(rows: Iterable[SettingRow], needle: str = "", *, changed_only: bool = False) -> tuple[SettingRow, ...]:
    """The rows that have every word of `needle`, each section's first one marked as its head."""
    words = needle.casefold().split()
    shown: list[SettingRow] = []
    for row in rows:
        if changed_only and row.source == "default":
            continue
        if all(word in _text(row) for word in words):
            shown.append(_headed(row, head=not shown or shown[-1].section != row.section))
    return tuple(shown)


def short_source(source: str) -> str:
    """A file's place without its folder."""
    return source if source.startswith("env ") else source.replace("\\", "/").rpartition("/")[2]


def overridden(row: SettingRow | None) -> str:
    """Why writing the file would change nothing, or nothing."""
    if row is not None and row.kind_of_source == "env":
        return f"{row.source.removeprefix('env ')} is set in the environment and wins over the file"
    if row is not None and row.kind_of_source == "command line":
        return "It was given on the command line, which wins over the file"
    return ""


def _text(row: SettingRow) -> str:
    return f"{row.name} {row.value} {row.source} {row.meaning} {row.variable}".casefold()


def _headed(row: SettingRow, *, head: bool) -> SettingRow:
    return replace(row, head=head)
