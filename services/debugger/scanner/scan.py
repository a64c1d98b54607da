"""An incremental scan of a project's Python files."""

import hashlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

from services.debugger.command import ToolFailed, Tools
from services.debugger.project.discover import Project
from services.debugger.project.foreign import in_foreign, python_files
from services.debugger.project.git import Git
from services.debugger.scanner.cache import Kept, ScanCache, digest, load, save
from services.debugger.scanner.impact import Scored, score
from services.debugger.scanner.measure import Measure, Unreadable, measure

COMMITS = 500
"""How far back churn looks."""
LARGEST = 2_000_000
"""Bytes; a larger file is generated, and is named instead of parsed."""
_ENGINE = f"ast {sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class Scan:
    """What a scan found: files by impact, and those that could not be parsed with the reason."""

    scored: tuple[Scored, ...]
    measures: dict[str, Measure]
    unreadable: dict[str, str]
    reread: int
    """How many files were read again; the others were as the last scan knew them."""

    @property
    def lines(self) -> int:
        return sum(each.lines for each in self.measures.values())

    @property
    def functions(self) -> int:
        return sum(each.functions for each in self.measures.values())


@dataclass
class Scanner:
    """Looks at one file after another (``look``), then sums up (``finish``), so that its caller shows progress."""

    project: Project
    tools: Tools
    cache_path: Path
    reread: int = 0
    _now: dict[str, Kept] = field(default_factory=dict)
    _nameless: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._cache = load(self.cache_path, _ENGINE)

    def files(self) -> list[str]:
        """Python files of the project, relative to its root."""
        root = self.project.root
        listed = sorted(set(self._listed()))
        return [path for path in listed if not in_foreign(root, path) and _is_plain(root / path)]

    def look(self, path: str) -> None:
        """Measure one file, unless it is as it was."""
        if not _is_text(path):
            self._nameless[path] = "its name is no UTF-8, so it cannot be kept"
            return
        file = self.project.root / path
        try:
            stat = file.stat()
            known = self._cache.files.get(path)
            if known and (known.stamp, known.size) == (stat.st_mtime_ns, stat.st_size):
                self._now[path] = known
                return
            self._now[path] = self._read(file, path, stat.st_mtime_ns, stat.st_size, known)
        except FileNotFoundError:  # removed since it was listed
            return
        except OSError as error:
            self._now[path] = Kept(0, -1, "", None, f"it cannot be read: {error.strerror}")

    def finish(self) -> Scan:
        """Score what was looked at and keep it for the next scan."""
        head, churn = self._churn()
        save(self.cache_path, ScanCache(_ENGINE, files=self._now, head=head, churn=churn))
        measures = {path: kept.measure for path, kept in self._now.items() if kept.measure}
        raw = {
            path: {"complexity": found.complexity, "churn": churn.get(path, 0), "lines": found.lines}
            for path, found in measures.items()
        }
        unreadable = {path: kept.why for path, kept in self._now.items() if kept.measure is None}
        unreadable |= self._nameless
        return Scan(tuple(score(raw)), measures, unreadable, self.reread)

    def _listed(self) -> list[str]:
        if self.project.git:
            return Git(self.project.root, self.tools).python_files()
        return list(python_files(self.project.root))

    def _read(self, file: Path, path: str, stamp: int, size: int, known: Kept | None) -> Kept:
        if size > LARGEST:
            return Kept(stamp, size, "", None, f"{size:,} bytes; files over {LARGEST:,} are not parsed")
        content = file.read_bytes()
        identity = digest(content)
        if known and known.digest == identity:
            return Kept(stamp, size, identity, known.measure, known.why)
        self.reread += 1
        try:
            return Kept(stamp, size, identity, measure(content, path))
        except Unreadable as error:
            return Kept(stamp, size, identity, None, str(error))

    def _churn(self) -> tuple[str, dict[str, int]]:
        """Churn by path as of the commit checked out; a repository without history has none."""
        if not self.project.git:
            return "", {}
        git = Git(self.project.root, self.tools)
        head = git.head()
        if head == self._cache.head:
            return head, self._cache.churn
        try:
            churn = git.churn(COMMITS) if head else {}
            return head, {path: count for path, count in churn.items() if _is_text(path)}
        except ToolFailed:
            return "", {}


def cache_file(scratch: Path, root: Path) -> Path:
    """Where the scan of the project at ``root`` is kept."""
    return scratch / "scans" / f"{hashlib.sha256(str(root).encode()).hexdigest()[:16]}.json"


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
