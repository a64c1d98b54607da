"""The two layers above the defaults, file and environment, each with the place of every value in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from pydantic_settings import EnvSettingsSource, SettingsError

from app.settings.fields import KeyPath, dotted, is_secret, nearest, variable, walk
from app.settings.model import NOT_SETTINGS, PREFIX, Settings
from app.settings.positions import Place, positions
from services.core.errors import UserError
from services.core.regular_files import require_regular


@dataclass(slots=True)
class Layer:
    """Values from one kind of source, not yet validated."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[KeyPath, str] = field(default_factory=dict)
    mistakes: list[UserError] = field(default_factory=list)
    exact: Mapping[KeyPath, Place] = field(default_factory=dict)
    name: str = ""
    consulted: bool = True
    unread: bool = False
    """It is there, and nothing of it can be used."""

    def source(self, path: KeyPath) -> str:
        """Where a value came from: its own place, or that of the table or list around it."""
        return next((self.places[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.places), "")

    def where(self, path: KeyPath, *, at_key: bool) -> str:
        """The place of a mistake: file, line and column, or the variable's name."""
        for end in range(len(path), 0, -1):
            if place := self.exact.get(path[:end]):
                line, column = place.key if at_key else place.value
                return f"{self.name}:{line}:{column}"
        return self.source(path) or self.name


def from_file(path: Path) -> Layer:
    """Read the settings file; a missing one is no mistake."""
    try:
        require_regular(path)
        text = path.read_bytes().decode("utf-8-sig")
    except UserError as mistake:
        return _unreadable(path, mistake.what, mistake.mend)
    except FileNotFoundError:
        return Layer(name=str(path), consulted=False)
    except UnicodeDecodeError as error:
        return _unreadable(path, f"byte {error.start} is not UTF-8", "save the file as UTF-8")
    except OSError as error:
        return _unreadable(path, f"it cannot be read ({error.strerror})", "make it a readable file, or remove it")
    text = text.replace("\r\n", "\n")
    try:
        values = _without_dates(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return _no_toml(path, text, error)
    return _without_secrets(Layer(values, name=str(path), exact=positions(text)))


def _without_dates(value: Any) -> Any:
    """Dates as the text that they were written as: no setting is one, and a folder or a host may be called so."""
    if isinstance(value, dict):
        return {key: _without_dates(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_dates(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _no_toml(path: Path, text: str, error: Exception) -> Layer:
    """Say what is wrong and where. tomlkit tells the place; a file that is right is read without it, and sooner."""
    import tomlkit
    from tomlkit.exceptions import ParseError, TOMLKitError

    try:
        tomlkit.parse(text)
    except ParseError as found:
        what = str(found).partition(" at line ")[0].replace(r"Unexpected character: '\n'", "the line ends too early")
        return _unreadable(path, f"it is not TOML: {what}", "mend this line", f":{found.line}:{found.col + 1}")
    except TOMLKitError as found:
        error = found
    return _unreadable(path, f"it is not TOML: {error}", "mend the file")


def _unreadable(path: Path, what: str, mend: str, place: str = "") -> Layer:
    return Layer(name=str(path), mistakes=[UserError(what, f"{path}{place}", mend)], unread=True)


def _without_secrets(layer: Layer) -> Layer:
    """Refuse secrets in a plain file, without repeating them."""
    for path, place in layer.exact.items():
        layer.places[path] = f"{layer.name}:{place.key[0]}"
    for path, known in walk():
        table: Any = layer.values
        for part in path[:-1]:
            table = table.get(part) if isinstance(table, dict) else None
        if is_secret(known) and isinstance(table, dict) and table.pop(path[-1], None) is not None:
            mend = f"delete this line and run: dreamscape config set-secret {dotted(path)}"
            where = layer.where(path, at_key=True)
            layer.mistakes.append(
                UserError(f"{dotted(path)} is a secret, and secrets are not kept in files", where, mend)
            )
    return layer


class _OneVariable(EnvSettingsSource):
    """pydantic-settings' own reading of a variable, asked of one at a time: so each value knows its variable."""

    def __init__(self, name: str, value: str) -> None:
        self._only = {name: value}
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._only.items()}


def from_environment(env: Mapping[str, str]) -> Layer:
    """Read every DREAMSCAPE_ variable; one that names no setting is a mistake."""
    layer = Layer(name="environment", consulted=False)
    for name in sorted(env):
        if not name.upper().startswith(PREFIX) or name.upper() in NOT_SETTINGS or not env[name]:
            continue
        layer.consulted = True
        try:
            read = _OneVariable(name, env[name])()
        except SettingsError:
            mend = """write a list as JSON, such as ["one", "two"]"""
            layer.mistakes.append(UserError("its value is not JSON", f"env {name}", mend))
            continue
        if read:
            _merge_variable(layer, name, read)
        else:
            layer.mistakes.append(_unknown_variable(name))
    return layer


def _merge_variable(layer: Layer, name: str, read: dict[str, Any]) -> None:
    for path in leaves(read):
        layer.places[path] = f"env {name}"
    merge(layer.values, read)


def _unknown_variable(name: str) -> UserError:
    # Without the prefix that all of them share, or every one of them would look alike; a last word alone is near too.
    known = {variable(path).removeprefix(PREFIX): variable(path) for path, _ in walk()}
    known |= {str(path[-1]).upper(): variable(path) for path, _ in walk()}
    close = known.get(nearest(name.upper().removeprefix(PREFIX), tuple(known)) or "")
    mend = f"did you mean {close}?" if close else "run dreamscape config to see what can be set"
    return UserError("it names no setting", f"env {name}", mend)


def leaves(values: Mapping[str, Any], above: KeyPath = ()) -> Iterator[KeyPath]:
    """The path of each value; a list is one value."""
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*above, key))
        else:
            yield (*above, key)


def merge(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    """Lay `new` over `into`: tables are merged, anything else is replaced."""
    for key, value in new.items():
        below = into.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merge(below, value)
        else:
            into[key] = dict(value) if isinstance(value, dict) else value
