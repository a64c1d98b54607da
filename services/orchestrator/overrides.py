"""``key=value`` as a person writes it, in the window or on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from services.core.errors import UserError


def pairs(given: Iterable[str]) -> dict[str, Any]:
    """Each ``key=value``; a value that is JSON (a number, true, null, a quoted text, a list) is that, else text."""
    return {key: _value(text) for key, text in _split(given, "such as speed=5 or name='\"42\"' for text")}


def words(given: Iterable[str]) -> dict[str, Any]:
    """Each ``field=words`` of a draft, as they are written: ``text=5`` is the text 5."""
    return dict(_split(given, "such as text='Thank you!'"))


def _split(given: Iterable[str], mend: str) -> Iterator[tuple[str, str]]:
    found: set[str] = set()
    for word in given:
        key, equals, text = word.partition("=")
        if not equals or not key:
            raise UserError("expected key=value", repr(word), mend)
        if key in found:
            raise UserError("it is given twice", key, "give each key once")
        found.add(key)
        yield key, text


def _value(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except ValueError:
        return text


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")
