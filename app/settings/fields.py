"""What is known about each setting: its type, its default, whether it is a secret."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from app.settings.model import NESTING, PREFIX, Settings

KeyPath = tuple[str | int, ...]


def walk(model: type[BaseModel] = Settings, above: KeyPath = ()) -> Iterator[tuple[KeyPath, FieldInfo]]:
    """Every setting that holds a value, sections opened, in the order of the model."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from walk(field.annotation, (*above, name))
        else:
            yield (*above, name), field


def is_secret(field: FieldInfo) -> bool:
    return SecretStr in (field.annotation, *get_args(field.annotation))


def secret_names() -> tuple[str, ...]:
    """The settings kept in the keyring, such as "trading.api_key"."""
    return tuple(dotted(path) for path, field in walk() if is_secret(field))


def secrets_in(settings: Settings) -> tuple[SecretStr, ...]:
    """The values of all secrets that are set."""
    found = (reduce(getattr, map(str, path), settings) for path, field in walk() if is_secret(field))
    return tuple(value for value in found if isinstance(value, SecretStr))


def known_keys(above: KeyPath) -> tuple[str, ...]:
    """The keys that a table may have; empty where there is no such table."""
    model: Any = Settings
    for part in above:
        if isinstance(part, str):
            field = model.model_fields.get(part)
            model = _table_of(field.annotation) if field else None
        if model is None:
            return ()
    return tuple(model.model_fields)


def default_of(path: KeyPath) -> object:
    """The default of a setting, or None where the path names none."""
    value: object = Settings()
    for part in path:
        value = getattr(value, part, None) if isinstance(part, str) else None
    return value


def dotted(path: KeyPath) -> str:
    """`("debugger", "projects", 0, "path")` as a person writes it: "debugger.projects[0].path"."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def variable(path: KeyPath) -> str:
    """The environment variable of a setting."""
    return PREFIX + NESTING.join(str(part) for part in path).upper()


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word most like a mistyped one, or None."""
    return next(iter(difflib.get_close_matches(word, known, n=1, cutoff=0.6)), None)


def _table_of(annotation: Any) -> type[BaseModel] | None:
    """The model behind an annotation, also inside a list."""
    candidates = (annotation, *get_args(annotation))
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)), None)
