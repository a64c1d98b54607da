"""The lock of a home: whoever holds it is the one process that writes there."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import TracebackType

from PyQt6.QtCore import QLockFile, QSysInfo

from app.control.notices import tell_beside
from app.paths import Home, unusable
from services.core.errors import UserError

if sys.platform != "win32":
    import fcntl


_HALF_MADE_MS = 500
"""Within which a lock that is being made says who holds it."""
_BETWEEN_LOOKS = 0.05


class HomeTaken(UserError):
    """Another process holds the home. ``pid`` is its process, 0 where the lock does not tell."""

    def __init__(self, home: Home, pid: int, program: str = "", host: str = "") -> None:
        self.pid = pid
        self.unsure = "" if pid and not host else f"if nothing runs there, remove the file {home.lock}"
        """The mend where it cannot be told from here whether the lock was only left behind; else empty."""
        who = f"process {pid}" + (f" ({program})" if program else "") if pid else "another process"
        end = "end it with 'dreamscape quit', or choose another home with --home DIR"
        super().__init__(
            f"{who}{f' on the machine {host}' if host else ''} runs Dreamscape there",
            f"home {home.root}",
            f"{end}; {self.unsure}" if self.unsure else end,
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
        if self._file.tryLock(round(patience * 1000)):
            return self
        if self._left_half_made():
            self._set_aside()
        if self._file.tryLock(0):
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
        if self._file.error() is not QLockFile.LockError.LockFailedError:
            return None
        if self._left_half_made():
            self._set_aside()
            return None
        # Qt takes over what a killed holder left; where the home is read-only it cannot, and calls it held.
        if not self._foreign() and _unheld(self.home.lock):
            return None
        return HomeTaken(self.home, *self._holder())

    def is_free(self, patience: float) -> bool:
        """Whether nobody else holds the home, or ends to within ``patience`` seconds. Writes nothing there."""
        until = time.monotonic() + patience
        while self.taken_by_another() is not None:
            if time.monotonic() >= until:
                return False
            time.sleep(_BETWEEN_LOOKS)
        return True

    def release(self) -> None:
        if self.held:
            self._file.unlock()

    def __enter__(self) -> HomeLock:
        return self if self.held else self.take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _left_half_made(self) -> bool:
        """Whether the file says nothing, as a kill or a full disk leaves it, and nobody holds it.

        Qt never counts such a file as stale. Who holds a lock keeps its file locked with the system too, which tells
        the two apart; one that is being made this moment says something soon.
        """
        if self._says_something():
            return False
        if self._file.tryLock(_HALF_MADE_MS):
            self._file.unlock()
            return False
        return not self._says_something() and _unheld(self.home.lock)

    def _set_aside(self) -> bool:
        """Give the file another name and say so; tells whether that could be done (a read-only home keeps it)."""
        aside = self.home.lock.with_name(f"{self.home.lock.name}.unreadable")
        try:
            self.home.lock.replace(aside)
        except OSError:
            return False
        tell_beside(
            f"{self.home.lock}: it did not say who holds this home, and nobody did. It is kept as {aside.name}."
        )
        return True

    def _says_something(self) -> bool:
        return self._file.error() is not QLockFile.LockError.LockFailedError or self._file.getLockInfo()[0]

    def _foreign(self) -> bool:
        """Whether another machine made the lock: what its system keeps locked, ours need not know."""
        known, _pid, host, _program = self._file.getLockInfo()
        return known and host not in ("", QSysInfo.machineHostName())

    def _holder(self) -> tuple[int, str, str]:
        known, pid, host, program = self._file.getLockInfo()
        return (pid, program, host if self._foreign() else "") if known else (0, "", "")


def _unheld(path: Path) -> bool:
    """Whether no process holds the file of a lock."""
    try:
        if sys.platform == "win32":
            path.open("rb+").close()  # it opens no file for writing that a holder has open
            return True
        else:
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return os.fstat(file.fileno()).st_ino == path.stat().st_ino  # else another has just set it aside
    except OSError:
        return False
