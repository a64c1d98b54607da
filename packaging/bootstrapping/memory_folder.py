"""Where the temporary files of the whole suite lie: in memory where the system has room for them.

Most of what tests wait for is a disk that confirms each small write; in memory the same writes take half of the time,
and what the tests look at is the same. What a kill loses is decided before that: a process dies, not the machine.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEMORY = Path("/dev/shm")
ROOM = 3 * 1024**3
"""Bytes that have to be free: a whole run takes under one of these three gibibytes."""
SPARE = 2
"""So many times the room has to be left of the machine's memory, and of what this container is allowed of it."""
KERNEL = (Path("/proc/meminfo"), Path("/sys/fs/cgroup"))
"""Where Linux tells of its memory, and of the limits of the group that this runs in."""


def has_room(folder: Path) -> bool:
    """Whether files can be kept and started there, and enough of them. Containers often give 64 MB of it."""
    if not hasattr(os, "statvfs") or not os.access(folder, os.W_OK | os.X_OK):
        return False
    told = os.statvfs(folder)
    roomy = not told.f_flag & os.ST_NOEXEC and told.f_bavail * told.f_frsize >= ROOM
    return roomy and all(free >= SPARE * ROOM for free in free_memory(*KERNEL))


def free_memory(meminfo: Path, group: Path) -> list[int]:
    """Bytes of memory that are free, each as somebody tells it: a file system in memory promises more than there is."""
    found = []
    with suppress(OSError):
        found += [int(line.split()[1]) * 1024 for line in meminfo.read_text().splitlines() if "MemAvailable" in line]
    with suppress(OSError, ValueError):  # there are no groups, or "max": this one has no limit
        found.append(int((group / "memory.max").read_text()) - int((group / "memory.current").read_text()))
    return found


@contextmanager
def temporary_files_in_memory(environ: Mapping[str, str], memory: Path = MEMORY) -> Iterator[dict[str, str]]:
    """The environment with a folder in memory for temporary files, removed in the end; unchanged where a person chose
    a folder, or there is no room."""
    if environ.get("TMPDIR") or not has_room(memory):
        yield dict(environ)
        return
    with tempfile.TemporaryDirectory(prefix="tests-", dir=memory, ignore_cleanup_errors=True) as folder:
        yield {**environ, "TMPDIR": folder}
