"""The journal: one thread writes the store, in batches, and only what is committed is delivered.

Whoever writes hands over a piece of work; the writer runs all that has gathered in one transaction. A future resolves
when its work is on disk, so "saved" is said only then. A store that is locked or full is tried again until it takes
the batch: nothing handed over is lost while the program lives.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError

from services.core.clock import Clock
from services.core.events import Event, Recorded
from services.core.messages import MalformedMessage, UnknownMessage
from services.core.store import Store
from services.core.store.schema import events, from_micros, to_micros

T = TypeVar("T")
log = logging.getLogger(__name__)
Deliver = Callable[[Sequence[Recorded]], None]


class JournalClosed(RuntimeError):
    """The journal takes nothing more; the work was not written."""


class Transaction:
    """What a piece of work may do: run statements, and record events that are delivered once all is committed."""

    def __init__(self, connection: Connection, seq: int, at: datetime) -> None:
        self.connection = connection
        self.at = at
        self.recorded: list[Recorded] = []
        self._next = seq
        self._rows: list[dict[str, Any]] = []

    def record(self, *facts: Event, source: str = "") -> tuple[Recorded, ...]:
        """Add events to this transaction; they get their sequence numbers now and their place on disk at commit."""
        at = to_micros(self.at)
        told = []
        for fact in facts:
            self._rows.append(
                {
                    "seq": self._next,
                    "at": at,
                    "source": source,
                    "name": fact.type_name,
                    "version": fact.type_version,
                    "payload": fact.encode().decode(),
                }
            )
            told.append(Recorded(self._next, self.at, source, fact))
            self._next += 1
        self.recorded.extend(told)
        return tuple(told)

    def flush(self) -> None:
        """Write the recorded events' rows; done by the journal before each commit."""
        if self._rows:
            self.connection.execute(_INSERT, self._rows)
            self._rows = []

    def mark(self) -> tuple[int, int]:
        """Where this transaction stands, for ``rewind``."""
        return len(self.recorded), self._next

    def rewind(self, mark: tuple[int, int]) -> None:
        """Forget what was recorded since ``mark`` (its rows must not have been flushed)."""
        count, self._next = mark
        dropped = len(self.recorded) - count
        del self.recorded[count:]
        if dropped:
            del self._rows[-dropped:]


Work = Callable[[Transaction], T]
_INSERT = insert(events)


@dataclass
class _Item:
    work: Work[Any] | None
    facts: tuple[Event, ...]
    source: str
    future: "Future[Any]"
    asked: float = 0.0
    result: Any = None
    error: Exception | None = None


@dataclass
class JournalHealth:
    """How the writer fares: seconds between hand-over and disk, what it waits for, how much is queued."""

    lag: float = 0.0
    trouble: str = ""
    queued: int = 0
    written: int = 0
    last_seq: int = 0


@dataclass
class Journal:
    """The only writer of the store."""

    store: Store
    clock: Clock
    deliver: Deliver = lambda batch: None
    batch: int = 512
    health: JournalHealth = field(default_factory=JournalHealth)

    def __post_init__(self) -> None:
        self._queue: deque[_Item] = deque()
        self._wakeup = self.clock.wakeup()
        self._closing = False
        self._failing_fast = False
        with self.store.reading.connect() as connection:
            self.health.last_seq = connection.execute(select(func.max(events.c.seq))).scalar() or 0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin writing, in a thread of its own."""
        work = self.clock.work()

        def write() -> None:
            with work:
                self._write()

        self._thread = threading.Thread(target=write, name="writer", daemon=True)
        self._thread.start()

    def close(self, patience: float = 5.0) -> bool:
        """Write what is queued and end; tells whether everything reached the disk within ``patience`` seconds."""
        self._closing = True
        self._wakeup.set()
        if self._thread is not None:
            self._thread.join(patience)
            if self._thread.is_alive():
                self._failing_fast = True
                self._thread.join(1.0)
        return not self._queue

    def append(self, *facts: Event, source: str = "") -> "Future[tuple[Recorded, ...]]":
        """Keep events; the future gives them back with their numbers once they are on disk."""
        return self._put(_Item(None, facts, source, Future()))

    def write(self, work: Work[T]) -> "Future[T]":
        """Run ``work`` in the next transaction; the future gives its result once it is on disk.

        A work that raises is rolled back alone and its future raises. It may run again after a lock, so it must
        have no effect outside its transaction.
        """
        return self._put(_Item(work, (), "", Future()))

    def read(self, after: int = 0, upto: int | None = None, chunk: int = 5_000) -> Iterator[Recorded]:
        """The events with ``after`` < seq <= ``upto``, in order. What no imported class can read is skipped, logged."""
        with self.store.reading.connect() as connection:
            while True:
                query = select(events).where(events.c.seq > after).order_by(events.c.seq).limit(chunk)
                if upto is not None:
                    query = query.where(events.c.seq <= upto)
                rows = connection.execute(query).all()
                yield from filter(None, map(_recorded, rows))
                if len(rows) < chunk:
                    return
                after = rows[-1].seq

    def seq_at(self, moment: datetime) -> int:
        """The number of the last event known at ``moment``; 0 before the first."""
        with self.store.reading.connect() as connection:
            newest = select(events.c.seq).where(events.c.at <= to_micros(moment)).order_by(events.c.at.desc())
            return connection.execute(newest.order_by(events.c.seq.desc()).limit(1)).scalar() or 0

    def _put(self, item: _Item) -> "Future[Any]":
        if self._closing:
            item.future.set_exception(JournalClosed("the journal is closed"))
            return item.future
        item.asked = self.clock.monotonic()
        self._queue.append(item)
        self._wakeup.set()
        return item.future

    def _write(self) -> None:
        while True:
            if not self._queue:
                if self._closing:
                    return
                self._wakeup.wait()
                self._wakeup.clear()
                continue
            items = [self._queue.popleft() for _ in range(min(len(self._queue), self.batch))]
            self._write_batch(items)

    def _write_batch(self, items: list[_Item]) -> None:
        """Write one batch, again and again while the store is locked or full."""
        tries = 0
        while True:
            try:
                recorded = self._transact(items)
                break
            except DBAPIError as error:
                self.health.trouble = str(error.orig)
                if self._failing_fast:
                    self._give_up(items, error)
                    return
                if tries == 0:
                    log.error("the store does not take writes (%s); trying again until it does", error.orig)
                tries += 1
                self.clock.wakeup().wait(min(2.0, 0.05 * 2**tries))
        if tries:
            log.warning("the store takes writes again after %d tries", tries)
        self.health.trouble = ""
        self.health.lag = self.clock.monotonic() - items[0].asked
        self.health.queued = len(self._queue)
        self._tell(items, recorded)

    def _transact(self, items: list[_Item]) -> list[Recorded]:
        with self.store.writing.begin() as connection:
            transaction = Transaction(connection, self.health.last_seq + 1, self.clock.now())
            for item in items:
                if item.work is None:
                    item.result = transaction.record(*item.facts, source=item.source)
                else:
                    self._run(item, item.work, transaction)
            transaction.flush()
        return transaction.recorded

    def _run(self, item: _Item, work: Work[Any], transaction: Transaction) -> None:
        transaction.flush()
        mark = transaction.mark()
        item.error = None
        savepoint = transaction.connection.begin_nested()
        try:
            item.result = work(transaction)
            savepoint.commit()
        except DBAPIError as error:
            if error.connection_invalidated or _is_about_the_store(error):
                raise
            self._revert(item, error, transaction, mark, savepoint)
        except Exception as error:
            self._revert(item, error, transaction, mark, savepoint)

    def _revert(
        self, item: _Item, error: Exception, transaction: Transaction, mark: tuple[int, int], savepoint: Any
    ) -> None:
        savepoint.rollback()
        transaction.rewind(mark)
        item.error = error

    def _tell(self, items: list[_Item], recorded: list[Recorded]) -> None:
        """Say what is on disk: first to the bus, so that who waits for a future finds it delivered or on its way."""
        if recorded:
            self.health.last_seq = recorded[-1].seq
            self.health.written += len(recorded)
            self.deliver(recorded)
        for item in items:
            if item.error is not None:
                item.future.set_exception(item.error)
            else:
                item.future.set_result(item.result)

    def _give_up(self, items: list[_Item], error: Exception) -> None:
        for item in [*items, *self._queue]:
            item.future.set_exception(error)
        self._queue.clear()


def _is_about_the_store(error: DBAPIError) -> bool:
    """Whether the store itself refuses (locked, full, input/output), rather than this one statement."""
    text = str(error.orig).lower()
    return any(word in text for word in ("locked", "busy", "full", "disk i/o", "readonly", "unable to open"))


def _recorded(row: Any) -> Recorded | None:
    try:
        fact = Event.named(row.name).decode(row.payload, row.version)
    except (UnknownMessage, MalformedMessage) as error:
        log.warning("event %d is kept but cannot be read: %s", row.seq, error)
        return None
    return Recorded(row.seq, from_micros(row.at), row.source, fact)
