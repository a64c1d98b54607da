"""Settings out of defaults, file, environment, keyring and command line, every mistake told at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError, create_model

from app.paths import Home
from app.settings.fields import KeyPath, dotted, walk
from app.settings.last_good import read_last_good
from app.settings.layers import Layer, from_environment, from_file, leaves, merge
from app.settings.mistakes import told, unknown
from app.settings.model import Section, Settings
from app.settings.standing_in import Fault, stand_in
from services.core.errors import UserError, UserErrors

# Settings itself takes no part in checking one layer: its __init__ cannot be strict.
_SHAPE: type[BaseModel] = create_model(
    "_Shape",
    __base__=Section,
    **{name: (field.annotation, field) for name, field in Settings.model_fields.items()},  # type: ignore[call-overload]
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings in force, what was wrong, and where each value came from."""

    settings: Settings
    mistakes: tuple[UserError, ...]
    sources: Mapping[str, str]
    consulted: tuple[str, ...]
    in_file: Mapping[str, Any] = field(default_factory=dict)
    """What holds of the settings file, by section: its own values, and the last good ones for what is wrong in it."""
    goes_on: bool = True
    """Nothing is wrong; or only the file is, and its last good values stand in, so that no start has to ask."""

    def summary(self) -> str:
        """The splash's line, such as "3 sources, 0 mistakes"."""
        return f"{_count(len(self.consulted), 'source')}, {_count(len(self.mistakes), 'mistake')}"


def load(
    home: Home,
    env: Mapping[str, str],
    overrides: Mapping[str, object] | None = None,
    keyring: Mapping[str, SecretStr] | None = None,
) -> Loaded:
    """Read all sources; a wrong value is told and the next source below it holds instead.

    Below the settings file are its last good values, where there are any, and then the defaults.
    `overrides` are the command line's, by dotted name, and win over all; `keyring` gives the secrets that were
    found there, and yields to the environment.
    """
    file = from_file(home.settings)
    mistakes, goes_on = _of_file(file, home)
    in_file = deepcopy(file.values)
    above = [_named(keyring or {}, "keyring"), from_environment(env), _named(overrides or {}, "command line")]
    for layer in above:
        wrong = sorted(layer.mistakes + _clean(layer, strict=False), key=_by_place)
        mistakes, goes_on = mistakes + wrong, goes_on and not wrong
    merged: dict[str, Any] = {}
    sources = {dotted(path): "default" for path, _ in walk()}
    for layer in (file, *above):
        merge(merged, layer.values)
        told_of = {dotted(path): layer.source(path) for path in leaves(layer.values)}
        sources |= {name: source for name, source in told_of.items() if name in sources}
    consulted = ("defaults", *(layer.name for layer in (file, *above) if layer.consulted))
    return Loaded(Settings(**merged), tuple(mistakes), sources, consulted, in_file, goes_on)


def _of_file(file: Layer, home: Home) -> tuple[list[UserError], bool]:
    """What is wrong in the settings file, and whether all can go on: its last good values then stand in."""
    faults = [*(((), mistake) for mistake in file.mistakes), *_faults(file, strict=True)]
    good = read_last_good(home) if faults else None
    told_of = [mistake for _, mistake in faults] if good is None else stand_in(file, faults, good)
    if good is not None:
        _clean(file, strict=True)  # an older version of the program may have kept what is no setting any more
    return sorted(told_of, key=_by_place), not faults or good is not None


def _named(values: Mapping[str, object], name: str) -> Layer:
    layer = Layer(name=name, consulted=bool(values))
    for dotted_name, value in values.items():
        path = tuple(dotted_name.split("."))
        nested: Any = value
        for part in reversed(path):
            nested = {part: nested}
        merge(layer.values, nested)
        layer.places[path] = name
    return layer


def _clean(layer: Layer, *, strict: bool) -> list[UserError]:
    """Take what is wrong out of a layer, and tell it."""
    return [mistake for _, mistake in _faults(layer, strict=strict)]


def _faults(layer: Layer, *, strict: bool) -> list[Fault]:
    """Take what is wrong out of a layer, and tell it with the path of its setting.

    A file has types of its own, so there `"5"` is no number; a variable is always text.
    """
    try:
        if strict:
            _SHAPE.model_validate_json(json.dumps(layer.values, default=str), strict=True)
        else:
            _SHAPE.model_validate(layer.values)
    except ValidationError as error:
        details = error.errors(include_url=False)
        faults = [(each["loc"], told(each, layer)) for each in details]
        for path in sorted({_outermost(each["loc"]) for each in details}, key=_last_first):
            _remove(layer.values, path)
        return faults
    return []


def _outermost(path: KeyPath) -> KeyPath:
    """The whole list item for a mistake inside one: half an item is none."""
    return next((path[: at + 1] for at, part in enumerate(path) if isinstance(part, int)), path)


def _last_first(path: KeyPath) -> tuple[str, int]:
    """Later items of a list go first, so that the indices of the others still hold."""
    index = path[-1]
    return str(path[:-1]), -index if isinstance(index, int) else 0


def _remove(values: Any, path: KeyPath) -> None:
    for part in path[:-1]:
        values = values[part]
    del values[path[-1]]


def _by_place(mistake: UserError) -> tuple[tuple[int, ...], str]:
    place = re.search(r":(\d+):(\d+)$", mistake.where)
    return (tuple(map(int, place.groups())) if place else ()), mistake.where


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def check_layer(layer: Layer) -> list[UserError]:
    """What is wrong in a layer whose values are text, as those of the environment are."""
    return _clean(layer, strict=False)


def check_value(name: str, value: object) -> None:
    """Raise UserErrors unless `value` may stand in the settings file under a dotted `name`; None stands for none."""
    path = tuple(name.split("."))
    if value is None and path not in (known for known, _ in walk()):
        raise UserErrors([unknown(path, name)])
    layer = _named({} if value is None else {name: value}, name)
    if mistakes := _clean(layer, strict=True):
        raise UserErrors(mistakes)
