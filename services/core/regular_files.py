"""Regular files: what a person's files have to be, since a pipe or a device may never come to its end."""

import stat
from pathlib import Path

from services.core.errors import UserError


def require_regular(path: Path) -> None:
    """Raise ``UserError`` for a pipe, a socket or a device, before it is opened; ``OSError`` where nothing is there.

    A folder passes: opening one fails at once, and says so.
    """
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise UserError("it is no regular file", str(path), "put a file in its place, or remove it")
