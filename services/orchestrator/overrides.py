"""``key=value`` as a person writes it, in the window or on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from services.core.errors import UserError


def pairs(given: Iterable[str]) -> dict[str, Any]:
    """Each ``key=value``; a value that is JSON (a number, true, null, a quoted text, a list) is that, else text."""
    found: dict[str, Any] = {}
    for word in given:
        key, equals, text = word.partition("=")
        if not equals or not key:
            raise UserError("expected key=value", repr(word), "such as speed=5 or name='\"42\"' for text")
        if key in found:
            raise UserError("it is given twice", key, "give each key once")
        found[key] = _value(text)
    return found


def _value(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except ValueError:
        return text


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")
