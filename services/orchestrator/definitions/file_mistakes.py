"""The user's files that have mistakes, shown until they are mended."""

from dataclasses import dataclass, field
from datetime import datetime

from services.core.events import Recorded
from services.core.projections.projection import Projection
from services.orchestrator.definitions.file_events import FileGone, FileRefused, FileTaken, Mistake


@dataclass(frozen=True)
class MistakenFile:
    """A file whose newest version is not in force, and why. ``path`` is relative to the home."""

    path: str
    version: str
    since: datetime
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class FileMistakesValue:
    """All of them, by path."""

    files: tuple[MistakenFile, ...] = ()


@dataclass
class _Files:
    files: dict[str, MistakenFile] = field(default_factory=dict)


class FileMistakes(Projection[_Files, FileMistakesValue]):
    """What is wrong in the user's files right now."""

    name = "file mistakes"
    State = _Files
    handles = (FileTaken, FileRefused, FileGone)

    def fold(self, recorded: Recorded) -> None:
        match recorded.event:
            case FileRefused(path, version, mistakes):
                self.state.files[path] = MistakenFile(path, version, recorded.at, tuple(mistakes))
            case FileTaken(path) | FileGone(path):
                self.state.files.pop(path, None)

    def value(self) -> FileMistakesValue:
        return FileMistakesValue(tuple(file for _, file in sorted(self.state.files.items())))
