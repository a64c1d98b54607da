"""What the list of settings shows, and how each one is changed. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from widgets.pages.settings.views import SettingRow, SettingsView

VARIABLE, NESTING = "DREAMSCAPE_", "__"
MASK = "••••••••"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One line of the list; the first of a section, among those shown, carries its name."""

    name: str
    section: str
    key: str
    value: str
    source: str
    meaning: str
    changed: bool
    how: str
    waits: bool = False


def setting_lines(view: SettingsView, needle: str = "", *, changed_only: bool = False) -> tuple[SettingLine, ...]:
    """The settings that have all the words, in the order of the model."""
    words = needle.casefold().split()
    shown: list[SettingLine] = []
    section = ""
    for row in view.rows:
        line = _line(row, "" if row.section == section else row.section)
        if (line.changed or not changed_only) and all(word in _text(line) for word in words):
            shown.append(line)
            section = row.section
    return tuple(shown)


def how_to_change(row: SettingRow) -> str:
    """The way to another value, in one sentence."""
    if row.masked:
        return f"A secret: run “dreamscape config set-secret {row.name}”, or set {variable(row.name)}."
    if row.fixed_by:
        return f"{row.fixed_by.removeprefix('env ')} wins over the file; take it away to set this here."
    how = f"Write it under [{row.section}] in settings.toml" if not row.editable else "Kept in settings.toml"
    return f"{how}, or set {variable(row.name)}.{' It holds from the next start on.' if row.waits else ''}"


def variable(name: str) -> str:
    """The environment variable of a setting's dotted name."""
    return VARIABLE + name.replace(".", NESTING).upper()


def _line(row: SettingRow, section: str) -> SettingLine:
    value = MASK if row.masked and row.value else row.value
    how = how_to_change(row)
    changed = not row.is_default
    return SettingLine(row.name, section, row.key, value or "—", row.source, row.meaning, changed, how, waits=row.waits)


def _text(line: SettingLine) -> str:
    return f"{line.name} {line.value} {line.source} {line.meaning}".casefold()
