"""Changes of files as triggers: watched by the system, gathered on the clock until nothing more happens."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Protocol

from services.core.clock import Clock
from services.core.errors import UserError
from services.orchestrator.triggers.trigger import OnFiles

log = logging.getLogger(__name__)

IGNORED = frozenset(
    {".git", ".hg", ".svn", "__pycache__", ".venv", "venv", ".tox", ".nox", "node_modules", ".idea", ".vscode"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".cache", ".eggs"}
)
"""Folders below a watched one whose changes are nobody's work: history, caches, environments."""
_POLL = 0.25
_LONGEST = 5
"""After how many times the debounce changes are told though more still come, as to a log that ever grows."""
_WILD = frozenset("*?[")
Changed = Callable[[frozenset[Path]], None]


class Watcher(Protocol):
    """Tells which files changed. ``FileWatch`` asks the system; a test may tell by hand."""

    def run(self) -> None:
        """Watch until stopped; the body of a worker."""
        ...

    def stop(self) -> None:
        """Have ``run`` return soon; from any thread."""
        ...


@dataclass(frozen=True)
class Pattern:
    """A glob as a folder to watch and the parts that a path below it must match (``**`` is any number of folders)."""

    root: Path
    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str, base: Path) -> "Pattern":
        """Read a path or glob, relative to ``base``; a folder means all that is in it."""
        whole = base / Path(text).expanduser()
        wild = next((at for at, part in enumerate(whole.parts) if _WILD & set(part)), None)
        if wild is None and whole.is_dir():
            return cls(whole.resolve(), ("**",))
        fixed = len(whole.parts) - 1 if wild is None else wild
        return cls(Path(*whole.parts[:fixed]).resolve(), whole.parts[fixed:])

    @property
    def deep(self) -> bool:
        """Whether folders below the root matter."""
        return len(self.parts) > 1 or self.parts == ("**",)

    def fits(self, path: Path, ignored: frozenset[str] = IGNORED) -> bool:
        """Whether a path fits, and lies in none of the ignored folders."""
        if not path.is_relative_to(self.root):
            return False
        parts = path.relative_to(self.root).parts
        return not ignored & set(parts[:-1]) and _fits(parts, self.parts)


class FileWatch:
    """Watches the files of one trigger and calls ``changed`` with the paths, in the thread that runs ``run``.

    A folder that is not there yet, or is replaced while it is watched, is watched as soon as it is there.
    """

    def __init__(self, trigger: OnFiles, base: Path, clock: Clock, changed: Changed) -> None:
        self._patterns = tuple(Pattern.of(text, base) for text in trigger.files)
        self._ignored = IGNORED | trigger.ignored
        self._debounce = trigger.debounce.total_seconds()
        self._clock = clock
        self._changed = changed
        self._stopped = clock.wakeup()
        self.watching = clock.wakeup()
        """Set while the system watches; changes before that are not seen."""

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.is_set():
            roots = sorted({pattern.root for pattern in self._patterns if pattern.root.is_dir()})
            if roots:
                self._watch(roots)
            self._stopped.wait(_POLL)

    def _watch(self, roots: Sequence[Path]) -> None:
        """Watch ``roots`` until one of the folders that matter appears, goes or is replaced."""
        before = self._identities()
        pending: set[Path] = set()
        first = last = 0.0
        for paths in self._batches(roots):
            now = self._clock.monotonic()
            fitting = {path for path in paths if any(pattern.fits(path, self._ignored) for pattern in self._patterns)}
            first = now if fitting and not pending else first
            pending |= fitting
            last = now if fitting else last
            if pending and (now - last >= self._debounce or now - first >= _LONGEST * self._debounce):
                self._changed(frozenset(pending))
                pending = set()
            if self._stopped.wait(min(_POLL, self._debounce / 2 or _POLL)) or self._identities() != before:
                break
        self.watching.clear()
        if pending and not self._stopped.is_set():
            self._changed(frozenset(pending))

    def _batches(self, roots: Sequence[Path]) -> Iterator[set[Path]]:
        """What has changed since it was last asked; never waits for changes, since waiting is the clock's."""
        from watchfiles import watch  # Rust; only who watches files loads it

        deep = any(pattern.deep for pattern in self._patterns)
        try:
            for changes in watch(
                *roots,
                watch_filter=None,
                debounce=50,
                step=1,
                rust_timeout=1,
                yield_on_timeout=True,
                raise_interrupt=False,
                recursive=deep,
                ignore_permission_denied=True,
            ):
                self.watching.set()
                yield {Path(path) for _, path in changes}
        except OSError as error:
            where = ", ".join(map(str, roots))
            raise UserError(
                f"files cannot be watched: {error}",
                where,
                "watch a smaller folder, or raise the system's limit of watches",
            ) from error

    def _identities(self) -> list[tuple[int, int] | None]:
        return [_identity(pattern.root) for pattern in self._patterns]


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        if len(pattern) == 1:
            return bool(parts)
        return any(_fits(parts[start:], pattern[1:]) for start in range(len(parts)))
    return bool(parts) and fnmatch(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])
