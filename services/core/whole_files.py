"""Files written whole or not at all: beside, synced, and then put in the place of the one before."""

import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

OWNER_ALONE = 0o600
OTHERS_READ = 0o644


def write_whole(path: Path, content: bytes | Iterable[bytes], *, mode: int = OWNER_ALONE, sync: bool = True) -> None:
    """Write a file so that a reader, or a crash, meets the old one or the new one; its folder has to be there.

    From then on it outlives a power failure, unless ``sync`` is off for what can be made again. Raises ``OSError``, and
    whatever ``content`` raises as it is gone through: the old one is then as it was, and nothing is left beside it.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        if mode != OWNER_ALONE:  # as it is made
            beside.chmod(mode)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    if sync:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have the new name outlive a power failure, where the system lets a folder be synced; the file itself stands."""
    if sys.platform != "win32":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
