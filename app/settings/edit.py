"""Settings changed in their file: one value, in place, with the user's comments kept."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from app.paths import Home
from app.settings.fields import secret_names
from app.settings.layers import from_file
from app.settings.load import check_value
from services.core.errors import UserError, UserErrors
from services.core.whole_files import write_whole


def write_setting(home: Home, name: str, value: object) -> None:
    """Set one value by its dotted name; None takes it out, so that the default holds again.

    Raises UserError if the value is wrong, the name unknown or secret, or the file cannot be read as TOML or
    written; the file is then as it was.
    """
    if name in secret_names():
        raise UserError("secrets are not kept in files", name, f"run: dreamscape config set-secret {name}")
    check_value(name, value)
    plain = json.loads(json.dumps(value, default=str))  # TOML knows no Path, Decimal or tuple
    path = home.settings.resolve()  # the user may keep it elsewhere, behind a link
    before = _read(path)
    document = tomlkit.parse(before)
    _change(document, name.split("."), plain)
    after = document.as_string()
    _must_hold(path, after, name, plain)
    if after != before:
        _replace(path, after)


def _read(path: Path) -> str:
    layer = from_file(path)
    if layer.mistakes and not layer.values:
        raise UserErrors(layer.mistakes)
    return path.read_bytes().decode("utf-8-sig") if layer.consulted else ""


def _change(document: MutableMapping[str, Any], names: list[str], value: object) -> None:
    table = document
    for part in names[:-1]:
        if part not in table:
            if value is None:
                return
            table[part] = tomlkit.table()
        table = table[part]
    if value is None:
        table.pop(names[-1], None)
    else:
        table[names[-1]] = value


def _must_hold(path: Path, text: str, name: str, value: object) -> None:
    """Read back what would be written: a file that would say something else is not written at all."""
    try:
        found: Any = tomlkit.parse(text).unwrap()
        for part in name.split("."):
            found = found.get(part) if found is not None else None
    except TOMLKitError:
        found = None
    if found != value:
        raise UserError(f"{name} cannot be changed in place", str(path), "change it there by hand")


def _replace(path: Path, text: str) -> None:
    try:
        write_whole(path, text.encode())
    except OSError as error:
        mend = "make the folder writable, or free some space"
        raise UserError(f"it cannot be written ({error.strerror})", str(path), mend) from error
