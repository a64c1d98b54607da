"""Numbers that can be kept: JSON has no word for NaN and infinity, and what is shown has to be what is on disk."""

import math
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class NotFinite(ValueError):
    """A number is NaN or infinite where it is to be kept; the message names the field."""


def require_finite(data: Any, where: str) -> bytes:
    """``data`` as JSON; raises ``NotFinite`` with the first field, at any depth, that no JSON has a number for."""
    encoded = msgspec.json.encode(data)
    if b"null" in encoded:  # what is not finite is written so; most data has none, and is not gone through
        for path, value in _numbers(msgspec.to_builtins(data), ""):
            if not math.isfinite(value):
                told = f"{where}, {path}" if path else where
                raise NotFinite(
                    f"{told}: {value} is no number that can be kept; leave it out, or give None for unknown"
                )
    return encoded


def as_kept(words: T) -> T:
    """What people read of a decision, as it is after a restart: None where a number is not finite.

    For what must not be refused, since the act that it tells of is done, or is none the worse for it.
    """
    encoded = msgspec.json.encode(words)
    if b"null" not in encoded:
        return words
    kept: T = msgspec.json.decode(encoded)
    return kept


def _numbers(data: Any, path: str) -> Iterator[tuple[str, float]]:
    if isinstance(data, float):
        yield path, data
    elif isinstance(data, dict):
        for key, each in data.items():
            yield from _numbers(each, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list | tuple):
        for index, each in enumerate(data):
            yield from _numbers(each, f"{path}[{index}]")
