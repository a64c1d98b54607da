"""How the program is to run, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    said: str | None = None
    """The environment as the command line names it."""
    live: bool = False
    """Whether the command line allows live trading."""
    as_json: bool = False
    """Headless: one JSON document at the end."""
    warms_up: bool = False
    """Whether what sweeps run is compiled beforehand."""

    @property
    def of_program(self) -> dict[str, Any]:
        """What of it the program itself takes."""
        return {"safe_mode": self.safe_mode, "said": self.said, "live": self.live, "warms_up": self.warms_up}
