"""A store that may be read and not written: in a read-only folder, on a medium of its own, of another user."""

import os
from pathlib import Path

from services.core.errors import UserError


def writable(path: Path) -> bool:
    """Whether we may write the store and, for its log, the folder it lies in."""
    return _may_write(path) and _may_write(path.parent)


def uri_of(path: Path) -> str:
    """How SQLite is told to open a store that cannot be written. Raises ``UserError`` where that cannot be done.

    Even a reader of a store in WAL mode writes: it makes the log's index (-shm) beside the log (-wal). ``mode=ro`` can
    do with both as they are, so where both are there, of a program that runs or was killed, it reads all that was
    committed. Without them it fails, unless ``immutable=1`` says that nobody changes the file. SQLite then leaves the
    log out of account, and with it the newest commits; so that is said only where there is no log, or an empty one.
    """
    wal, shm = (path.with_name(path.name + ending) for ending in ("-wal", "-shm"))
    if _may_write(path.parent) or (wal.exists() and shm.exists()):
        return f"{path.absolute().as_uri()}?mode=ro"
    if wal.exists() and wal.stat().st_size:
        raise UserError(
            f"its newest changes are in its log ({wal.name}), which cannot be read where nothing can be written",
            str(path),
            "copy the whole home to where you may write, and name the copy with --home DIR",
        )
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
