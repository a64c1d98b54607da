"""The lease of an account: whoever holds it is the one process that sends its orders. The system frees it at death."""

import json
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from services.core.errors import UserError
from services.trading.desk.lifetimes import began

log = logging.getLogger(__name__)
_LENGTH = 128
_BEHIND = 1 << 16
"""The byte that is locked lies behind what is written, so that who does not hold the lease can read who does."""


class AccountTaken(UserError):
    """Another process holds the account. ``pid`` is its id, 0 where the file does not tell for certain."""

    def __init__(self, path: Path, pid: int) -> None:
        self.pid = pid
        super().__init__(f"process {pid or '?'} sends this account's orders", str(path), "end it first")


class Lease:
    """Held from ``take`` to ``release``, or to the end of the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None
        self._folder: int | None = None

    def take(self) -> Self:
        """Raises ``AccountTaken`` with the holder's id, or ``OSError`` where there is nothing that could be locked."""
        try:
            file = _existing(self.path) if self.path.exists() else self.path.open("w+b")
        except OSError:
            if self.path.exists():
                raise
            self._take_folder()
            return self
        if not _locked(file.fileno()):
            file.close()
            raise AccountTaken(self.path, self.holder())
        self._file = file
        self._sign(file)
        return self

    def _take_folder(self) -> None:
        """Where the file cannot be made, nobody holds it: its folder is locked instead, so that only one does."""
        folder = os.open(self.path.parent, os.O_RDONLY)
        if not _locked(folder):
            os.close(folder)
            raise AccountTaken(self.path, 0)
        self._folder = folder

    def _sign(self, file: IO[bytes]) -> None:
        """Write over what stood there, which takes no room; a first one on a full disk stays unsigned.

        Who held it before is no holder any more: where nothing can be written its signature is taken away.
        """
        signed = json.dumps({"pid": os.getpid(), "began": began(os.getpid())}).encode()
        try:
            file.seek(0)
            file.write(signed.ljust(_LENGTH))
            file.flush()
        except OSError as error:
            log.error("%s is held, and cannot tell by whom: %s", self.path, error)
            with suppress(OSError):  # then it stays, and its process is known by when it began
                os.truncate(file.fileno(), 0)

    def holder(self) -> int:
        """The id of the process that holds it now; 0 where nobody does, or where it cannot be told for certain.

        A process that bears the id and began at another time is another one: whoever ends the holder spares it.
        """
        if self._file is not None or self._folder is not None:
            return os.getpid()
        try:
            with _existing(self.path) as file:
                if _locked(file.fileno()):
                    return 0
                file.seek(0)
                return _proved(json.loads(file.read() or b"{}"))
        except (FileNotFoundError, ValueError):
            return 0

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None

    def __enter__(self) -> Self:
        return self.take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _existing(path: Path) -> IO[bytes]:
    """To be written, or only to be read where the disk, or who owns it, allows no more: it can be locked either way."""
    try:
        return path.open("r+b")
    except FileNotFoundError:
        raise
    except OSError:
        return path.open("rb")


def _proved(signed: dict[str, Any]) -> int:
    pid, since = int(signed.get("pid", 0)), str(signed.get("began", ""))
    return pid if since and began(pid) == since else 0


if sys.platform == "win32":
    import msvcrt

    def _locked(file: int) -> bool:
        """Lock what is open as ``file`` for this process; tells whether nobody else had."""
        os.lseek(file, _BEHIND, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _locked(file: int) -> bool:
        """Lock what is open as ``file`` for this process; tells whether nobody else had."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
