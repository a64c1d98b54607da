"""How the program is to run, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.control.lock import HomeLock


@dataclass(frozen=True)
class Options:
    """How to run. ``lock`` is held, and is released by the command line after the end."""

    lock: HomeLock
    headless: bool = False
    seconds: float | None = None
    """End by itself after so long."""
    safe_mode: bool = False
    as_json: bool = False
    """Headless: one JSON document at the end."""
