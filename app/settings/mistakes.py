"""pydantic's complaints in words that say how to mend them."""

from __future__ import annotations

import json
import re

from pydantic_core import ErrorDetails

from app.settings.fields import KeyPath, default_of, dotted, known_keys, nearest, secret_names, walk
from app.settings.layers import Layer
from services.core.errors import UserError

_LONGEST_VALUE = 60
_LOGIN = re.compile(r"://[^/\s]*@")
"""Of an address with a password in it."""
_BOUNDS = {
    "greater_than": ("gt", "write a number above {}"),
    "greater_than_equal": ("ge", "write at least {}"),
    "less_than": ("lt", "write a number below {}"),
    "less_than_equal": ("le", "write at most {}"),
}
_KINDS = {
    "bool": "write true or false",
    "int": "write a whole number",
    "float": "write a number",
    "decimal": "write a number",
    "string": "write a text in quotes",
    "path": "write a path in quotes",
    "tuple": "write a list in square brackets",
    "model": "write a table of keys and values",
}


def told(error: ErrorDetails, layer: Layer) -> UserError:
    """One complaint about a layer, with its place and its mend."""
    path: KeyPath = error["loc"]
    kind = error["type"]
    if kind == "extra_forbidden":
        return unknown(path, layer.where(path, at_key=True))
    if kind == "missing":
        mend = f"add {path[-1]} = … here"
        return UserError(f"{dotted(path)} is missing", layer.where(path[:-1], at_key=True), mend)
    what = f"{dotted(path)} {_shown(error, path)}{_why(error)}"
    return UserError(what, layer.where(path, at_key=False), _mend(error, path))


def unknown(path: KeyPath, where: str) -> UserError:
    """A key that is no setting, with the one that may have been meant."""
    return UserError(f"{dotted(path)} is no setting", where, _for_unknown(path))


def _why(error: ErrorDetails) -> str:
    why = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return f"it should be {why}" if error["msg"].startswith("Input should be ") else why


def _mend(error: ErrorDetails, path: KeyPath) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        return _for_choice(error["input"], str(context["expected"]))
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        return words.format(context[bound])
    words = next((mend for name, mend in _KINDS.items() if kind.startswith(name)), "write another value")
    default = default_of(path)
    return f"{words}; the default is {json.dumps(default, default=str)}" if default not in (None, ()) else words


def _for_choice(given: object, expected: str) -> str:
    allowed = [word.strip("' ") for word in expected.replace(" or ", ", ").split(",")]
    close = nearest(str(given).lower(), [word.lower() for word in allowed])
    exact = next((word for word in allowed if word.lower() == close), None)
    return f'did you mean "{exact}"?' if exact else "write one of " + ", ".join(f'"{word}"' for word in allowed)


def _for_unknown(path: KeyPath) -> str:
    key, here = str(path[-1]), known_keys(path[:-1])
    if close := nearest(key, here):
        return f"did you mean {close}?"
    elsewhere = next((dotted(known) for known, _ in walk() if known[-1] == key), None)
    return f"did you mean {elsewhere}?" if elsewhere else "known here: " + ", ".join(here)


def _shown(error: ErrorDetails, path: KeyPath) -> str:
    """The value given, unless it is or may contain a secret."""
    if dotted(path) in secret_names() or error["type"].startswith("model"):
        return "is wrong: "
    text = repr(error["input"])
    if _LOGIN.search(text):
        return "is wrong: "
    return f"is {text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + '…'}: "
