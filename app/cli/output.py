"""What commands print: one JSON document, or tables for people. Foreign text cannot steer the terminal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.control.protocol import Document

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
STYLES = {
    "running": "green",
    "done": "green",
    "finished": "green",
    "paused": "yellow",
    "pausing": "yellow",
    "waiting": "cyan",
    "backoff": "magenta",
    "stalled": "red",
    "failed": "bold red",
    "unknown": "bold yellow",
}
"""Colours of states and verdicts, where the terminal has them; the word itself always stands there too."""


def document(told: Document) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False, default=str) + "\n")


def say(text: str) -> None:
    sys.stdout.write(f"{clean(text)}\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], styled: str = "State") -> None:
    """Print a table; ``styled`` names the column that is coloured by its word."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for column in shown.columns:
        column.overflow = "fold"
    for row in rows:
        cells = [clean(str(cell)) for cell in row]
        shown.add_row(
            *(Text(cell, STYLES.get(cell, "") if columns[at] == styled else "") for at, cell in enumerate(cells))
        )
    Console(file=sys.stdout).print(shown)


def clean(text: str) -> str:
    """Without what could steer a terminal."""
    return _CONTROL.sub("�", text)


def local(moment: str | None) -> str:
    """A time of the store as this person's clock shows it."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}" if moment else ""


def words(because: Any) -> str:
    """A reason, given as text or as terms, in one line."""
    if isinstance(because, dict):
        return ", ".join(f"{name} {_rounded(value)}" for name, value in because.items())
    return str(because)


def _rounded(value: Any) -> str:
    """A term of a reason; numbers are rounded to what a person reads, ``--json`` has them whole."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
