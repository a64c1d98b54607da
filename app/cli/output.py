"""What commands print: one JSON document, or words for people. Foreign text cannot steer the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from services.core.plain import escaped, plain
from services.core.words import place_and_mend, term
from widgets.parts.text.times import clock_seconds, clock_time

if TYPE_CHECKING:
    from app.control.protocol import Document


def document(told: Document) -> None:
    """Print one JSON document."""
    sys.stdout.write(escaped(json.dumps(told, indent=2, ensure_ascii=False, default=str)) + "\n")


def say(text: str) -> None:
    sys.stdout.write(f"{clean(text)}\n")


def clean(text: str) -> str:
    """Without what could steer a terminal."""
    return plain(text)


def local(moment: str | None) -> str:
    """A time of the store as this person's clock shows it: ``11:03:41``, with the day where it is not today."""
    return clock_seconds(datetime.fromisoformat(moment), datetime.now(UTC)) if moment else ""


def local_minute(moment: str | None) -> str:
    """As ``local``, to the minute."""
    return clock_time(datetime.fromisoformat(moment), datetime.now(UTC)) if moment else ""


def words(because: Any) -> str:
    """A reason, given as text or as terms, in one line."""
    if isinstance(because, Mapping):
        from widgets.parts.decisions.words import value_text  # which knows the ledger

        # Numbers are rounded and times told as a person reads them; --json has them whole.
        told = (f"{term(name)} {value_text(value)}" for name, value in because.items())
        return place_and_mend(because) or ", ".join(told)
    return str(because)
