"""Roll-ups on disk: 1 s for two days, 1 min for 90 days, 1 h for good; one file a day, dropped by unlinking.

Deleting rows would not give the disk its room back, and a day's file can be lost without losing another's.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

from services.core.errors import UserError
from services.core.read_only import uri_of, writable
from services.core.samples.aside import beyond, set_aside
from services.core.samples.rollup import DAY, Rollup, combine

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Resolution:
    """How fine a series is kept, and for how many days (None: for good)."""

    name: str
    span: int
    days: int | None


SECONDS = Resolution("seconds", 1, 2)
MINUTES = Resolution("minutes", 60, 90)
HOURS = Resolution("hours", 3_600, None)
RESOLUTIONS = (SECONDS, MINUTES, HOURS)


@dataclass
class SampleFiles:
    """The folder of roll-ups. Written by the journal's writer thread alone; anyone may read."""

    folder: Path
    damaged: Callable[[str], None] = lambda told: None
    """Told once of each file that is damaged, in words for a person; from any thread."""
    _done: dict[str, int] = field(default_factory=dict)
    _told: set[Path] = field(default_factory=set)

    def write(self, rollups: list[Rollup], now: int) -> None:
        """Keep a second's roll-ups, and the minute's and hour's when one is over at second ``now``."""
        if rollups:
            self._insert(SECONDS, rollups)
        self.close(now)

    def close(self, now: int) -> None:
        """Roll up the minutes and hours that are over at second ``now`` and not on disk yet."""
        self._close_spans(MINUTES, SECONDS, now)
        self._close_spans(HOURS, MINUTES, now)

    def read(self, metric: str, start: int, end: int, resolution: Resolution | None = None) -> list[Rollup]:
        """The roll-ups of ``metric`` with start <= at <= end, as fine as that span deserves and is still kept."""
        chosen = self._kept(resolution or fitting(end - start), start, end)
        return [
            rollup
            for path in self._files(chosen, start, end)
            for rollup in self._select(path, "metric = ?", metric, start, end)
        ]

    def read_known(self, metric: str, start: int, moment: int, wanted: Resolution) -> list[Rollup]:
        """What was known of ``metric`` at second ``moment``: spans from ``start`` on that were over by then."""
        resolution = self._kept(wanted, start, moment)
        return self.read(metric, start, moment - resolution.span, resolution)

    def first_known(self, metric: str, start: int, moment: int, wanted: Resolution) -> int | None:
        """When the oldest of what ``read_known`` would give began."""
        resolution = self._kept(wanted, start, moment)
        end = moment - resolution.span
        query = "SELECT at FROM rollups WHERE metric = ? AND at BETWEEN ? AND ? ORDER BY at LIMIT 1"
        for path in self._files(resolution, start, end):
            for (at,) in self._rows(path, query, (metric, start, end)):
                return int(at)
        return None

    def values_before(
        self, metric: str, start: int, moment: int, wanted: Resolution, edges: Sequence[int]
    ) -> list[float | None]:
        """The last value before each of the rising ``edges``, of what ``read_known`` would give: a few seeks."""
        resolution = self._kept(wanted, start, moment)
        end = moment - resolution.span
        found: list[float | None] = [None] * len(edges)
        asked = json.dumps([min(end, edge - 1) for edge in edges])
        for path in self._files(resolution, start, end):
            rows = self._rows(path, _BEFORE, (asked, metric, start))
            found = [
                value if value is not None else older for (value,), older in zip(rows, found, strict=False)
            ] or found
        return found

    def last(self, metric: str, start: int, moment: int) -> Rollup | None:
        """The newest roll-up of ``metric`` from ``start`` on that was known at second ``moment``, however sparse."""
        for resolution in (SECONDS, MINUTES):
            end = moment - resolution.span
            for path in reversed(list(self._files(resolution, start, end))):
                found = self._select(path, "metric = ?", metric, start, end, "at DESC LIMIT 1")
                if found:
                    return found[0]
        return None

    def last_of_all(self, start: int, end: int) -> list[Rollup]:
        """The newest roll-up of every metric with start <= at <= end."""
        newest: dict[str, Rollup] = {}
        for path in self._files(SECONDS, start, end):
            newest |= {rollup.metric: rollup for rollup in self._select_each(path, _LAST, start, end)}
        return list(newest.values())

    def read_all(self, start: int, end: int, resolution: Resolution = SECONDS) -> list[Rollup]:
        """Every metric's roll-ups with start <= at <= end, metric by metric, each in order of time."""
        days = [self._select_each(path, _SPAN, start, end) for path in self._files(resolution, start, end)]
        # A day's own order is kept by the sort, so it costs nothing where there is one day.
        return sorted(chain.from_iterable(days), key=itemgetter(0)) if len(days) > 1 else days[0] if days else []

    def drop_old(self, now: int) -> list[Path]:
        """Unlink the files that are past their days; returns them."""
        old = [path for path, day, kept in self._dated() if kept.days and day + (kept.days + 1) * DAY <= now]
        return _unlinked(old)

    def drop_aside(self) -> list[Path]:
        """Unlink what was set aside as damaged, but for the newest few of each file that is still kept; returns it."""
        return _unlinked(beyond(self.folder, [path.name for path in self.folder.glob("*.db")]))

    def drop_down_to(self, size: int) -> list[Path]:
        """Unlink the oldest and finest files until the folder holds at most ``size`` bytes; today's stay.

        What was set aside as damaged goes before all others.
        """
        dropped = _unlinked(beyond(self.folder, ())) if self.size() > size else []
        candidates = sorted(self._dated(), key=lambda entry: (entry[2].span, entry[1]))
        today = max((day for _, day, _ in candidates), default=0)
        for path, day, kept in candidates:
            if self.size() <= size:
                break
            if kept.days and day < today:
                dropped += _unlinked([path])
        return dropped

    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.folder.glob("*") if path.is_file())

    def _close_spans(self, coarse: Resolution, fine: Resolution, now: int) -> None:
        """Write the coarse roll-ups of all spans that have ended since the last one written."""
        current = now - now % coarse.span
        since = self._done.get(coarse.name)
        if since is None:
            since = self._last(coarse, now)
        if since < current:
            self._insert(coarse, combine(self.read_all(since, current - 1, fine), coarse.span))
            self._done[coarse.name] = current

    def _last(self, resolution: Resolution, now: int) -> int:
        """The end of the last span on disk; without one, as far back as the finer files may reach."""
        newest = 0
        for path in self._files(resolution, now - 3 * DAY, now):
            for (at,) in self._rows(path, "SELECT max(at) FROM rollups"):
                newest = max(newest, at or 0)
        return newest + resolution.span if newest else now - now % resolution.span - 2 * DAY

    def _insert(self, resolution: Resolution, rollups: list[Rollup]) -> None:
        by_day: dict[int, list[Rollup]] = {}
        for rollup in rollups:
            by_day.setdefault(rollup.at // DAY, []).append(rollup)
        for day, rows in by_day.items():
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self._path(resolution, day * DAY)
            try:
                _write(path, rows)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._set_aside(path, error)
                _write(path, rows)

    def _set_aside(self, path: Path, error: Exception) -> None:
        """Keep a damaged file beside the new one that is begun in its place."""
        kept = set_aside(path)
        self._told.add(path)
        log.error("%s is damaged (%s): it is kept as %s, and a new one is begun", path, error, kept.name)
        told = f"{path} is damaged ({error}); it is kept as {kept.name}, and a new one is begun. Charts leave a gap"
        self.damaged(told)

    def _select(self, path: Path, which: str, value: str, start: int, end: int, order: str = "at") -> list[Rollup]:
        query = f"SELECT {_COLUMNS} FROM rollups WHERE {which} AND at BETWEEN ? AND ? ORDER BY {order}"
        return [Rollup._make(row) for row in self._rows(path, query, (value, start, end))]

    def _select_each(self, path: Path, query: str, start: int, end: int) -> list[Rollup]:
        """What ``query`` finds of each metric, metric by metric."""
        return [Rollup._make(row) for row in self._rows(path, query, (start, end))]

    def _rows(self, path: Path, query: str, parameters: tuple[str | int, ...] = ()) -> list[tuple[Any, ...]]:
        """What a query finds; nothing in a file that a kill left without its table, or that is damaged.

        Samples may be lost, and a day that cannot be read must not keep the program from starting.
        """
        try:
            # Who may write opens for both: the last reader then takes away the log that it needed.
            uri = f"{path.absolute().as_uri()}?mode=rw" if writable(path) else uri_of(path)
            with closing(sqlite3.connect(uri, uri=True, timeout=5)) as connection:
                return connection.execute(query, parameters).fetchall()
        except (sqlite3.DatabaseError, UserError) as error:
            if "no such table" not in str(error) and path not in self._told:
                self._told.add(path)
                log.warning("the samples in %s cannot be read (%s); charts leave that day out", path, error)
        return []

    def _path(self, resolution: Resolution, at: int) -> Path:
        moment = datetime.fromtimestamp(at, UTC)
        period = f"{moment:%Y-%m-%d}" if resolution.days else f"{moment:%Y}"
        return self.folder / f"{resolution.name}-{period}.db"

    def _kept(self, wanted: Resolution, start: int, end: int) -> Resolution:
        """``wanted``, or the next coarser one where its files of that time are dropped."""
        if wanted is SECONDS and not any(self._files(SECONDS, start, end)) and any(self._files(MINUTES, start, end)):
            return MINUTES
        return wanted

    def _files(self, resolution: Resolution, start: int, end: int) -> Iterator[Path]:
        paths = dict.fromkeys(self._path(resolution, day * DAY) for day in range(start // DAY, end // DAY + 1))
        return (path for path in paths if path.exists())

    def _dated(self) -> list[tuple[Path, int, Resolution]]:
        found = []
        for resolution in (SECONDS, MINUTES):
            for path in self.folder.glob(f"{resolution.name}-*.db"):
                day = datetime.fromisoformat(path.stem.removeprefix(f"{resolution.name}-")).replace(tzinfo=UTC)
                found.append((path, int(day.timestamp()), resolution))
        return found


def fitting(span: int) -> Resolution:
    """The resolution that gives a chart of ``span`` seconds a few thousand points at most."""
    if span <= 7_200:
        return SECONDS
    return MINUTES if span <= 3 * DAY else HOURS


_TABLE = """CREATE TABLE IF NOT EXISTS rollups (
    at INTEGER, metric TEXT, count INTEGER, total REAL, least REAL, greatest REAL, last REAL,
    PRIMARY KEY (metric, at)) WITHOUT ROWID"""


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=5)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        with connection:
            yield connection


def _write(path: Path, rows: list[Rollup]) -> None:
    with _opened(path) as connection:
        connection.execute(_TABLE)
        connection.executemany(
            "INSERT OR REPLACE INTO rollups VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(r.at, r.metric, r.count, r.total, r.least, r.greatest, r.last) for r in rows],
        )


def _is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault, rather than a lock or the disk."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


_COLUMNS = "metric, at, count, total, least, greatest, last"
# The key begins with the metric, so a span of time is found by hopping from metric to metric, not by reading the day.
_EACH = """WITH RECURSIVE known(name) AS (SELECT min(metric) FROM rollups UNION ALL
    SELECT (SELECT min(metric) FROM rollups WHERE metric > name) FROM known WHERE name IS NOT NULL)"""
_SPAN = f"""{_EACH} SELECT {_COLUMNS} FROM known CROSS JOIN rollups ON metric = name AND at BETWEEN ? AND ?"""
_LAST = f"""{_EACH} SELECT {_COLUMNS} FROM known CROSS JOIN rollups ON metric = name
    AND at = (SELECT max(at) FROM rollups WHERE metric = name AND at BETWEEN ? AND ?)"""


_BEFORE = """SELECT (SELECT last FROM rollups WHERE metric = ?2 AND at BETWEEN ?3 AND edge.value
    ORDER BY at DESC LIMIT 1) FROM json_each(?1) AS edge ORDER BY edge.key"""


def _unlinked(paths: list[Path]) -> list[Path]:
    for path in paths:
        for part in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            part.unlink(missing_ok=True)
    return paths
