"""The lock of a home: whoever holds it is the one process that writes there."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from PyQt6.QtCore import QLockFile

from app.paths import Home, unusable
from services.core.errors import UserError

if sys.platform != "win32":
    import fcntl


_HALF_MADE_MS = 500
"""Within which a lock that is being made says who holds it."""


class HomeTaken(UserError):
    """Another process holds the home. ``pid`` is its process, 0 where the lock does not tell."""

    def __init__(self, home: Home, pid: int, program: str = "") -> None:
        self.pid = pid
        who = f"process {pid}" + (f" ({program})" if program else "") if pid else "another process"
        super().__init__(
            f"{who} runs Dreamscape there",
            f"home {home.root}",
            "end it with 'dreamscape quit', or choose another home with --home DIR",
        )


class HomeLock:
    """At most one holder per home, over all processes; a holder that was killed holds nothing.

    Qt keeps process, host and boot of the holder in the file, so one left by kill -9 or a power failure is taken over.
    A stale time of 0 means that age alone never makes a lock stale.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        self._file = QLockFile(str(home.lock))
        self._file.setStaleLockTime(0)

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file.isLocked()

    def take(self, patience: float = 0.0) -> HomeLock:
        """Take the lock, waiting up to ``patience`` seconds for its holder to end.

        Creates the home. Raises ``HomeTaken`` with the holder, or ``UserError`` where no lock can be written.
        """
        self.home.create()
        if self._file.tryLock(round(patience * 1000)) or self._takes_over_half_made():
            return self
        if self._file.error() is QLockFile.LockError.PermissionError:
            raise unusable(self.home.root, PermissionError(13, "permission denied", str(self.home.lock)))
        if self._file.error() is not QLockFile.LockError.LockFailedError:
            raise UserError("its lock cannot be written", f"home {self.home.root}", "see that its disk has room")
        raise HomeTaken(self.home, *self._holder())

    def taken_by_another(self) -> HomeTaken | None:
        """Who else holds the home now; None when nobody does. Touches no home that is not there."""
        try:
            if self.held or not self.home.lock.exists():
                return None
        except PermissionError as denied:  # the folder is closed to us
            raise unusable(self.home.root, denied) from denied
        if self._file.tryLock(0):
            self._file.unlock()
            return None
        if self._file.error() is QLockFile.LockError.LockFailedError:
            return HomeTaken(self.home, *self._holder())
        return None

    def release(self) -> None:
        if self.held:
            self._file.unlock()

    def __enter__(self) -> HomeLock:
        return self if self.held else self.take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _takes_over_half_made(self) -> bool:
        """Take a lock whose file says nothing, as a kill or a full disk leaves it, and that nobody holds.

        Qt never counts such a file as stale. Who holds a lock keeps its file locked with the system too, which tells
        the two apart; one that is being made this moment says something soon.
        """
        if self._says_something() or self._file.tryLock(_HALF_MADE_MS) or self._says_something():
            return self._file.isLocked()
        if not _unheld(self.home.lock):
            return False
        self.home.lock.unlink(missing_ok=True)
        return self._file.tryLock(0)

    def _says_something(self) -> bool:
        return self._file.error() is not QLockFile.LockError.LockFailedError or self._file.getLockInfo()[0]

    def _holder(self) -> tuple[int, str]:
        known, pid, _host, program = self._file.getLockInfo()
        return (pid, program) if known else (0, "")


def _unheld(path: Path) -> bool:
    """Whether no process holds the file of a lock."""
    try:
        with path.open("rb+") as file:
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True  # Windows opens no file for writing that a holder has open
    except OSError:
        return False
