"""The right form of a key, as a line that could stand in the file: by an example of the model, or by its type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from services.core.words import typed_number

Loc = Sequence[int | str]
_NONE = object()
"""There is no example."""
_LONGEST = 100
_PLAIN: dict[Any, Any] = {
    bool: True,
    str: "text",
    Any: "text",
    datetime: datetime(2026, 1, 31, 9, 30, tzinfo=UTC),
    date: date(2026, 1, 31),
}
_SPAN = timedelta(minutes=5)
_NUMBERS = (1, 2, 10, 0.5, 0.1, 0, -1)


def form_of(model: type[BaseModel], loc: Loc) -> str:
    """A right line for the key that ``loc`` leads to, such as ``then: [alert]``; empty where none can be told."""
    if "root" in model.model_fields and not any(isinstance(part, str) for part in loc):
        example = _of_annotation(model.model_fields["root"].annotation)
        return f"- {_text(example[0])}" if isinstance(example, list) and example else ""
    found = _field_at(model, loc) if loc else _first_wanted(model)
    if found is None:
        return ""
    name, field = found
    example = _of_field(field)
    line = f"{name}: {_text(example)}" if example is not _NONE else ""
    return line if len(line) <= _LONGEST else ""


def _field_at(model: type[BaseModel], loc: Loc) -> tuple[str, FieldInfo] | None:
    """The field of the last key in ``loc`` that is one of a model's, with its name in the file."""
    found: tuple[str, FieldInfo] | None = None
    models = [model]
    if "root" in model.model_fields:
        models = _models_in(model.model_fields["root"].annotation)
    for part in loc:
        if not isinstance(part, str):
            continue
        here = next((hit for each in models if (hit := _named(each, part)) is not None), None)
        if here is None:  # the tag or the name of a union's member, which is no key of a file
            models = [each for each in models if part in _tags(each)] or models
            continue
        found, models = here, _models_in(here[1].annotation)
    return found


def _tags(model: type[BaseModel]) -> set[Any]:
    """What tells this member of a union from the others: the one value that a field of it may have."""
    fixed = (field.annotation for field in model.model_fields.values() if get_origin(field.annotation) is Literal)
    return {get_args(each)[0] for each in fixed if len(get_args(each)) == 1}


def _first_wanted(model: type[BaseModel]) -> tuple[str, FieldInfo] | None:
    """The first key that a file must have."""
    wanted = ((field.alias or name, field) for name, field in model.model_fields.items() if field.is_required())
    return next(wanted, None)


def _named(model: type[BaseModel], part: str) -> tuple[str, FieldInfo] | None:
    fields = model.model_fields.items()
    return next(((field.alias or name, field) for name, field in fields if part in (name, field.alias)), None)


def _of_field(field: FieldInfo) -> Any:
    """An example of what may stand there, as plain data."""
    if field.examples:
        return field.examples[0]
    example = _of_annotation(field.annotation, field.metadata)
    default = field.default
    if isinstance(default, BaseModel):
        default = default.model_dump(by_alias=True, exclude_none=True)
    if default in (PydanticUndefined, None, (), [], "", {}, False):
        return example
    if isinstance(default, timedelta) and not _is_read_by_us(field.metadata):
        return _iso(default)
    plain = _plain(default)
    return example if plain is _NONE else plain


def _of_annotation(annotation: Any, metadata: Iterable[Any] = ()) -> Any:
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        given = next((each.examples[0] for each in more if isinstance(each, FieldInfo) and each.examples), _NONE)
        bounds = [bound for each in more for bound in (each.metadata if isinstance(each, FieldInfo) else [each])]
        return given if given is not _NONE else _of_annotation(inner, (*metadata, *bounds))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _of_model(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _plain(next(iter(annotation)))
    if annotation is timedelta:
        return _plain(_SPAN) if _is_read_by_us(metadata) else _iso(_SPAN)
    if annotation in (int, float):
        return _number(annotation, tuple(metadata))
    if annotation in _PLAIN:
        return _matching(_plain(_PLAIN[annotation]), metadata)
    return _of_generic(get_origin(annotation), get_args(annotation))


def _of_generic(origin: Any, arguments: tuple[Any, ...]) -> Any:
    if origin is Literal:
        return arguments[0]
    if origin in (list, tuple, set, frozenset):
        item = _of_annotation(arguments[0]) if arguments else _NONE
        return [item] if item is not _NONE else _NONE
    if origin in (dict, Mapping):
        name, value = (_of_annotation(each) for each in arguments)
        return _NONE if _NONE in (name, value) else {name: value}
    tried = (_of_annotation(each) for each in arguments if each is not NoneType)
    return next((example for example in tried if example is not _NONE), _NONE)


def _of_model(model: type[BaseModel]) -> Any:
    """What a mapping has to hold, or else its first key; the example of the model itself comes before that."""
    given = model.model_config.get("json_schema_extra")
    examples = given.get("examples") if isinstance(given, dict) else None
    if isinstance(examples, list):
        return examples[0]
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    wanted = {name: field for name, field in fields.items() if field.is_required()} or dict([*fields.items()][:1])
    example = {name: _of_field(field) for name, field in wanted.items()}
    return _NONE if any(value is _NONE for value in example.values()) else example


def _is_read_by_us(metadata: Iterable[Any]) -> bool:
    """Whether a validator of ours takes the text; ``15m`` is a duration to none of pydantic's own."""
    return any(isinstance(each, BeforeValidator) for each in metadata)


def _iso(span: timedelta) -> str:
    return f"PT{typed_number(span.total_seconds())}S"


def _matching(example: Any, metadata: Iterable[Any]) -> Any:
    """The example, unless a pattern is asked for that it has not."""
    patterns = [each.pattern for each in metadata if getattr(each, "pattern", None)]
    return example if all(re.search(pattern, str(example)) for pattern in patterns) else _NONE


def _number(kind: type, metadata: tuple[Any, ...]) -> Any:
    """A number within the bounds; a whole one where only those are right."""
    return next((each for each in _NUMBERS if isinstance(each, kind | int) and _within(each, metadata)), _NONE)


def _within(number: float, metadata: tuple[Any, ...]) -> bool:
    bounds = {
        name: getattr(each, name) for each in metadata for name in ("gt", "ge", "lt", "le") if hasattr(each, name)
    }
    return not (
        ("gt" in bounds and number <= bounds["gt"])
        or ("ge" in bounds and number < bounds["ge"])
        or ("lt" in bounds and number >= bounds["lt"])
        or ("le" in bounds and number > bounds["le"])
    )


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _models_in(argument)]


def _plain(value: Any) -> Any:
    """As a file has it."""
    match value:
        case Enum():
            return value.value
        case timedelta():
            seconds = int(value.total_seconds())
            unit, size = next(((u, n) for u, n in (("d", 86400), ("h", 3600), ("m", 60)) if seconds % n == 0), ("s", 1))
            return f"{seconds // size}{unit}"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case ZoneInfo():
            return value.key
        case tuple() | list():
            several = [_plain(each) for each in value]
            return _NONE if _NONE in several else several
        case dict():
            items = {name: _plain(each) for name, each in value.items()}
            return _NONE if _NONE in items.values() else items
        case str() | int() | float():
            return value
    return _NONE


def _text(value: Any) -> str:
    """In one line of YAML."""
    dumped = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)
    return dumped.removesuffix("...\n").strip() if not isinstance(value, str) else value
