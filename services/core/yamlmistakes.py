"""A pydantic mistake in the words of the person who wrote the file: what, at which line and column, how to mend it."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, get_args

import yaml
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from services.core.errors import UserError

Loc = Sequence[int | str]


def told(mistake: ErrorDetails, root: yaml.Node, model: type[BaseModel], where: str) -> UserError:
    """Turn one mistake into a ``UserError`` whose place is the nearest node that stands in the file."""
    loc = mistake["loc"]
    unknown = mistake["type"] == "extra_forbidden"
    mark = _mark(root, loc, key=unknown)
    place = f"{where}:{mark.line + 1}:{mark.column + 1}"
    return UserError(_what(mistake, loc), place, _mend(mistake, loc, model))


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant."""
    found = get_close_matches(word.lower(), list(choices), n=1, cutoff=0.6)
    return found[0] if found else None


def _what(mistake: ErrorDetails, loc: Loc) -> str:
    name = ".".join(str(part) for part in loc)
    if mistake["type"] == "extra_forbidden":
        return f"there is no key {loc[-1]!r}"
    if mistake["type"] == "missing":
        return f"the key {loc[-1]!r} is missing"
    if mistake["type"] in {"model_type", "model_attributes_type"}:
        return f"{name or 'the file'} should be keys with values"
    message = mistake["msg"].removeprefix("Value error, ")
    given = mistake["input"]
    if mistake["type"] == "value_error" or isinstance(given, dict | list):
        return f"{name}: {message}" if name else message
    shown = repr(given) if len(repr(given)) <= 60 else f"{repr(given)[:57]}…"
    return f"{name} is {shown}: {message[:1].lower()}{message[1:]}"


def _mend(mistake: ErrorDetails, loc: Loc, model: type[BaseModel]) -> str:
    if mistake["type"] == "extra_forbidden":
        keys = sorted(_keys(_model_at(model, loc[:-1])))
        close = nearest(str(loc[-1]), keys)
        return f"Write {close!r}" if close else f"Remove it; the keys here are {', '.join(keys)}"
    if mistake["type"] == "missing":
        return f"Add {loc[-1]!r} here"
    if mistake["type"] == "literal_error":
        choices = [part.strip(" '") for part in mistake["ctx"]["expected"].replace(" or ", ", ").split(",")]
        close = nearest(str(mistake["input"]), choices)
        return f"Write {close!r}" if close else f"Write one of {', '.join(choices)}"
    return ""


def _mark(root: yaml.Node, loc: Loc, key: bool) -> Any:
    """Where the mistake stands: the value, the key itself when ``key``, or the innermost part that exists."""
    node, mark = root, root.start_mark
    for depth, part in enumerate(loc):
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            mark = node.start_mark
        elif isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(part)), None)
            if pair is None:
                continue  # a missing key, or the name of a union's member, which no file contains
            node = pair[1]
            mark = pair[0].start_mark if key and depth == len(loc) - 1 else node.start_mark
    return mark


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """The model that stands at ``loc``, as far as annotations tell."""
    for part in loc:
        field = next((f for name, f in model.model_fields.items() if part in (name, f.alias)), None)
        inner = _models_in(field.annotation) if field else []
        model = inner[0] if inner else model
    return model


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _models_in(argument)]


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
