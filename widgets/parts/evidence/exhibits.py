"""What each piece of evidence is: a text, a diff, a table, or one of some named values. No Qt here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.core.plain import plain
from services.core.words import counted, titled
from widgets.parts.decisions.words import value_text

LONGEST_VALUE = 64
"""Characters from which a value is a text of its own instead of a line among others."""
LONGEST_TEXT = 20_000
MOST_ROWS = 200
_HUNK = re.compile(r"^@@ -\d+", re.MULTILINE)
_CODE = ("code", "log", "output", "traceback", "source", "yaml")


@dataclass(frozen=True, slots=True)
class Words:
    """Text as it was written; `code` is set in mono."""

    name: str
    text: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Diff:
    """A unified diff."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Values:
    """Short values by name."""

    name: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of the same shape; a column in `numbers` is set to the right."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]


Exhibit = Words | Diff | Values | Grid


def exhibits(evidence: Mapping[str, Any] | str, name: str = "", *, above: str = "") -> tuple[Exhibit, ...]:
    """What there is to look at: long pieces in their order, then the short values together under `name`.

    `above` stands before the name of each long piece, where that name alone would not say what it is.
    """
    if isinstance(evidence, str):
        return (Words(name, bounded(evidence)),) if evidence else ()
    pairs = tuple((heading(key), value_text(value)) for key, value in evidence.items() if _is_short(value))
    long = {f"{above} {key}".strip(): value for key, value in evidence.items() if not _is_short(value)}
    pieces = tuple(piece for key, value in long.items() for piece in _pieces(key, value))
    return (*pieces, Values(name, pairs)) if pairs else pieces


def heading(name: str) -> str:
    """A field's name as a person writes it: `repair_strategy` is "Repair strategy", `macd` is "MACD"."""
    return titled(name)


def bounded(text: str, longest: int = LONGEST_TEXT) -> str:
    """What comes from outside may be of any length; what is cut is said."""
    text = plain(text)
    return text if len(text) <= longest else f"{text[:longest]}\n… {counted(len(text) - longest, 'more character')}"


def is_diff(text: str) -> bool:
    return bool(_HUNK.search(text)) or (text.startswith("--- ") and "\n+++ " in text)


def _is_short(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE and "\n" not in value
    if isinstance(value, Mapping):
        return False
    if isinstance(value, (list, tuple)):
        return not any(isinstance(each, Mapping) for each in value) and len(value_text(value)) <= LONGEST_VALUE
    return True


def _pieces(key: str, value: Any) -> Iterator[Exhibit]:
    if isinstance(value, Mapping):
        yield from exhibits(value, heading(key)) or (Values(heading(key), (("Nothing", "—"),)),)
    elif isinstance(value, str):
        yield _written(key, value)
    elif value and all(isinstance(each, Mapping) for each in value):
        yield _grid(key, value)
    else:
        yield Words(heading(key), bounded("\n".join(value_text(each) for each in value)))


def _written(key: str, text: str) -> Exhibit:
    if is_diff(text):
        return Diff(heading(key), bounded(text))
    code = key.lower().rpartition(" ")[2] in _CODE or text.startswith("Traceback (most recent call last)")
    return Words(heading(key), bounded(text), code)


def _grid(key: str, rows: list[Mapping[str, Any]] | tuple[Mapping[str, Any], ...]) -> Grid:
    keys = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    numbers = frozenset(place for place, name in enumerate(keys) if all(_is_number(row.get(name)) for row in rows))
    shown = tuple(tuple(_one_line(row.get(name, "")) for name in keys) for row in rows[:MOST_ROWS])
    more = f", the first {MOST_ROWS} of {len(rows):,}" if len(rows) > MOST_ROWS else ""
    return Grid(heading(key) + more, tuple(map(heading, keys)), shown, numbers)


def _one_line(value: Any) -> str:
    return " ".join(value_text(value)[:LONGEST_TEXT].split())


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
