"""A file whose presence makes the system start the program at login."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from services.core.errors import UserError
from services.core.whole_files import OTHERS_READ, write_whole

_OFF = re.compile(r"^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$", re.MULTILINE | re.IGNORECASE)
"""How desktops say in the file itself that it shall not count."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the file belongs and what it says."""

    path: Path
    content: bytes

    @property
    def is_on(self) -> bool:
        """Whether the file is there and not switched off in itself; one that cannot be read starts nothing."""
        try:
            text = self.path.read_bytes().decode("utf-8", "replace")
        except OSError:
            return False
        return _OFF.search(text) is None

    def turn_on(self) -> None:
        """Write the file. Raises UserError where it cannot be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, self.content, mode=OTHERS_READ)
        except OSError as error:
            raise self._refused("written", error) from error

    def turn_off(self) -> None:
        """Remove the file; nothing happens where there is none. Raises UserError where it cannot be removed."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise self._refused("removed", error) from error

    def _refused(self, what: str, error: OSError) -> UserError:
        reason = error.strerror or type(error).__name__
        return UserError(f"it cannot be {what} ({reason})", str(self.path), "make its folder writable for you")
