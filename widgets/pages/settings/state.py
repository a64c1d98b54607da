"""What the list of settings shows, and how each one is changed. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from widgets.pages.settings.views import SettingRow, SettingsView

VARIABLE, NESTING = "DREAMSCAPE_", "__"
MASK = "••••••••"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One line of the list."""

    name: str
    value: str
    source: str
    meaning: str
    changed: bool
    how: str


def setting_lines(view: SettingsView, needle: str = "", *, changed_only: bool = False) -> tuple[SettingLine, ...]:
    """The settings that have all the words, in the order of the model."""
    words = needle.casefold().split()
    return tuple(
        line
        for line in map(_line, view.rows)
        if (line.changed or not changed_only) and all(word in _text(line) for word in words)
    )


def how_to_change(row: SettingRow) -> str:
    """The way to another value, in one sentence."""
    if row.masked:
        return f"A secret: run “dreamscape config set-secret {row.name}”, or set {variable(row.name)}."
    if row.fixed_by:
        return f"{row.fixed_by.removeprefix('env ')} wins over the file; take it away to set this here."
    return f"Write it under [{row.section}] in settings.toml, or set {variable(row.name)}."


def variable(name: str) -> str:
    """The environment variable of a setting's dotted name."""
    return VARIABLE + name.replace(".", NESTING).upper()


def _line(row: SettingRow) -> SettingLine:
    value = MASK if row.masked and row.value else row.value
    return SettingLine(row.name, value or "—", row.source, row.meaning, not row.is_default, how_to_change(row))


def _text(line: SettingLine) -> str:
    return f"{line.name} {line.value} {line.source} {line.meaning}".casefold()
