"""The settings file as it was last without a mistake, kept beside it: what holds while the file cannot be used.

It has the checked values alone. So no secret gets into it, nor anything else that happens to stand in the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.paths import Home
from services.core.whole_files import write_whole


@dataclass(frozen=True, slots=True)
class LastGood:
    """The values of the file, by section, and when they came into force (UTC)."""

    at: datetime
    values: Mapping[str, Any]

    @property
    def when(self) -> str:
        """``14:02``, with the day unless it is today; in the local zone."""
        local, today = self.at.astimezone(), datetime.now(UTC).astimezone()
        return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%d %b %H:%M}"

    def value(self, path: tuple[str, ...]) -> Any:
        """A setting's value, or a whole section; None where the default held."""
        found: Any = self.values
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        return found


def read_last_good(home: Home) -> LastGood | None:
    """What is kept; None where nothing is, or where it cannot be read: then the defaults hold, as at a first start."""
    try:
        kept = json.loads(home.settings_last_good.read_text(encoding="utf-8"))
        return LastGood(datetime.fromisoformat(kept["since"]), dict(kept["values"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def keep_last_good(home: Home, values: Mapping[str, Any], now: datetime) -> None:
    """Keep the values that came into force, for their owner alone; the same ones again leave their time as it is.

    Raises ``OSError`` where it cannot be written; what was kept is then as it was.
    """
    known = read_last_good(home)
    if known is not None and known.values == values:
        return
    text = json.dumps({"since": now.isoformat(), "values": values}, indent=1)
    write_whole(home.settings_last_good, text.encode())
