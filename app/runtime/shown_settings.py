"""Settings, environment and keyring as the frozen values that the Settings page shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.environment import Environment
from app.paths import Home
from app.secrets import Status
from app.settings import Loaded
from app.settings.fields import KeyPath, dotted, is_secret, walk
from widgets.pages.settings.views import (
    ClueRow,
    EnvironmentRow,
    MistakeRow,
    PathRow,
    SettingRow,
    SettingsView,
    StandingRow,
)


def settings_view(
    home: Home, loaded: Loaded, environment: Environment, keyring: Status, sandbox: StandingRow
) -> SettingsView:
    """All that the page shows; a secret's value is not in it."""
    return SettingsView(
        tuple(_rows(home, loaded)),
        tuple(MistakeRow(each.what, each.where, each.mend) for each in loaded.mistakes),
        _environment(environment),
        StandingRow("Keyring", "in use" if keyring.usable else "not in use", keyring.text, keyring.usable),
        sandbox,
        _paths(home),
        f"{loaded.summary()} · home chosen by {home.chosen_by}",
    )


def _rows(home: Home, loaded: Loaded) -> Iterator[SettingRow]:
    for path, field in walk():
        name = dotted(path)
        section, _, key = name.rpartition(".")
        value, about = _value_at(loaded, path)
        secret = is_secret(field)
        yield SettingRow(
            section,
            key,
            ("set" if value is not None else "") if secret else _text(value),
            loaded.sources[name].removeprefix(f"{home.root}/"),
            secret,
            field.description or about,
            _choices(field),
        )


def _value_at(loaded: Loaded, path: KeyPath) -> tuple[Any, str]:
    """The value, and what its section says of itself."""
    value: Any = loaded.settings
    about = ""
    for part in path:
        about = (type(value).__doc__ or "").partition("\n")[0]
        value = getattr(value, str(part))
    return value, about


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
    }
    return tuple(PathRow(name, str(place)) for name, place in places.items())
