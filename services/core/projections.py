"""Projections: what a page shows, folded from events; live on the core thread, or up to a past moment in a worker.

The same class does both, so the window can be scrubbed back in time and a restart restores what was shown.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
from sqlalchemy import delete, insert, select

from services.core.events import Event, Recorded
from services.core.journal import Journal, Transaction
from services.core.store.schema import snapshots, to_micros

S = TypeVar("S")
V = TypeVar("V")
P = TypeVar("P", bound="Projection[Any, Any]")
log = logging.getLogger(__name__)


class Projection(Generic[S, V]):
    """Folds events into a state and gives a frozen value of it.

    ``State`` is a mutable dataclass (or builtin) that msgspec can encode; a change of its shape raises ``version``,
    and older snapshots are then folded anew from the journal.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    State: ClassVar[Any]
    handles: ClassVar[tuple[type[Event], ...]]
    """The events it folds; others never reach it."""

    _handled: ClassVar[frozenset[type[Event]]] = frozenset()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "handles" in cls.__dict__:
            cls._handled = frozenset(cls.handles)

    def __init__(self) -> None:
        self.state: S = self.State()

    def fold(self, recorded: Recorded) -> None:
        """Take one event of a handled type into the state. Pure: nothing but the event and the state."""
        raise NotImplementedError

    def take(self, recorded: Recorded) -> bool:
        """Fold the event if it is of a handled type; tells whether it was."""
        if type(recorded.event) not in self._handled:
            return False
        self.fold(recorded)
        return True

    def value(self) -> V:
        """The frozen value that pages read."""
        raise NotImplementedError

    def freeze(self) -> bytes:
        return msgspec.json.encode(self.state)

    def thaw(self, frozen: bytes) -> None:
        self.state = msgspec.json.decode(frozen, type=self.State)


Publish = Callable[[str, Any], None]


@dataclass
class Projections:
    """The live projections: fed by the bus on the core thread, restored at start, snapshot as they go."""

    journal: Journal
    publish: Publish
    every: int = 2_000
    """Events between kept snapshots: the most that a past moment has to fold."""
    live: dict[str, Projection[Any, Any]] = field(default_factory=dict)
    soon: Callable[[Callable[[], None]], None] = lambda publish: publish()
    """Asks for a publication soon; the core gathers them to at most 30 a second."""
    seq: int = 0
    _dirty: set[str] = field(default_factory=set)
    _at: datetime | None = None
    _since: int = 0

    def add(self, projection: Projection[Any, Any]) -> None:
        self.live[projection.name] = projection

    def restore(self) -> int:
        """Bring every projection to the journal's end from its newest snapshot; returns how many events it took."""
        starts = {name: self._thaw(projection, None) for name, projection in self.live.items()}
        first = min(starts.values(), default=0)
        folded = 0
        for recorded in self.journal.read(after=first):
            folded += 1
            self.seq, self._at = recorded.seq, recorded.at
            for name, projection in self.live.items():
                if recorded.seq > starts[name]:
                    projection.take(recorded)
        self.seq = max(self.seq, first)
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
        self.seq, self._at = fresh[-1].seq, fresh[-1].at
        self._since += len(fresh)
        if self._since >= self.every:
            self.keep()
        if self._dirty:
            self.soon(self.show)

    def show(self) -> None:
        """Publish the values of what has changed since it was last shown."""
        dirty, self._dirty = self._dirty, set()
        for name in dirty:
            self.publish(name, self.live[name].value())

    def keep(self) -> None:
        """Keep a snapshot of every projection as of now."""
        if not self.seq or self._at is None:
            return
        self._since = 0
        at = to_micros(self._at)
        rows = [
            {"projection": name, "seq": self.seq, "at": at, "version": projection.version, "state": projection.freeze()}
            for name, projection in self.live.items()
        ]
        self.journal.write(lambda tx: _store(tx, rows))

    def as_of(self, kind: type[P], moment: datetime) -> P:
        """A fresh projection with what was known at ``moment`` and no more. Blocks; runs in a worker."""
        return self.at_seq(kind, self.journal.seq_at(moment))

    def at_seq(self, kind: type[P], seq: int) -> P:
        """A fresh projection folded up to and with event ``seq``."""
        projection = kind()
        start = self._thaw(projection, seq)
        for recorded in self.journal.read(after=start, upto=seq):
            projection.take(recorded)
        return projection

    def _thaw(self, projection: Projection[Any, Any], upto: int | None) -> int:
        """Load the newest usable snapshot (not after ``upto``); returns its sequence number, or 0."""
        query = (
            select(snapshots.c.seq, snapshots.c.state)
            .where(snapshots.c.projection == projection.name, snapshots.c.version == projection.version)
            .order_by(snapshots.c.seq.desc())
            .limit(1)
        )
        if upto is not None:
            query = query.where(snapshots.c.seq <= upto)
        with self.journal.store.reading.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return 0
        try:
            projection.thaw(row.state)
        except msgspec.MsgspecError:
            log.warning("a snapshot of %s does not fit its version; folding from the journal", projection.name)
            return 0
        return int(row.seq)


def fold_all(projection: Projection[S, V], events: Iterable[Recorded]) -> V:
    """The value of a projection over ``events``; for tests and one-off questions."""
    for recorded in events:
        projection.take(recorded)
    return projection.value()


def _store(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        same = (snapshots.c.projection == row["projection"]) & (snapshots.c.seq == row["seq"])
        tx.connection.execute(delete(snapshots).where(same))
    tx.connection.execute(insert(snapshots), rows)
