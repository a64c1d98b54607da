"""The log's file: appended, rotated by size, one JSON object a line."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from services.core.logs import Dump, encode

MOST_BYTES = 10_000_000
KEEP_FILES = 5
KEEP_DUMPS = 50
_PRIVATE = 0o600
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND


class LogFile:
    """Appends whole rows; what `append` returned from has reached the system, and outlives this program."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES, keep: int = KEEP_FILES) -> None:
        self.path = path
        self._most_bytes = most_bytes
        self._keep = keep
        self._lock = threading.RLock()
        self._descriptor: int | None = None

    def append(self, rows: bytes) -> None:
        """Write rows after what is there; raises OSError when the disk is full or the folder gone."""
        with self._lock:
            descriptor = self._open()
            while rows:
                rows = rows[os.write(descriptor, rows) :]
            if os.fstat(descriptor).st_size >= self._most_bytes:
                self._rotate()

    def close(self) -> None:
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _open(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self.path, _APPEND, _PRIVATE)
        return self._descriptor

    def _rotate(self) -> None:
        """dreamscape.log becomes .1, .1 becomes .2, and the oldest goes."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        older = [self.path.with_name(f"{self.path.name}.{number}") for number in range(1, self._keep + 1)]
        for source, target in reversed(list(zip([self.path, *older], older, strict=False))):
            if source.exists():
                source.replace(target)


def rotated(path: Path, keep: int = KEEP_FILES) -> tuple[Path, ...]:
    """The log's files that exist, newest first."""
    candidates = (path, *(path.with_name(f"{path.name}.{number}") for number in range(1, keep + 1)))
    return tuple(candidate for candidate in candidates if candidate.exists())


def write_dump(folder: Path, dump: Dump) -> Path:
    """Write what led to trouble into a file of its own, and let the oldest such files go."""
    about = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in dump.run or dump.process)
    path = folder / f"ring-{dump.at:%Y%m%dT%H%M%S.%f}-{about[:80]}.log"
    with os.fdopen(os.open(path, _APPEND, _PRIVATE), "wb") as file:
        file.write(b"".join(map(encode, dump.lines)))
    for old in sorted(folder.glob("ring-*.log"))[:-KEEP_DUMPS]:
        old.unlink(missing_ok=True)
    return path
