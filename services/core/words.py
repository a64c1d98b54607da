"""Small things that a person reads the same way everywhere: counted nouns, numbers, and the names of terms."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_LEAST = 1e-12
"""What is closer to nothing has no digit that a person would read."""
_TERMS = {
    "api": "API",
    "http": "HTTP",
    "id": "ID",
    "macd": "MACD",
    "mend": "what to do",
    "sha256": "SHA-256",
    "url": "URL",
    "yaml": "YAML",
}
"""Words of the field that are written in a way of their own."""


def counted(number: int, one: str, several: str = "") -> str:
    """A number with its noun: ``1 process``, ``2,000 processes``; ``several`` where it is not made by an s."""
    return f"{number:,} {form(number, one, several)}"


def form(number: int, one: str, several: str = "") -> str:
    """The noun or verb alone, as it stands behind ``number``."""
    return one if number == 1 else several or (f"{one}es" if one.endswith("s") else f"{one}s")


LONGEST = 1_000
"""Characters of what is told about a process: its state, its end, an alert."""


def shortened(text: str, most: int = LONGEST) -> str:
    """``text`` in at most ``most`` characters; where that is not all, with the length of the whole."""
    if len(text) <= most:
        return text
    mark = f"… ({len(text):,} characters in all)"
    return text[: max(most - len(mark), 0)].rstrip() + mark


def number_text(value: float, digits: int = 4) -> str:
    """A number rounded to so many significant digits, in plain decimals however small or large it is."""
    if not math.isfinite(value):
        return str(value)
    if 0 < abs(value) < _LEAST:
        return "about 0"
    rounded = Decimal(f"{value or 0:.{digits}g}")
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def typed_number(value: float) -> str:
    """A number as a person types it: with every digit that counts, in plain decimals, and nothing between them."""
    return f"{Decimal(f'{value or 0:.15g}'):f}"


def term(name: str) -> str:
    """The name of a term or field as a person writes it: ``repair_strategy``, ``macd`` are repair strategy, MACD."""
    return " ".join(_TERMS.get(word.casefold(), word) for word in name.replace("_", " ").split())


def titled(name: str) -> str:
    """The same where it begins a line."""
    text = term(name)
    return text[:1].upper() + text[1:]


def place_and_mend(because: Mapping[str, Any]) -> str:
    """A reason that says where something is amiss and what to do about it, as a sentence; empty for any other."""
    if not because or not set(because) <= {"where", "mend"}:
        return ""
    return ": ".join(str(because[name]) for name in ("where", "mend") if because.get(name))
