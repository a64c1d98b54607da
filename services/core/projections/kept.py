"""The projections of a store: live on the core thread, or as of a past moment in a worker; both begin at snapshots."""

import logging
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select

from services.core.events import Recorded
from services.core.events.micros import from_micros, to_micros
from services.core.journal import Journal, Transaction
from services.core.projections.projection import Projection
from services.core.store.facts import fact
from services.core.store.schema import events, snapshots

log = logging.getLogger(__name__)


Publish = Callable[[str, Any], None]


class NoLongerKept(LookupError):
    """The events that this moment would be built from have been removed by retention; says since when they are kept."""


@dataclass
class Projections:
    """The live projections: fed by the bus on the core thread, restored at start, snapshot as they go."""

    journal: Journal
    publish: Publish
    every: int = 500
    """Events between looks at what deserves a snapshot."""
    fold_at_least: int = 200
    fold_at_most: int = 1_000
    """Events of its own after which a projection deserves one, a small one sooner: what a past moment has to fold."""
    bytes_each: int = 250
    """Bytes of state that one folded event is worth: so a week of snapshots stays small beside its events."""
    pass_at_most: int = 20_000
    """Events of anyone after which every projection deserves one: about what a past moment has to pass over."""
    live: dict[str, Projection[Any, Any]] = field(default_factory=dict)
    soon: Callable[[Callable[[], None]], None] = lambda publish: publish()
    """Asks for a publication soon; the core gathers them to at most 30 a second."""
    seq: int = 0
    _dirty: set[str] = field(default_factory=set)
    _at: datetime | None = None
    _since: int = 0
    _kept: dict[str, int] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)

    def add(self, projection: Projection[Any, Any]) -> None:
        self.live[projection.name] = projection

    def restore(self) -> int:
        """Bring every projection to the journal's end from its newest snapshot; returns how many events it took."""
        with self.journal.store.reading.connect() as connection:
            self._kept = {name: _thaw(connection, projection) for name, projection in self.live.items()}
            if 0 in self._kept.values() and (since := _since(connection)):
                without = ", ".join(name for name, seq in self._kept.items() if not seq)
                log.warning("%s: no snapshot fits, and events are kept since %s only", without, since)
            first = min(self._kept.values(), default=0)
            folded = 0
            for recorded in self.journal.read(after=first, within=connection):
                folded += 1
                self.seq, self._at = recorded.seq, recorded.at
                for name, projection in self.live.items():
                    if recorded.seq > self._kept[name]:
                        projection.take(recorded)
        self.seq = max(self.seq, *self._kept.values(), 0)
        self._since = folded
        for name, projection in self.live.items():
            self.publish(name, projection.value())
        return folded

    def take(self, batch: Sequence[Recorded]) -> None:
        """Fold a committed batch and publish what changed. A subscriber of the bus."""
        fresh = [recorded for recorded in batch if recorded.seq > self.seq]
        if not fresh:
            return
        for projection in self.live.values():
            if sum(projection.take(recorded) for recorded in fresh):
                self._dirty.add(projection.name)
        before, self.seq, self._at = self._at, fresh[-1].seq, fresh[-1].at
        self._since += len(fresh)
        # Once a day a snapshot of all at one event: only behind such a one may older events be removed.
        if before is not None and before.date() != self._at.date():
            self.keep()
        elif self._since >= self.every:
            self.keep(every_one=False)
        if self._dirty:
            self.soon(self.show)

    def show(self) -> None:
        """Publish the values of what has changed since it was last shown."""
        dirty, self._dirty = self._dirty, set()
        for name in dirty:
            self.publish(name, self.live[name].value())

    def keep(self, every_one: bool = True) -> None:
        """Keep a snapshot of every projection as of now, or of those alone that have moved on enough."""
        self._since = 0
        if not self.seq or self._at is None:
            return
        at, rows = to_micros(self._at), []
        for name, projection in self.live.items():
            if self.seq > self._kept.get(name, 0) and (every_one or self._deserves(projection)):
                state = projection.freeze()
                version = projection.version
                rows.append({"projection": name, "seq": self.seq, "at": at, "version": version, "state": state})
                self._kept[name], self._sizes[name], projection.folded = self.seq, len(state), 0
        if rows:
            self.journal.write(lambda tx: _store(tx, rows))

    def _deserves(self, projection: Projection[Any, Any]) -> bool:
        """Whether a moment from here on would have too much to fold, or to pass over."""
        if self.seq - self._kept.get(projection.name, 0) >= self.pass_at_most:
            return True
        worth = self._sizes.get(projection.name, 0) // self.bytes_each
        return projection.folded >= min(max(worth, self.fold_at_least), self.fold_at_most)

    def since(self) -> datetime | None:
        """The earliest moment that can be built; None while nothing has been removed."""
        with self.journal.store.reading.connect() as connection:
            return _since(connection)

    def all_at_seq(self, kinds: Sequence[type[Projection[Any, Any]]], seq: int) -> list[Any]:
        """A fresh projection of each kind, folded up to and with event ``seq`` in one pass. Blocks; runs in a worker.

        Raises ``NoLongerKept`` for one before ``since``.
        """
        built = [kind() for kind in kinds]
        with self.journal.store.reading.connect() as connection:
            if seq < kept_since(connection):
                raise NoLongerKept(f"what was known then is no longer kept; it is since {_since(connection)}")
            starts = [_thaw(connection, projection, seq) for projection in built]
            wanted: dict[str, int] = {}
            for start, kind in zip(starts, kinds, strict=True):
                wanted |= {name: min(start, wanted.get(name, start)) for name in kind.names()}
            for recorded in self.journal.read(min(starts, default=0), seq, names=wanted, within=connection):
                for start, projection in zip(starts, built, strict=True):
                    if recorded.seq > start:
                        projection.take(recorded)
        return built


KEPT_SINCE = "events kept since"
"""The fact that says which event is the first to build from; written by retention before anything goes."""


def kept_since(connection: Connection) -> int:
    """The number of the first event that a moment can be built at; 0 while nothing has been removed."""
    return int(fact(connection, KEPT_SINCE) or 0)


def _since(connection: Connection) -> datetime | None:
    at = connection.execute(select(events.c.at).where(events.c.seq == kept_since(connection))).scalar()
    return from_micros(at) if at is not None else None


def _thaw(connection: Connection, projection: Projection[Any, Any], upto: int | None = None) -> int:
    """Load the newest usable snapshot (not after ``upto``); returns its sequence number, or 0."""
    query = (
        select(snapshots.c.seq, snapshots.c.state)
        .where(snapshots.c.projection == projection.name, snapshots.c.version == projection.version)
        .order_by(snapshots.c.seq.desc())
        .limit(1)
    )
    if upto is not None:
        query = query.where(snapshots.c.seq <= upto)
    row = connection.execute(query).first()
    if row is None:
        return 0
    try:
        projection.thaw(zlib.decompress(row.state))
    except (msgspec.MsgspecError, zlib.error):
        log.warning("a snapshot of %s does not fit its version; folding from the journal", projection.name)
        return 0
    return int(row.seq)


def _store(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        same = (snapshots.c.projection == row["projection"]) & (snapshots.c.seq == row["seq"])
        tx.connection.execute(delete(snapshots).where(same))
    packed = [row | {"state": zlib.compress(row["state"])} for row in rows]
    tx.connection.execute(insert(snapshots), packed)
