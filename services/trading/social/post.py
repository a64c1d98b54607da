"""A post as it was received, and the sign of life of a feed that had none."""

from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_TEXT = 10_000
"""Characters of one post; what is longer is no post."""


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody wrote. Moments are in microseconds since 1970-01-01 UTC.

    It counts from ``known_at`` alone. When it was created is what its network says, and decides nothing: a post that
    came late was not known earlier. The same ``id`` of the same source again is an edit of it, or its end.
    """

    known_at: int
    """When it was received and scored, whichever was later."""
    created_at: int
    source: str
    author: str
    id: str
    text: str
    deleted: bool = False
    """From here on it is no more; its text is not read."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A feed was alive then, though nobody said anything."""

    known_at: int
    source: str


Row = Post | Beat


@dataclass(frozen=True, slots=True)
class Posts:
    """A recorded stream, in the order in which it was known."""

    rows: tuple[Row, ...]
    label: str
    """Where it comes from, such as ``recorded: FILE``; shown beside the numbers."""
    digest: str
    """Of what was read; another post anywhere makes it another."""


class Unchanged:
    """Takes rows in the order in which they were known: a post that a feed gave again unchanged is none again."""

    def __init__(self) -> None:
        self._latest: dict[tuple[str, str], Post] = {}

    def told(self, row: Row) -> Row:
        """The row; a sign of life in the place of a post that is none."""
        if not isinstance(row, Post):
            return row
        before = self._latest.get((row.source, row.id))
        self._latest[row.source, row.id] = row
        unchanged = before is not None and (before.text, before.deleted) == (row.text, row.deleted)
        return Beat(row.known_at, row.source) if unchanged else row


def in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    """As they were known, those of one moment as they stand."""
    unchanged = Unchanged()
    return tuple(unchanged.told(row) for row in sorted(rows, key=lambda row: row.known_at))
