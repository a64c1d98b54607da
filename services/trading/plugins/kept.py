"""Versions of plug-ins that are kept by their SHA-256: what opened a position goes on being asked until it is flat."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.core.errors import UserError
from services.core.whole_files import write_whole

_MEND = "See that the disk has room; nothing is bought by a version that is not kept"


@dataclass(frozen=True)
class KeptVersions:
    """Copies in ``folder``, each under the SHA-256 of its own bytes. What is kept here was approved before."""

    folder: Path

    def keep(self, source: Path, version: str) -> None:
        """Have a copy that outlives whatever becomes of the file. Raises ``UserError``, also for another version."""
        if self.has(version):
            return
        try:
            content = source.read_bytes()
            if hashlib.sha256(content).hexdigest() != version:
                raise UserError("it is not the version that was approved", str(source), "Try again")
            self.folder.mkdir(0o700, parents=True, exist_ok=True)
            write_whole(self.path(version), content)
        except OSError as error:
            raise UserError(f"a copy cannot be kept: {error.strerror}", str(source), _MEND) from error

    def path(self, version: str) -> Path:
        return self.folder / f"{version}.py"

    def has(self, version: str) -> bool:
        """Whether the copy is there, and still what it is called."""
        try:
            return hashlib.sha256(self.path(version).read_bytes()).hexdigest() == version
        except OSError:
            return False

    def lacking(self, versions: Mapping[str, str]) -> list[str]:
        """The files of which that version is not here."""
        return sorted(file for file, version in versions.items() if not self.has(version))
