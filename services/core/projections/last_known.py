"""What was known when the program last ended, read straight from the store's file.

A start can show it before the libraries of the store are loaded, which take longer than the reading. It only looks:
a store that is missing, damaged, of another revision or far behind its snapshots is left to the start itself, which
says what is wrong with it, or takes its time.
"""

import logging
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from services.core.events.micros import from_micros
from services.core.events.rows import read_row
from services.core.projections.projection import Projection
from services.core.revision import HEAD

log = logging.getLogger(__name__)
FOLD_AT_MOST = 5_000
"""Events since the snapshots up to which they are folded here: some hundredths of a second."""
PASS_AT_MOST = 40_000
"""Events of anyone since the oldest snapshot: twice what lies behind one after the hardest end."""


@dataclass(frozen=True)
class LastKnown:
    """The frozen values of all projections after the last event, which came ``at``."""

    at: datetime
    values: dict[str, Any]


class _Row(NamedTuple):
    """An event as the table has it."""

    seq: int
    at: int
    source: str
    name: str
    version: int
    payload: str


def last_known(store: Path, kinds: Sequence[type[Projection[Any, Any]]]) -> LastKnown | None:
    """What was known last of ``kinds``; None where nothing was, or where looking is not enough. Blocks."""
    if not store.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True, timeout=0.2)) as connection:
            connection.execute("BEGIN")
            return _read(connection, [kind() for kind in kinds])
    except (sqlite3.Error, msgspec.MsgspecError, zlib.error) as error:
        log.info("what was known last cannot be shown before the start: %s", error)
        return None


def _read(connection: sqlite3.Connection, projections: Sequence[Projection[Any, Any]]) -> LastKnown | None:
    last = connection.execute("SELECT seq, at FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    if last is None or connection.execute("SELECT version_num FROM alembic_version").fetchone() != (HEAD,):
        return None
    starts = [_thaw(connection, projection) for projection in projections]
    rows = _since(connection, starts, projections) if last[0] - min(starts) <= PASS_AT_MOST else None
    if rows is None:
        return None
    for recorded in filter(None, map(read_row, rows)):
        for start, projection in zip(starts, projections, strict=True):
            if recorded.seq > start:
                projection.take(recorded)
    return LastKnown(from_micros(last[1]), {projection.name: projection.value() for projection in projections})


def _since(
    connection: sqlite3.Connection, starts: Sequence[int], projections: Sequence[Projection[Any, Any]]
) -> list[_Row] | None:
    """The events that some projection folds and has not in its snapshot; None where they are too many."""
    wanted: dict[str, int] = {}
    for start, projection in zip(starts, projections, strict=True):
        wanted |= {name: min(start, wanted.get(name, start)) for name in projection.names()}
    which = " OR ".join("name = ? AND seq > ?" for _ in wanted)
    query = f"{_EVENTS} WHERE seq > ? AND ({which}) ORDER BY seq LIMIT ?"
    values = (min(starts), *chain.from_iterable(wanted.items()), FOLD_AT_MOST + 1)
    rows = [_Row(*row) for row in connection.execute(query, values)]
    return rows if len(rows) <= FOLD_AT_MOST else None


def _thaw(connection: sqlite3.Connection, projection: Projection[Any, Any]) -> int:
    """Load the newest snapshot; returns the number of the event it stands at, 0 without one."""
    row = connection.execute(_SNAPSHOT, (projection.name, projection.version)).fetchone()
    if row is None:
        return 0
    projection.thaw(zlib.decompress(row[1]))
    return int(row[0])


_EVENTS = "SELECT seq, at, source, name, version, payload FROM events"
_SNAPSHOT = "SELECT seq, state FROM snapshots WHERE projection = ? AND version = ? ORDER BY seq DESC LIMIT 1"
