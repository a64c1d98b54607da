"""The log's file: appended, rotated by size, one JSON object a line."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

from services.core.logs import Dump, row

MOST_BYTES = 10_000_000
KEEP_FILES = 5
KEEP_DUMPS = 50
_PRIVATE = 0o600
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


class LogFile:
    """Appends whole rows; what `append` returned from has reached the system, and outlives this program."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES, keep: int = KEEP_FILES) -> None:
        self.path = path
        self._most_bytes = most_bytes
        self._keep = keep
        self._lock = threading.RLock()
        self._descriptor: int | None = None

    def append(self, rows: bytes) -> None:
        """Write rows after what is there; all or, raising OSError (a full disk, a folder that is gone), none."""
        with self._lock:
            descriptor = self._open()
            before = os.fstat(descriptor).st_size
            try:
                while rows:
                    rows = rows[os.write(descriptor, rows) :]
            except OSError:
                os.ftruncate(descriptor, before)
                raise
            if os.fstat(descriptor).st_size >= self._most_bytes:
                # On Windows a file that someone reads cannot be renamed; it grows until it can.
                with suppress(PermissionError):
                    self._rotate()

    def close(self) -> None:
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _open(self) -> int:
        if self._descriptor is None:
            torn = _ends_torn(self.path)
            self._descriptor = os.open(self.path, _APPEND, _PRIVATE)
            if torn:
                os.write(self._descriptor, b"\n")
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


def _ends_torn(path: Path) -> bool:
    """Whether the last row was cut off, as after a power failure; the next one must not join it."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def rotated(path: Path, keep: int = KEEP_FILES) -> tuple[Path, ...]:
    """The log's files that exist, newest first."""
    candidates = (path, *(path.with_name(f"{path.name}.{number}") for number in range(1, keep + 1)))
    return tuple(candidate for candidate in candidates if candidate.exists())


def write_dump(folder: Path, dump: Dump) -> Path:
    """Write what led to trouble into a file of its own, and let the oldest such files go."""
    about = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in dump.run or dump.process)
    path = folder / f"ring-{dump.at:%Y%m%dT%H%M%S.%f}-{about[:80]}.log"
    with os.fdopen(os.open(path, _APPEND, _PRIVATE), "wb") as file:
        file.write(b"".join(map(row, dump.lines)))
    for old in sorted(folder.glob("ring-*.log"))[:-KEEP_DUMPS]:
        old.unlink(missing_ok=True)
    return path
