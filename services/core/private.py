"""Files for their owner alone, also in a folder that others may read."""

import os
from contextlib import suppress
from pathlib import Path

_FRESH = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_PRIVATE = 0o600


def own_file(path: Path) -> Path:
    """Make an empty file that its owner alone may read, for who writes it next; one that is there keeps its mode.

    SQLite takes it for a fresh database, and gives the files beside it its mode. Where it cannot be made, who writes
    it next tells why.
    """
    with suppress(OSError):
        os.close(os.open(path, _FRESH, _PRIVATE))
    return path
