"""Durable events: the journal's batches against one ORM commit for each event, both in SQLite with WAL and FULL.

Eight threads each keep one event after another and go on when it is on disk, on both sides. Beside it: one thread,
which is the best case of the ORM, and the journal when nobody waits for each event by itself, as a run between two
checkpoints.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from typing import Any

from measuring import Figure, Report, asked, by_turns, percentile, scratch
from sqlalchemy import Integer, String, Text, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from services.core.clock import SystemClock
from services.core.events import Event
from services.core.journal import Journal
from services.core.store import open_store

WRITERS = 8
_numbers = count()


class Kept(Event, name="bench.kept"):
    """An event about as long as the program's own."""

    process: str
    number: int
    because: str
    price: float


class Base(DeclarativeBase):
    """The ORM's side."""


class Row(Base):
    """The same columns as the journal's."""

    __tablename__ = "events"
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[int] = mapped_column(Integer, index=True)
    source: Mapped[str] = mapped_column(String)
    name: Mapped[str] = mapped_column(String)
    version: Mapped[int] = mapped_column(Integer)
    payload: Mapped[str] = mapped_column(Text)


def main() -> None:
    report = asked("journal", __doc__)
    each = 20 if report.quick else 250
    with scratch() as folder:
        sides = Sides(folder, each)
        measured = by_turns(
            {
                "journal, 8 threads": sides.journal_acknowledged,
                "orm, 8 threads": sides.orm_many,
                "orm, 1 thread": sides.orm_one,
                "journal, handed over": sides.journal_handed_over,
            },
            1 if report.quick else 7,
        )
        sides.close()
    fill_in(report, measured, sides.waits)
    report.note = "Whoever waits for each event by itself pays for the disk's own flush, on both sides."
    report.print()


def fill_in(report: Report, measured: dict[str, list[float]], waits: list[float]) -> None:
    medians = {name: report.side(name, values, "events/s") for name, values in measured.items()}
    best_orm = max(medians["orm, 8 threads"], medians["orm, 1 thread"])
    acknowledged, handed_over = medians["journal, 8 threads"], medians["journal, handed over"]
    report.figures = [
        Figure("durable events a second, handed over as runs do", handed_over, "events/s", at_least=2_000),
        Figure("handed over, against the ORM's better side", handed_over / best_orm, "x", at_least=5),
        Figure("durable events a second, eight threads that each wait", acknowledged, "events/s", at_least=2_000),
        Figure("each waited for, against the ORM's eight threads", acknowledged / medians["orm, 8 threads"], "x"),
        Figure("acknowledged write p50", 1000 * percentile(waits, 0.5), "ms"),
        Figure("acknowledged write p99", 1000 * percentile(waits, 0.99), "ms", at_most=25),
        Figure("acknowledged write, longest", 1000 * max(waits), "ms"),
    ]


class Sides:
    """Both stores, in one folder, and how fast each takes events."""

    def __init__(self, folder: Path, each: int) -> None:
        self._each = each
        self.waits: list[float] = []
        clock = SystemClock()
        self._store = open_store(folder / "journal.db", folder / "backups", clock.now)
        self._journal = Journal(self._store, clock)
        self._journal.start()
        self._engine = orm_engine(folder / "orm.db")

    def close(self) -> None:
        self._journal.close()
        self._store.close()
        self._engine.dispose()

    def journal_acknowledged(self) -> float:
        return per_second(WRITERS, self._each, self._keep_and_wait)

    def journal_handed_over(self) -> float:
        """Events a second from the first hand-over to the last on disk."""
        amount = WRITERS * self._each * 4
        began = time.perf_counter()
        last: Future[Any] = Future()
        for _ in range(amount):
            last = self._journal.append(fresh(), source="bench")
        last.result()
        return amount / (time.perf_counter() - began)

    def orm_many(self) -> float:
        return per_second(WRITERS, self._each // 2, self._commit)

    def orm_one(self) -> float:
        return per_second(1, self._each * 2, self._commit)

    def _keep_and_wait(self) -> None:
        began = time.perf_counter()
        self._journal.append(fresh(), source="bench").result()
        self.waits.append(time.perf_counter() - began)

    def _commit(self) -> None:
        kept = fresh()
        with Session(self._engine) as session:
            session.add(
                Row(
                    at=int(time.time() * 1e6),
                    source="bench",
                    name=kept.type_name,
                    version=1,
                    payload=kept.encode().decode(),
                )
            )
            session.commit()


def fresh() -> Kept:
    number = next(_numbers)
    return Kept("eth-btc", number, "MACD crossed its signal line from below at 0.0412", 0.04 + number % 100 / 1e4)


def per_second(threads: int, each: int, work: Callable[[], None]) -> float:
    """Pieces of work a second when ``threads`` do ``each`` of them, one after another."""
    ready = threading.Barrier(threads + 1)

    def run() -> None:
        ready.wait()
        for _ in range(each):
            work()

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in running:
        thread.join()
    return threads * each / (time.perf_counter() - began)


def orm_engine(path: Path) -> Any:
    """SQLite as the journal has it: WAL, FULL, writers that lock at once."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    Base.metadata.create_all(engine)
    return engine


if __name__ == "__main__":
    main()
