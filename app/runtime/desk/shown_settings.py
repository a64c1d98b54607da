"""Settings, environment and keyring as the frozen values that the Settings page shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.environment import Environment
from app.login import Entry
from app.paths import Home
from app.secrets import Status
from app.settings import Loaded
from app.settings.effect import Effect, effect_of
from app.settings.fields import KeyPath, dotted, is_secret, walk
from app.settings.meanings import MEANINGS
from app.settings.model import Project, Settings
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

SANDBOX = StandingRow(
    "Plug-ins and scripts",
    "child process",
    "They run in processes of their own, which end with all that they started, and get neither a key nor a variable "
    "that looks like a secret. Not protected: your files, which they may read and write as you may, and the network.",
)


def settings_view(
    home: Home,
    loaded: Loaded,
    environment: Environment,
    keyring: Status | None,
    sandbox: StandingRow = SANDBOX,
    *,
    began: Settings | None = None,
    login: Entry | None = None,
) -> SettingsView:
    """All that the page shows; a secret's value is not in it.

    `keyring` is None while it is asked, `began` the settings that the program started with. Looks at one file: that
    of the start at login.
    """
    return SettingsView(
        tuple(_rows(home, loaded, began or loaded.settings)),
        tuple(MistakeRow(each.what, each.where, each.mend) for each in loaded.mistakes),
        _environment(environment),
        _keyring(keyring),
        sandbox,
        _paths(home),
        f"{loaded.summary()} · home chosen by {home.chosen_by}",
        LoginRow(login.is_on, str(login.path)) if login is not None else LoginRow(),
        environment.explain(),
    )


def _rows(home: Home, loaded: Loaded, began: Settings) -> Iterator[SettingRow]:
    for path, field in walk():
        name = dotted(path)
        section, _, key = name.rpartition(".")
        value = value_at(loaded.settings, path)
        secret = is_secret(field)
        yield SettingRow(
            section,
            key,
            ("set" if value is not None else "") if secret else _text(value),
            loaded.sources[name].removeprefix(f"{home.root}/"),
            secret,
            f"{MEANINGS[name]}. Takes effect {effect_of(name)}",
            _choices(field),
            editable=not secret and Project not in _inner(field),
            waits=effect_of(name) is Effect.NEXT_START and value != value_at(began, path),
        )


def value_at(settings: Settings, path: KeyPath) -> Any:
    """The value of a setting by its path."""
    value: Any = settings
    for part in path:
        value = getattr(value, str(part))
    return value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(_text(each) for each in value)
    if isinstance(value, BaseModel):
        return json.dumps(value.model_dump(mode="json", exclude_none=True))
    return str(value)


def _inner(field: FieldInfo) -> tuple[Any, ...]:
    return get_args(field.annotation)


def _keyring(status: Status | None) -> StandingRow:
    if status is None:
        return StandingRow("Keyring", "asked", "it is being asked; it may want you to unlock it", None)
    return StandingRow("Keyring", "in use" if status.usable else "not in use", status.text, status.usable)


def _choices(field: FieldInfo) -> tuple[str, ...]:
    if field.annotation is bool:
        return ("false", "true")
    return tuple(map(str, get_args(field.annotation))) if get_origin(field.annotation) is Literal else ()


def _environment(environment: Environment) -> EnvironmentRow:
    live = "allowed" if environment.live_allowed else "off"
    return EnvironmentRow(
        {"dev": "Development", "prod": "Production"}[environment.name],
        environment.because,
        f"Live trading is {live}: {environment.live_because}",
        tuple(ClueRow(clue.label, clue.found, clue.says or "") for clue in environment.trail),
        environment.conflicts,
    )


def _paths(home: Home) -> tuple[PathRow, ...]:
    places = {
        "Home": home.root,
        "Settings": home.settings,
        "Store": home.store,
        "Samples": home.samples,
        "Backups": home.backups,
        "Log": home.log,
        "Strategies": home.strategies,
        "Plug-ins": home.plugins,
        "Processes": home.processes,
    }
    return tuple(PathRow(name, str(place)) for name, place in places.items())
