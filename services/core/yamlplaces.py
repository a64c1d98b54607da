"""Where in a file a key belongs that stands in the wrong place of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args

import yaml
from pydantic import BaseModel

_DEEPEST = 4
_MOST = 2
"""Places from which on a key is too common to say where it was meant to stand."""


def place_of(model: type[BaseModel], root: yaml.Node, loc: Sequence[int | str]) -> str:
    """Where the key at ``loc`` belongs, such as ``'alive' belongs under 'with', line 2``; empty where nobody knows."""
    key = str(loc[-1])
    here = tuple(part for part in loc[:-1] if isinstance(part, str))
    homes = [home for home in dict.fromkeys(_homes(model, key)) if home != here]
    if not 0 < len(homes) <= _MOST:
        return ""
    return f"{key!r} belongs {' or '.join(_named(home, root, here) for home in homes)}"


def _homes(model: type[BaseModel], key: str, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The keys that lead to a mapping in which ``key`` may stand."""
    for name, field in model.model_fields.items():
        called = field.alias or name
        if called == key:
            yield path
        if len(path) < _DEEPEST:
            for inner in models_in(field.annotation):
                yield from _homes(inner, key, path if called == "root" else (*path, called))


def _named(home: tuple[str, ...], root: yaml.Node, here: tuple[str, ...]) -> str:
    if not home:
        return f"at the top of the file, beside {here[0]!r}" if here else "at the top of the file"
    line = _line(root, home)
    return f"under {'.'.join(home)!r}" + (f", line {line}" if line else "")


def _line(node: yaml.Node, home: tuple[str, ...]) -> int:
    """The line of the last key of ``home``; 0 where the file has it not, or in a list, so more than once maybe."""
    line = 0
    for part in home:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        pair = next((pair for pair in pairs if pair[0].value == part), None)
        if pair is None:
            return 0
        line, node = pair[0].start_mark.line + 1, pair[1]
    return line


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models of which something of this type is made."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in models_in(argument)]
