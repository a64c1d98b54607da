"""As much of JSON Schema (draft 2020-12) as the program's own schemas use, written from its specification.

A keyword that it does not know is refused, so that none is passed over in silence.
"""

import re
from collections.abc import Iterator
from typing import Any

_TYPES = {"object": dict, "array": list, "string": str, "null": type(None), "boolean": bool}
_SILENT = {"title", "description", "default", "examples", "$defs", "$schema", "discriminator"}


def faults(data: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = "$") -> list[str]:
    """Where the data is not what the schema asks for; empty where it is."""
    return list(_faults(data, schema, root or schema, at))


def _faults(data: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    for keyword, wanted in schema.items():
        if keyword in _SILENT or keyword in ("additionalProperties", "patternProperties"):
            continue
        yield from _CHECKS[keyword](data, wanted, root, at)
    if isinstance(data, dict):
        yield from _others(data, schema, root, at)


def _others(data: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    rest, patterns = schema.get("additionalProperties", True), schema.get("patternProperties", {})
    for key in data.keys() - schema.get("properties", {}).keys():
        met = [each for pattern, each in patterns.items() if re.search(pattern, key)]
        for each in met:
            yield from _faults(data[key], each, root, f"{at}.{key}")
        if met:
            continue
        if rest is False:
            yield f"{at}: no key {key}"
        elif isinstance(rest, dict):
            yield from _faults(data[key], rest, root, f"{at}.{key}")


def _is(data: Any, name: str) -> bool:
    if name in ("number", "integer"):
        whole = isinstance(data, int) or (isinstance(data, float) and data.is_integer())
        return isinstance(data, int | float) and not isinstance(data, bool) and (name == "number" or whole)
    return isinstance(data, _TYPES[name])


def _type(data: Any, name: str, root: dict[str, Any], at: str) -> Iterator[str]:
    if not _is(data, name):
        yield f"{at}: no {name}"


def _ref(data: Any, ref: str, root: dict[str, Any], at: str) -> Iterator[str]:
    yield from _faults(data, root["$defs"][ref.removeprefix("#/$defs/")], root, at)


def _any_of(data: Any, several: list[dict[str, Any]], root: dict[str, Any], at: str) -> Iterator[str]:
    if all(faults(data, each, root, at) for each in several):
        yield f"{at}: none of {len(several)} forms"


def _one_of(data: Any, several: list[dict[str, Any]], root: dict[str, Any], at: str) -> Iterator[str]:
    fitting = sum(not faults(data, each, root, at) for each in several)
    if fitting != 1:
        yield f"{at}: {fitting} of {len(several)} forms"


def _properties(data: Any, known: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    for key in known.keys() & (data.keys() if isinstance(data, dict) else ()):
        yield from _faults(data[key], known[key], root, f"{at}.{key}")


def _items(data: Any, each: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    for place, item in enumerate(data if isinstance(data, list) else ()):
        yield from _faults(item, each, root, f"{at}[{place}]")


def _required(data: Any, keys: list[str], root: dict[str, Any], at: str) -> Iterator[str]:
    if isinstance(data, dict):
        yield from (f"{at}: {key} lacks" for key in keys if key not in data)


def _when(kind: str, fails: Any) -> Any:
    """A check of data of one type alone: others pass it."""

    def check(data: Any, wanted: Any, root: dict[str, Any], at: str) -> Iterator[str]:
        if _is(data, kind) and fails(data, wanted):
            yield f"{at}: {data!r} against {wanted!r}"

    return check


def _any(fails: Any) -> Any:
    def check(data: Any, wanted: Any, root: dict[str, Any], at: str) -> Iterator[str]:
        if fails(data, wanted):
            yield f"{at}: {data!r} against {wanted!r}"

    return check


_CHECKS: dict[str, Any] = {
    "type": _type,
    "$ref": _ref,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "properties": _properties,
    "items": _items,
    "required": _required,
    "const": _any(lambda data, wanted: data != wanted),
    "enum": _any(lambda data, wanted: data not in wanted),
    "pattern": _when("string", lambda data, wanted: not re.search(wanted, data)),
    "format": _when("string", lambda data, wanted: False),  # an annotation, as the specification has it
    "minLength": _when("string", lambda data, wanted: len(data) < wanted),
    "maxLength": _when("string", lambda data, wanted: len(data) > wanted),
    "minimum": _when("number", lambda data, wanted: data < wanted),
    "maximum": _when("number", lambda data, wanted: data > wanted),
    "exclusiveMinimum": _when("number", lambda data, wanted: data <= wanted),
    "exclusiveMaximum": _when("number", lambda data, wanted: data >= wanted),
    "minItems": _when("array", lambda data, wanted: len(data) < wanted),
    "maxItems": _when("array", lambda data, wanted: len(data) > wanted),
    "uniqueItems": _when("array", lambda data, wanted: False),
    "maxProperties": _when("object", lambda data, wanted: len(data) > wanted),
    "minProperties": _when("object", lambda data, wanted: len(data) < wanted),
    "propertyNames": _when("object", lambda data, wanted: any(faults(key, wanted) for key in data)),
}
