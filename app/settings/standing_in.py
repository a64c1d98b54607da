"""What stands in for a settings file that cannot be used, or for a value of it that is wrong: the last good one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from app.settings.fields import KeyPath, walk
from app.settings.last_good import LastGood
from app.settings.layers import Layer
from services.core.errors import UserError

Fault = tuple[KeyPath, UserError]
"""What is wrong, and with which setting; the path is empty where it is with the file."""


def stand_in(layer: Layer, faults: Sequence[Fault], good: LastGood) -> list[UserError]:
    """Put the last good values in the place of what is wrong, and tell each mistake with what goes on instead."""
    if layer.unread:
        layer.values = json.loads(json.dumps(good.values))
        layer.places = {(section,): _place(layer, good) for section in good.values}
        return [_going_on(mistake, f"the settings of {good.when}") for _, mistake in faults]
    return [_one(layer, path, mistake, good) for path, mistake in faults]


def _one(layer: Layer, path: KeyPath, mistake: UserError, good: LastGood) -> UserError:
    setting = tuple(str(part) for part in takewhile(lambda part: isinstance(part, str), path))
    if not _is_known(setting):
        return mistake
    value = good.value(setting)
    if value is None and setting != path:  # of a list that was none then, what is right stays
        return mistake
    _put(layer.values, setting, value)
    layer.places[setting] = _place(layer, good)
    what = "the default" if value is None else json.dumps(value)
    return _going_on(mistake, f"{what}, as at {good.when}" if len(what) <= 80 else f"what it was at {good.when}")


def _is_known(setting: tuple[str, ...]) -> bool:
    """A setting, or a section of them."""
    return bool(setting) and any(path[: len(setting)] == setting for path, _ in walk())


def _put(values: dict[str, Any], setting: tuple[str, ...], value: Any) -> None:
    table = values
    for part in setting[:-1]:
        table = table.setdefault(part, {})
    if value is None:
        table.pop(setting[-1], None)
    else:
        table[setting[-1]] = json.loads(json.dumps(value))


def _place(layer: Layer, good: LastGood) -> str:
    return f"{layer.name} of {good.when}"


def _going_on(mistake: UserError, with_what: str) -> UserError:
    return UserError(f"{mistake.what}; going on with {with_what}", mistake.where, mistake.mend)
