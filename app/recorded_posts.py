"""The posts that this home's journal has recorded: those of trading's feeds, and what was written to campaigns."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from services.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from services.core.events import Recorded
    from services.trading.social.post import Posts, Row


class _Kept(NamedTuple):
    """An event as the table has it."""

    seq: int
    at: int
    source: str
    name: str
    version: int
    payload: str


def recorded_posts(store: Path) -> Posts | None:
    """All of them, each known when the journal took it; None where there is no post. Raises ``UserError``. Blocks."""
    from services.trading.social.post import Post, Posts, in_order

    told = _events(store) if store.exists() else ()
    rows = [_row(recorded) for recorded in told]
    if not any(isinstance(row, Post) for row in rows):
        return None
    digest = hashlib.sha256()
    for recorded in told:
        digest.update(recorded.at.isoformat().encode() + recorded.event.encode())
    simulated = sum(getattr(recorded.event, "simulated", False) for recorded in told)
    made = "" if not simulated else ", simulated" if simulated == len(told) else ", some of it simulated"
    return Posts(in_order(rows), f"recorded: this home's journal{made}", digest.hexdigest())


class JournalRecord:
    """The same stream as it grows, for who listens to it beside live bars. What is simulated is none of it. Blocks."""

    def __init__(self, store: Path) -> None:
        from services.trading.social.post import Unchanged

        self._store, self._number, self._unchanged = store, 0, Unchanged()

    def next(self) -> Sequence[Row]:
        """What was recorded since it was asked before. Raises ``UserError``."""
        told = _events(self._store, self._number) if self._store.exists() else ()
        if told:
            self._number = told[-1].seq
        heard = (recorded for recorded in told if not getattr(recorded.event, "simulated", False))
        return [self._unchanged.told(_row(recorded)) for recorded in heard]


def _events(store: Path, after: int = 0) -> Sequence[Recorded]:
    from services.core.events.rows import read_row
    from services.core.read_only import uri_of
    from services.engagement.events import FeedListened, ResponseSeen
    from services.trading.social.events import FeedAlive, PostHeard

    names = [kind.type_name for kind in (PostHeard, FeedAlive, ResponseSeen, FeedListened)]
    columns, wanted = "seq, at, source, name, version, payload", ",".join("?" * len(names))
    query = f"SELECT {columns} FROM events WHERE seq > ? AND name IN ({wanted})"
    try:
        with closing(sqlite3.connect(uri_of(store), uri=True, timeout=5)) as connection:
            kept = connection.execute(f"{query} ORDER BY seq", (after, *names)).fetchall()
    except sqlite3.Error as error:
        raise UserError(f"its journal cannot be read: {error}", str(store), "Name a file with --posts FILE") from error
    return [recorded for each in kept if (recorded := read_row(_Kept(*each))) is not None]


def _row(recorded: Recorded) -> Row:
    from services.engagement.events import FeedListened, ResponseSeen
    from services.trading.candles.moments import microseconds_of
    from services.trading.social.events import FeedAlive, PostHeard
    from services.trading.social.post import Beat, Post

    known, event = microseconds_of(recorded.at), recorded.event
    match event:
        case PostHeard():
            known = max(known, microseconds_of(event.received_at))
            created = microseconds_of(event.created_at)
            return Post(known, created, event.source, event.author, event.post, event.text, event.deleted)
        case ResponseSeen():
            return Post(known, known, event.network, event.author, event.response, event.text)
        case FeedAlive():
            return Beat(known, event.source)
        case FeedListened():
            return Beat(known, event.network)
    raise ValueError(f"{event.type_name} is no post and no sign of life")
