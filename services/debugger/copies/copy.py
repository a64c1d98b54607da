"""An isolated copy of a project, removed on leaving it; leftovers of killed runs are removed at the next start."""

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from services.core.clock import Clock
from services.core.sandbox import end_strays
from services.debugger.copies.choosing import LARGEST, Entry, entries
from services.debugger.copies.lease import Held, Lease

_LEASE, _LEADER = ".lease", ".leader"
_BREATH = 25


class CopyFailed(Exception):
    """The copy could not be made; the message says why and what would help."""


@dataclass(frozen=True)
class Copy:
    """A copy of a project at ``root``; ``temporary`` and ``tools`` are empty folders beside it, removed with it."""

    root: Path
    original: Path
    temporary: Path
    tools: Path
    mark: str
    """Marks the processes that run in it, so that a later start finds what a killed one left."""
    files: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    """What is not in it, with the reason."""

    def note_leader(self, leader: str) -> None:
        """Remember who leads what runs in it, where a mark does not tell (see ``Tree.leader``)."""
        if leader:
            self.root.parent.with_name(self.mark + _LEADER).write_text(leader, encoding="utf-8")

    def here(self, path: Path) -> Path:
        """The place in the copy of a path in the original."""
        return self.root / path.relative_to(self.original)


@contextmanager
def isolated_copy(
    original: Path, scratch: Path, heed: Callable[[], None] = lambda: None, largest: int = LARGEST
) -> Iterator[Copy]:
    """Copy the project at ``original`` below ``scratch`` and remove the copy afterwards. Raises ``CopyFailed``.

    ``heed`` is called every few files; what it raises ends the copying, and what was copied is removed.
    """
    copies = scratch / "copies"
    with _explained(copies):
        copies.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = f"{re.sub(r'[^A-Za-z0-9]+', '-', original.name)[:20]}-{secrets.token_hex(6)}"
    base = copies / mark
    with Lease(copies / (mark + _LEASE)):
        try:
            yield _fill(base, original, mark, heed, largest)
        finally:
            remove(base)
            (copies / (mark + _LEADER)).unlink(missing_ok=True)


def remove_leftovers(scratch: Path, clock: Clock) -> list[str]:
    """Remove copies whose holder is gone, and end what still runs in them; returns their names."""
    copies = scratch / "copies"
    gone = []
    for lease in sorted(copies.glob(f"*{_LEASE}")):
        mark = lease.name.removesuffix(_LEASE)
        try:
            with Lease(lease):
                leader = copies / (mark + _LEADER)
                end_strays(mark, clock, leader.read_text(encoding="utf-8") if leader.exists() else "")
                remove(copies / mark)
                leader.unlink(missing_ok=True)
        except Held:
            continue
        gone.append(mark)
    return gone


def remove(folder: Path) -> None:
    """Remove a folder even where a test took away its own rights to it."""
    for here, names, _ in os.walk(folder):
        for name in names:
            path = os.path.join(here, name)  # noqa: PTH118 - os.walk goes by what is changed here
            if not os.path.islink(path):  # noqa: PTH114
                os.chmod(path, stat.S_IRWXU)  # noqa: PTH101
    if folder.exists():
        shutil.rmtree(folder)


def _fill(base: Path, original: Path, mark: str, heed: Callable[[], None], largest: int) -> Copy:
    root = base / (original.name or "root")
    temporary, tools = base / "tmp", base / "tools"
    if root in (temporary, tools):
        root = base / "project" / original.name
    left_out: dict[str, str] = {}
    files = 0
    with _explained(base.parent):
        for folder in (root, temporary, tools):
            folder.mkdir(parents=True, mode=0o700)
    for number, entry in enumerate(entries(original, largest, besides=base.parent)):
        if number % _BREATH == 0:
            heed()
        with _explained(base.parent):
            why = entry.why or _take(entry, original, root)
        if why:
            left_out[entry.path.as_posix()] = why
        files += entry.kind == "file" and not why
    return Copy(root, original, temporary, tools, mark, files, left_out)


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    """A fault of the system's, as ``CopyFailed`` with what would help."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        mend = "free some space there, or set another scratch folder" if full else "see that it can be written"
        raise CopyFailed(f"{place}: {error.strerror}; {mend}") from error


def _take(entry: Entry, original: Path, root: Path) -> str:
    """Put one entry into the copy; returns why it could not be read, or an empty string."""
    source, target = original / entry.path, root / entry.path
    if entry.kind == "folder":
        target.mkdir(exist_ok=True)
    elif entry.kind == "link":
        _link(source, target, original)
    else:
        try:
            shutil.copy2(source, target)
        except FileNotFoundError:
            return "it was removed meanwhile"
        except PermissionError:
            return "it cannot be read: permission denied"
    return ""


def _link(source: Path, target: Path, original: Path) -> None:
    """Make the link anew, relative, so that it leads to the copy's own file."""
    leads = Path(os.path.realpath(source)).relative_to(os.path.realpath(original))
    up = os.path.relpath(original / leads, source.parent)
    target.symlink_to(up, target_is_directory=source.is_dir())
