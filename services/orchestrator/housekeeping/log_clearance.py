"""Log clearance: rotated logs and ring dumps that are too old or too many. The log being written is never touched."""

from dataclasses import field
from datetime import timedelta
from pathlib import Path

from services.core.process import Isolation, Process
from services.core.process.context import Context
from services.orchestrator.housekeeping.events import LogsCleared

PATTERNS = ("*.log.[0-9]*", "ring-*.log")


class LogClearance(Process):
    """Removes what is older than ``days``, then the oldest until at most ``most_bytes`` are left."""

    isolation = Isolation.THREAD
    folder: Path = field(default_factory=Path)
    days: int = 30
    most_bytes: int = 100_000_000

    def run(self, context: Context) -> None:
        oldest_first = sorted((path.stat().st_mtime, path) for path in self._candidates())
        left = sum(path.stat().st_size for _, path in oldest_first)
        cut = (context.clock.now() - timedelta(days=self.days)).timestamp()
        files = freed = 0
        for changed, path in context.track(oldest_first, doing="clearing old logs"):
            if changed >= cut and left <= self.most_bytes:
                continue
            size = path.stat().st_size
            path.unlink(missing_ok=True)
            files, freed, left = files + 1, freed + size, left - size
        if files:
            context.emit(LogsCleared(files, freed))

    def _candidates(self) -> set[Path]:
        return {path for pattern in PATTERNS for path in self.folder.glob(pattern) if path.is_file()}
