"""What the journal is told of the user's files. Paths are relative to the home; versions are SHA-256 and name blobs."""

from dataclasses import dataclass

from services.core.errors import UserError
from services.core.events import Event


@dataclass(frozen=True)
class Mistake:
    """One mistake in a file: where (file:line:column), what, and how to mend it."""

    where: str
    what: str
    mend: str

    @classmethod
    def of(cls, error: UserError) -> "Mistake":
        return cls(error.where, error.what, error.mend)

    def __str__(self) -> str:
        return str(UserError(self.what, self.where, self.mend))


class FileTaken(Event, name="file.taken"):
    """A file is in force in this version; ``before`` is empty for a new one."""

    path: str
    before: str
    after: str


class FileRefused(Event, name="file.refused"):
    """A file has mistakes; the version before it, if there is one, stays in force."""

    path: str
    version: str
    mistakes: list[Mistake]


class FileGone(Event, name="file.gone"):
    """A file is there no more, and what it defined is ended."""

    path: str
    before: str
