"""What pydantic finds wrong with given values, by the places and in the words of whoever gave them."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from pydantic_core import ErrorDetails

Loc = tuple[int | str, ...]
RULE = re.compile(r"\w+ (?P<rule>should .*)")
"""Most of pydantic's messages: ``Input should be greater than 0``."""
_NAMED = frozenset({"extra_forbidden", "missing", "unexpected_keyword_argument"})
"""Mistakes whose last part is a key, whether or not it is there."""
_WORDS = (
    ("a valid array", "a list"),
    ("a valid tuple", "a list"),
    ("a valid dictionary", "keys with values"),
    ("an object", "keys with values"),
    ("a valid integer", "a whole number"),
    ("a valid boolean", "true or false"),
    ("a valid string", "text"),
    ("a valid number", "a number"),
    ("a valid datetime", "a date and time with its zone"),
    ("a valid date", "a date"),
    (" after validation", ""),
)
"""What pydantic calls things, and what they are called in a file."""


def in_words(rule: str) -> str:
    for theirs, ours in _WORDS:
        rule = rule.replace(theirs, ours)
    return rule


def shown(given: object) -> str:
    if given is None:
        return "null"
    if isinstance(given, dict | list):
        return "a mapping" if isinstance(given, dict) else "a list"
    told = repr(given)
    return told if len(told) <= 60 else f"{told[:57]}…"


def of_values(mistakes: Sequence[ErrorDetails], given: Any) -> list[ErrorDetails]:
    """The mistakes of plain values: of a union one for each value, at its own place."""
    return merged(mistakes, lambda loc: _in_values(given, loc))


def merged(mistakes: Sequence[ErrorDetails], place: Callable[[Loc], Loc]) -> list[ErrorDetails]:
    """One mistake for a value that fits no member of a union; without the members' names, which nobody wrote.

    ``place`` leaves the parts of a place that lead to something given. Where one member takes the value and finds
    fault with something in it, what the others say of the whole is not true.
    """
    found: dict[tuple[Loc, str], ErrorDetails] = {}
    placed = [(mistake, _placed(mistake, place)) for mistake in mistakes]
    for mistake, loc in placed:
        of_member = loc != mistake["loc"]
        if of_member and any(len(other) > len(loc) and other[: len(loc)] == loc for _, other in placed):
            continue
        key = loc, "" if of_member else mistake["type"]
        first = found.get(key)
        if first is None:
            found[key] = {**mistake, "loc": loc}
        elif rule := RULE.match(mistake["msg"]):
            first["msg"] += f" or {rule['rule'].removeprefix('should be ')}"
    return list(found.values())


def _placed(mistake: ErrorDetails, place: Callable[[Loc], Loc]) -> Loc:
    loc = tuple(mistake["loc"])
    return loc if mistake["type"] in _NAMED else place(loc)


def _in_values(given: Any, loc: Loc) -> Loc:
    found: list[int | str] = []
    for part in loc:
        inside = dict(enumerate(given)) if isinstance(given, list | tuple) else given
        if isinstance(inside, dict) and part in inside:
            given = inside[part]
            found.append(part)
    return tuple(found)
