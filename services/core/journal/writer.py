"""The journal: one thread writes the store, in batches, and only what is committed is delivered.

Whoever writes hands over a piece of work; the writer runs all that has gathered in one transaction. A future resolves
when its work is on disk, so "saved" is said only then. A store that is locked or full is tried again until it takes
the batch: nothing handed over is lost while the program lives.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.exc import DBAPIError

from services.core.clock import Clock
from services.core.events import Event, Recorded
from services.core.events.micros import from_micros, to_micros
from services.core.events.rows import read_row
from services.core.faults import fault_point
from services.core.journal.cleaning import Clean, as_it_is
from services.core.journal.transaction import Transaction, Work
from services.core.store import Store
from services.core.store.refusals import is_about_the_store
from services.core.store.schema import events, snapshots
from services.core.words import counted

T = TypeVar("T")
log = logging.getLogger(__name__)
Deliver = Callable[[Sequence[Recorded]], None]


class JournalClosed(RuntimeError):
    """The journal takes nothing more; the work was not written."""


@dataclass
class _Item:
    work: Work[Any] | None
    facts: tuple[Event, ...]
    source: str
    future: "Future[Any]"
    asked: float = 0.0
    result: Any = None
    error: Exception | None = None


_Piece = list[_Item]
"""What reaches the disk together or not at all."""


@dataclass
class JournalHealth:
    """How the writer fares: seconds between hand-over and disk, what it waits for, how much is queued."""

    lag: float = 0.0
    trouble: str = ""
    since: datetime | None = None
    """When the trouble began; None while there is none."""
    ended: bool = False
    """The writer met a fault of ours: it takes nothing more, and only another start of the program helps."""
    queued: int = 0
    written: int = 0
    last_seq: int = 0

    @property
    def told(self) -> str:
        """What is wrong, for a person; empty while nothing is."""
        if self.ended:
            return f"{self.trouble}. Nothing more is kept: quit, and start Dreamscape again"
        if not self.trouble:
            return ""
        mend = "free some room on its disk, or end what locks it"
        return f"the store does not take writes: {self.trouble}. Nothing is lost yet: {mend}"


@dataclass
class Journal:
    """The only writer of the store."""

    store: Store
    clock: Clock
    deliver: Deliver = lambda batch: None
    batch: int = 512
    health: JournalHealth = field(default_factory=JournalHealth)
    on_end: Callable[[str], None] = lambda told: None
    """Told why, by the writer's thread, when the writer ended by a fault of ours: nothing more is kept."""
    clean: Clean = as_it_is
    """Takes secrets out of the words of all that is kept."""
    hide: Clean = as_it_is
    """Takes out registered secrets alone: of data that code goes on with, and that must else stay what it is."""

    def __post_init__(self) -> None:
        self._queue: deque[_Piece] = deque()
        self._together = threading.local()
        self._handing_over = threading.Lock()
        self._wakeup = self.clock.wakeup()
        self._hurry = self.clock.wakeup()
        self._closing = False
        self._given_up = False
        self._writing: list[_Item] = []
        self.health.last_seq = self._last_seq()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin writing, in a thread of its own."""
        work = self.clock.work()

        def write() -> None:
            with work:
                try:
                    self._write()
                except Exception as error:
                    self._break_off(error)

        self._thread = threading.Thread(target=write, name="writer", daemon=True)
        self._thread.start()

    def close(self, patience: float = 5.0) -> bool:
        """Write what is queued and end; tells whether everything reached the disk within ``patience`` seconds."""
        with self._handing_over:
            self._closing = True
        self._wakeup.set()
        if self._thread is not None:
            self._thread.join(patience)
            if self._thread.is_alive():
                self._hurry.set()
                self._thread.join(2.0)
                return not self._thread.is_alive() and not self._given_up
        return not self._queue and not self._given_up

    def append(self, *facts: Event, source: str = "", ahead: bool = False) -> "Future[tuple[Recorded, ...]]":
        """Keep events; the future gives them back with their numbers once they are on disk.

        ``ahead`` puts them before all else that this thread has gathered ``together``.
        """
        return self._put(_Item(None, facts, source, Future()), ahead)

    def write(self, work: Work[T]) -> "Future[T]":
        """Run ``work`` in the next transaction; the future gives its result once it is on disk.

        A work that raises is rolled back alone and its future raises. It may run again after a lock, so it must
        have no effect outside its transaction.
        """
        return self._put(_Item(work, (), "", Future()))

    @contextmanager
    def together(self) -> Iterator[None]:
        """What this thread hands over within is one piece: it reaches the disk as a whole or, in a crash, not at all.

        It is handed over at the end, also where that is an exception: what was done in memory has been done. Within,
        nobody may wait for a future of it.
        """
        if self._piece is not None:
            yield
            return
        piece: _Piece = []
        self._together.piece = piece
        try:
            yield
        finally:
            self._together.piece = None
            if piece:
                self._hand_over(piece)

    def read(
        self,
        after: int = 0,
        upto: int | None = None,
        chunk: int = 5_000,
        names: Mapping[str, int] | None = None,
        within: Connection | None = None,
    ) -> Iterator[Recorded]:
        """The events with ``after`` < seq <= ``upto``, in order. What does not fit its class is skipped, logged.

        ``names`` asks for some kinds alone, each after a number of its own; ``within`` reads as of a transaction that
        has begun already.
        """
        query = select(events).order_by(events.c.seq).limit(chunk)
        if upto is not None:
            query = query.where(events.c.seq <= upto)
        if names is not None:
            query = query.where(or_(*((events.c.name == name) & (events.c.seq > seq) for name, seq in names.items())))
        with self.store.reading.connect() if within is None else nullcontext(within) as connection:
            while True:
                rows = connection.execute(query.where(events.c.seq > after)).all()
                yield from filter(None, map(read_row, rows))
                if len(rows) < chunk:
                    return
                after = rows[-1].seq

    def seq_at(self, moment: datetime) -> int:
        """The number of the last event known at ``moment``; 0 before the first."""
        with self.store.reading.connect() as connection:
            newest = select(events.c.seq).where(events.c.at <= to_micros(moment)).order_by(events.c.at.desc())
            return connection.execute(newest.order_by(events.c.seq.desc()).limit(1)).scalar() or 0

    def last_at(self) -> datetime | None:
        """When the last event came; None where there is none."""
        with self.store.reading.connect() as connection:
            last = connection.execute(select(events.c.at).order_by(events.c.seq.desc()).limit(1)).scalar()
            return None if last is None else from_micros(last)

    def _put(self, item: _Item, ahead: bool = False) -> "Future[Any]":
        # What is handed over will be written: a caller that stops waiting (a cancelled task) must not cancel it.
        item.future.set_running_or_notify_cancel()
        item.asked = self.clock.monotonic()
        piece = self._piece
        if piece is not None:
            piece.insert(0 if ahead else len(piece), item)
        else:
            self._hand_over([item])
        return item.future

    @property
    def _piece(self) -> _Piece | None:
        """What this thread has gathered so far, if it is within ``together``."""
        found: _Piece | None = getattr(self._together, "piece", None)
        return found

    def _hand_over(self, piece: _Piece) -> None:
        with self._handing_over:
            if not self._closing:
                self._queue.append(piece)
                self._wakeup.set()
                return
        for item in piece:
            item.future.set_exception(JournalClosed(self.health.told or "the journal is closed"))

    def _last_seq(self) -> int:
        """The last number given; a snapshot remembers it where the events themselves have been removed."""
        with self.store.reading.connect() as connection:
            kept = connection.execute(select(func.max(events.c.seq))).scalar() or 0
            return max(kept, connection.execute(select(func.max(snapshots.c.seq))).scalar() or 0)

    def _write(self) -> None:
        while True:
            if not self._queue:
                if self._closing:
                    return
                self._wakeup.wait()
                self._wakeup.clear()
                continue
            pieces: list[_Piece] = []
            size = 0
            while self._queue and size < self.batch:
                pieces.append(self._queue.popleft())
                size += len(pieces[-1])
            self._writing = [item for piece in pieces for item in piece]
            self._write_batch(pieces)
            self._writing = []

    def _write_batch(self, pieces: list[_Piece]) -> None:
        """Write one batch, again and again while the store is locked or full."""
        items = [item for piece in pieces for item in piece]
        tries = 0
        fault_point("journal.writing")
        while True:
            try:
                recorded = self._transact(items)
                break
            except Exception as refused:
                error, known = self._of_the_store(refused)
                if known is not None:
                    self._write_apart(pieces, error, known)
                    return
                self.health.since = self.health.since or self.clock.now()
                self.health.trouble = str(getattr(error, "orig", error))
                self.health.queued = len(items) + len(self._queue)
                if self._hurry.is_set():
                    self._give_up(items, error)
                    return
                if tries == 0:
                    log.error("the store does not take writes (%s); trying again until it does", self.health.trouble)
                tries += 1
                self._hurry.wait(min(2.0, 0.05 * 2**tries))
        if tries:
            log.warning("the store takes writes again after %s", counted(tries, "try", "tries"))
        self.health.trouble, self.health.since = "", None
        self.health.lag = self.clock.monotonic() - items[0].asked
        self.health.queued = len(self._queue)
        fault_point("journal.committed")
        self._tell(items, recorded)

    def _of_the_store(self, error: Exception) -> tuple[Exception, int | None]:
        """What to blame, and the last number on disk where that is what was given.

        None stands for the store itself: where it cannot even be read, no piece of the batch is to blame.
        """
        if is_about_the_store(error):
            return error, None
        try:
            return error, self._last_seq()
        except DBAPIError as unreadable:
            return unreadable, None

    def _write_apart(self, pieces: list[_Piece], error: Exception, on_disk: int) -> None:
        """Something in the batch cannot be written: each alone, so that only the one at fault is refused."""
        known, self.health.last_seq = self.health.last_seq, max(self.health.last_seq, on_disk)
        if self.health.last_seq > known:  # someone else has written meanwhile, and taken our next number
            self._write_batch(pieces)
            return
        if len(pieces) > 1:
            for piece in pieces:
                self._write_batch([piece])
            return
        log.error("the store refuses what it was given: %s", getattr(error, "orig", error))
        for item in pieces[0]:
            item.future.set_exception(error)

    def _transact(self, items: list[_Item]) -> list[Recorded]:
        with self.store.writing.begin() as connection:
            transaction = Transaction(connection, self.health.last_seq + 1, self.clock.now(), self.clean, self.hide)
            for item in items:
                if item.work is None:
                    self._record(item, transaction)
                else:
                    self._run(item, item.work, transaction)
            transaction.flush()
        return transaction.recorded

    def _record(self, item: _Item, transaction: Transaction) -> None:
        mark = transaction.mark()
        item.error = None
        try:
            item.result = transaction.record(*item.facts, source=item.source)
        except Exception as error:  # a payload that is no JSON
            log.error("%s cannot be kept: %s", ", ".join(fact.type_name for fact in item.facts), error)
            transaction.rewind(mark)
            item.error = error

    def _run(self, item: _Item, work: Work[Any], transaction: Transaction) -> None:
        transaction.flush()
        mark = transaction.mark()
        item.error = None
        savepoint = transaction.connection.begin_nested()
        try:
            item.result = work(transaction)
            savepoint.commit()
        except Exception as error:
            if isinstance(error, DBAPIError) and is_about_the_store(error):
                raise
            self._revert(item, error, transaction, mark, savepoint)

    def _revert(
        self, item: _Item, error: Exception, transaction: Transaction, mark: tuple[int, int, int], savepoint: Any
    ) -> None:
        savepoint.rollback()
        transaction.rewind(mark)
        item.error = error

    def _tell(self, items: list[_Item], recorded: list[Recorded]) -> None:
        """Say what is on disk: first to the bus, so that who waits for a future finds it delivered or on its way."""
        if recorded:
            self.health.last_seq = recorded[-1].seq
            self.health.written += len(recorded)
            self._hand_on(recorded)
        for item in items:
            if item.error is not None:
                item.future.set_exception(item.error)
            else:
                item.future.set_result(item.result)

    def _hand_on(self, recorded: list[Recorded]) -> None:
        try:
            self.deliver(recorded)
        except Exception:  # who cannot take the news must not end the writer
            log.exception("events up to %d are on disk but could not be delivered", recorded[-1].seq)

    def _break_off(self, error: Exception) -> None:
        """A fault of ours: whoever waits hears of it, and nothing is taken any more."""
        log.critical("the writer ended: nothing more is kept", exc_info=error)
        with self._handing_over:
            self._closing = self.health.ended = True
            self.health.since = self.clock.now()
            self.health.trouble = f"the writer of the store ended ({type(error).__name__}: {error})"
        self._give_up(self._writing, JournalClosed(self.health.told))
        self.on_end(self.health.trouble)

    def _give_up(self, items: list[_Item], error: Exception) -> None:
        self._given_up = True
        for item in (*items, *(item for piece in self._queue for item in piece)):
            if not item.future.done():
                item.future.set_exception(error)
        self._queue.clear()
