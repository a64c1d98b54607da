"""The last good version of each of the user's files: what is sound is taken, a mistake is told and changes nothing.

What runs, runs by the copies in the home's ``taken``. So a mistake does no harm even to a run that is restarted, and a
run begins with exactly the bytes that were checked.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.paths import Home
from app.wiring.own_files.file_checks import mistakes_in, read_bounded, user_files
from services.core.blobs import keep_blob
from services.core.errors import UserError
from services.core.events import Event
from services.core.journal import Journal, Transaction
from services.core.whole_files import write_whole
from services.orchestrator.definitions.file_events import FileGone, FileRefused, FileTaken, Mistake
from services.orchestrator.definitions.plugin_files import digest
from services.orchestrator.events import Alert

log = logging.getLogger(__name__)
_TRIED = ".tried"
"""Where a version lies while it is checked."""


@dataclass
class Taken:
    """Compares the home's files with their last good versions. Everything here blocks; one thread at a time."""

    home: Home
    journal: Journal
    refused: dict[str, str] = field(default_factory=dict)
    """Versions that were refused and told of, by path in the home."""
    told: dict[str, str] = field(default_factory=dict)
    """The mistakes of those, in words."""

    def look(self) -> tuple[str, ...]:
        """Take what changed and is sound, refuse what is not; the paths of what is now another."""
        files = user_files(self.home)
        changed = [relative for relative, path in files.items() if self._look_at(relative, path)]
        gone = [relative for relative in self._known() if relative not in files]
        for relative in gone:
            self._drop(relative)
        return (*changed, *gone)

    def copy_of(self, relative: str) -> Path:
        """Where the last good version of a file lies, if it has one."""
        return self.home.taken / relative

    def refuse(self, relative: str, version: str, mistakes: Sequence[UserError], logged: bool = False) -> None:
        """Tell what is wrong with a version, once; ``logged`` where the log has it already."""
        self.told[relative] = " ".join(str(mistake) for mistake in mistakes)
        if self.refused.get(relative) == version:
            return
        self.refused[relative] = version
        for mistake in () if logged else mistakes:
            log.error("%s", mistake)
        more = f" ({len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        kept = " The version before it stays in force." if self.copy_of(relative).exists() else ""
        alert = Alert(f"{mistakes[0]}{more}{kept}", relative)
        self._tell(FileRefused(relative, version, [Mistake.of(each) for each in mistakes]), alert)

    def accept(self, relative: str, before: str, after: str) -> None:
        """Tell that a version is in force."""
        self.refused.pop(relative, None)
        log.info("%s is taken in version %s", relative, after[:12])
        self._tell(FileTaken(relative, before, after))

    def gone(self, relative: str, before: str) -> None:
        """Tell that a file is no more, and with it what was wrong in it."""
        self.refused.pop(relative, None)
        log.info("%s is gone", relative)
        self._tell(FileGone(relative, before))

    def _look_at(self, relative: str, path: Path) -> bool:
        try:
            data = read_bounded(path)
        except UserError as mistake:
            if isinstance(mistake.__cause__, FileNotFoundError):  # replaced this moment: its change is yet to be told
                return False
            self.refuse(relative, "", [mistake])
            return False
        version, before = digest(data), self._version(relative)
        if version == before:
            if relative in self.refused:
                self.accept(relative, before, version)
            return False
        if self.refused.get(relative) == version and relative in self.told:
            return False
        return self._try(relative, path, data, before)

    def _try(self, relative: str, path: Path, data: bytes, before: str) -> bool:
        """Check a version in a copy of its own, so that what is taken is what was checked."""
        tried = self.home.taken / _TRIED / relative
        tried.parent.mkdir(parents=True, exist_ok=True)
        write_whole(tried, data)
        mistakes = mistakes_in(relative, tried, path) or self._secrets_in(data, path)
        if mistakes:
            tried.unlink()
            self.refuse(relative, digest(data), mistakes)
            return False
        self._keep(relative, data)
        self.accept(relative, before, digest(data))
        self.copy_of(relative).parent.mkdir(parents=True, exist_ok=True)
        tried.replace(self.copy_of(relative))
        return True

    def _secrets_in(self, data: bytes, path: Path) -> tuple[UserError, ...]:
        """A version that is taken is kept for good, in clear: so no registered secret may stand in it."""
        lines = data.decode(errors="replace").splitlines()
        return tuple(
            UserError(
                "a secret stands here that is kept in the keyring or the environment",
                f"{path}:{number}",
                "take it out here: every version of this file is kept in clear",
            )
            for number, line in enumerate(lines, 1)
            if self.journal.hide(line) != line
        )

    def _keep(self, relative: str, data: bytes) -> None:
        """Keep this version, and the one before it, which what is told of the change names."""
        copy = self.copy_of(relative)
        before = copy.read_bytes() if copy.exists() else None

        def work(tx: Transaction) -> None:
            if before is not None:
                keep_blob(tx, before)
            keep_blob(tx, data)

        self.journal.clock.result(self.journal.write(work))

    def _drop(self, relative: str) -> None:
        self.gone(relative, self._version(relative))
        self.copy_of(relative).unlink(missing_ok=True)

    def _version(self, relative: str) -> str:
        copy = self.copy_of(relative)
        return digest(copy.read_bytes()) if copy.exists() else ""

    def _known(self) -> Iterator[str]:
        """What was taken, or refused, when it was last looked at."""
        copies = user_files(Home(self.home.taken))
        return iter({**copies, **{path: path for path in self.refused if "/" in path}})

    def _tell(self, *events: Event) -> None:
        def work(tx: Transaction) -> None:
            tx.record(*events)

        self.journal.clock.result(self.journal.write(work))
