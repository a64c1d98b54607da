"""What looks like a secret is taken out of a fact's words before the fact is kept or told."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import msgspec

from services.core.errors import UserError
from services.core.events import Event

T = TypeVar("T")
E = TypeVar("E", bound=Event)
Clean = Callable[[str], str]
"""Gives a text back without the secrets in it."""


def as_it_is(text: str) -> str:
    """Cleans nothing."""
    return text


def clean_event(event: E, clean: Clean) -> E:
    """The event with clean words, but for its fields that are to be kept to the letter."""
    cleaned: E = _clean_fields(event, clean, event.verbatim)
    return cleaned


def clean_words(value: T, clean: Clean) -> T:
    """A value with every text in it cleaned, at any depth; the very same where there was nothing to clean.

    The keys of a mapping stay: they are the names that code looks for.
    """
    cleaned: T = _cleaned(value, clean)
    return cleaned


def refuse_secrets(data: Any, hide: Clean, where: str) -> None:
    """Raise ``UserError`` if a registered secret stands in ``data``, also in a key; ``where`` says what is refused.

    For what is kept to be done or given as it is: it would mean something else with a mask in it.
    """
    for name, text in texts_in(msgspec.to_builtins(data)):
        if hide(text) != text:
            what = "it holds a secret that is kept in the keyring or the environment"
            mend = "leave the secret there and take it out here: what is given here is kept in the clear"
            raise UserError(what, f"{where}, {name}" if name else where, mend)


def texts_in(data: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text at any depth in JSON's own types, keys included, with the name of what it is part of."""
    if isinstance(data, str):
        yield name, data
    elif isinstance(data, dict):
        for key, each in data.items():
            yield name, str(key)
            yield from texts_in(each, name or str(key))
    elif isinstance(data, list | tuple):
        for each in data:
            yield from texts_in(each, name)


def _cleaned(value: Any, clean: Clean) -> Any:
    if isinstance(value, str):
        text = clean(value)
        return value if text == value else text  # a member of an enumeration stays one
    if isinstance(value, dict):
        return _same_or({key: _cleaned(each, clean) for key, each in value.items()}, value)
    if isinstance(value, list | tuple | set | frozenset) and not hasattr(value, "_fields"):
        return _same_or(type(value)(_cleaned(each, clean) for each in value), value)
    if is_dataclass(value) and not isinstance(value, type):
        return _clean_fields(value, clean)
    return value


def _clean_fields(value: Any, clean: Clean, verbatim: frozenset[str] = frozenset()) -> Any:
    changed = {}
    for each in fields(value):
        if each.init and each.name not in verbatim:
            before = getattr(value, each.name)
            after = _cleaned(before, clean)
            if after is not before:
                changed[each.name] = after
    return replace(value, **changed) if changed else value


def _same_or(after: Any, before: Any) -> Any:
    return before if after == before else after
