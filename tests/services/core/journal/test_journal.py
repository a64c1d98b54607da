"""The journal keeps what it was given, in order, whatever the disk, other programs and its users do."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from services.core import faults
from services.core.clock import SystemClock
from services.core.events import Event, ForeignEvent, Recorded
from services.core.events.bus import Bus, SubscriberDetached
from services.core.events.messages import MalformedMessage, Message, Payload
from services.core.journal import Journal, JournalClosed, Transaction
from services.core.journal.cleaning import clean_event
from services.core.store import Store, open_store
from tests.support.until import until

CLOCK = SystemClock()


class Noted(Event, name="test.noted"):
    number: int
    text: str = ""


class Loose(Event, name="test.loose"):
    """An event that can carry what is no JSON."""

    anything: Any


class Renamed(Event, name="test.renamed", version=3):
    """Was ``{count}`` in version 1, ``{number}`` in version 2, and has a unit since version 3."""

    number: int
    unit: str


@Renamed.upcaster(1)
def _count_became_number(payload: Payload) -> Payload:
    return {"number": payload["count"]}


@Renamed.upcaster(2)
def _units_came(payload: Payload) -> Payload:
    return payload | {"unit": "pieces"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "dreamscape.db", tmp_path / "backups", CLOCK.now)
    yield opened
    opened.close()


@pytest.fixture
def delivered() -> list[Recorded]:
    return []


@pytest.fixture
def journal(store: Store, delivered: list[Recorded]) -> Iterator[Journal]:
    opened = Journal(store, CLOCK, deliver=delivered.extend)
    opened.start()
    yield opened
    opened.close()


def numbers(journal: Journal) -> list[int]:
    return [recorded.event.number for recorded in journal.read() if isinstance(recorded.event, Noted)]


def test_a_lock_of_two_seconds_by_another_program_loses_nothing_and_is_told(
    journal: Journal, store: Store, delivered: list[Recorded]
) -> None:
    journal.append(Noted(0)).result()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        futures = [journal.append(Noted(number)) for number in range(1, 50)]
        until(lambda: "locked" in journal.health.trouble)
        assert not futures[0].done(), "nothing is acknowledged that is not on disk"
        assert journal.health.queued >= 49
        threading.Event().wait(2)
        futures += [journal.append(Noted(number)) for number in range(50, 100)]
        other.execute("ROLLBACK")
    for future in futures:
        future.result(30)
    assert numbers(journal) == list(range(100))
    assert [recorded.event.number for recorded in delivered] == list(range(100))
    assert [recorded.seq for recorded in delivered] == list(range(1, 101))
    assert journal.health.trouble == ""


def test_a_full_disk_is_told_and_what_was_given_is_kept_until_there_is_room(journal: Journal) -> None:
    def narrow(tx: Transaction) -> Any:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 20}")
        return tx.connection.connection.driver_connection

    connection = journal.write(narrow).result()
    futures = [journal.append(Noted(number, "x" * 5_000)) for number in range(100)]
    until(lambda: "full" in journal.health.trouble)
    assert not futures[-1].done()
    connection.execute("PRAGMA max_page_count=100000")
    for future in futures:
        future.result(30)
    assert numbers(journal) == list(range(100))
    assert journal.health.trouble == ""


def test_the_end_says_so_when_not_everything_reached_the_disk(journal: Journal, store: Store) -> None:
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        future = journal.append(Noted(1))
        until(lambda: journal.health.trouble)
        assert journal.close(patience=0.1) is False
    with pytest.raises(Exception, match="locked"):
        future.result(5)
    with pytest.raises(JournalClosed):
        journal.append(Noted(2)).result()


def test_the_end_writes_what_is_queued(journal: Journal, store: Store) -> None:
    for number in range(1_000):
        journal.append(Noted(number))
    assert journal.close()
    assert numbers(Journal(store, CLOCK)) == list(range(1_000))


@pytest.mark.parametrize("poison", [object(), "\ud800"])
def test_an_event_that_is_no_json_fails_alone(journal: Journal, poison: object) -> None:
    before, bad, after = journal.append(Noted(1)), journal.append(Noted(9), Loose(poison)), journal.append(Noted(2))
    assert [future.result(10)[0].seq for future in (before, after)] == [1, 2]
    with pytest.raises((TypeError, UnicodeEncodeError)):
        bad.result(10)
    assert numbers(journal) == [1, 2], "of what came with the bad one nothing is kept"


def test_a_value_that_is_not_what_its_field_says_is_neither_shown_nor_kept(
    journal: Journal, delivered: list[Recorded]
) -> None:
    wrong: Any = "three"
    with pytest.raises(MalformedMessage, match=r"test.noted v1: Expected `int`, got `str` - at `\$.number`"):
        journal.append(Noted(wrong)).result(20)
    with pytest.raises(MalformedMessage):
        journal.write(lambda tx: tx.record(Noted(wrong))).result(20)
    journal.append(Noted(3)).result(20)
    assert [each.event for each in delivered] == [Noted(3)]
    assert [each.event for each in journal.read()] == [Noted(3)]


def test_a_work_that_records_and_then_raises_leaves_no_trace(journal: Journal) -> None:
    def work(tx: Transaction) -> None:
        tx.record(Noted(7))
        tx.record(Noted(8), Loose(object()))

    with pytest.raises(TypeError):
        journal.write(work).result(10)
    assert journal.append(Noted(1)).result(10)[0].seq == 1
    assert numbers(journal) == [1]


def test_a_statement_at_fault_fails_alone(journal: Journal) -> None:
    bad = journal.write(lambda tx: tx.connection.exec_driver_sql("SELECT full, locked, busy FROM nowhere"))
    good = journal.append(Noted(1))
    with pytest.raises(Exception, match="no such table"):
        bad.result(10)
    assert good.result(10)[0].seq == 1


def test_a_row_that_the_store_refuses_fails_alone(journal: Journal) -> None:
    futures: list[Future[Any]] = [journal.append(Noted(1)), journal.append(Noted(2), source="\ud800")]
    futures.append(journal.append(Noted(3)))
    futures[0].result(10)
    with pytest.raises(UnicodeEncodeError):
        futures[1].result(10)
    futures[2].result(10)
    assert numbers(journal) == [1, 3]


def test_who_stops_waiting_does_not_stop_the_writing(journal: Journal) -> None:
    async def impatient() -> None:
        task = asyncio.wrap_future(journal.append(Noted(1)))
        task.cancel()

    asyncio.run(impatient())
    assert journal.append(Noted(2)).result(10)
    assert numbers(journal) == [1, 2]


def test_who_cannot_take_the_news_does_not_stop_the_writing(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def deliver(batch: Sequence[Recorded]) -> None:
        raise RuntimeError("the loop is closed")

    journal = Journal(store, CLOCK, deliver)
    journal.start()
    with caplog.at_level(logging.CRITICAL):
        journal.append(Noted(1)).result(10)
        journal.append(Noted(2)).result(10)
    assert numbers(journal) == [1, 2]
    assert journal.close()


def test_a_subscriber_that_raises_is_detached_after_repeats_and_the_journal_says_so(store: Store) -> None:
    bus = Bus()
    journal = Journal(store, CLOCK, deliver=bus.deliver)
    bus.detached = lambda event: journal.append(event) and None
    seen: list[int] = []
    bus.subscribe("faulty", lambda batch: [][0])
    bus.subscribe("sound", lambda batch: seen.extend(recorded.seq for recorded in batch))
    journal.start()
    for number in range(Bus.PATIENCE + 2):
        journal.append(Noted(number)).result(10)
    until(lambda: [r for r in journal.read() if isinstance(r.event, SubscriberDetached)])
    journal.close()
    told = [recorded.event for recorded in journal.read() if isinstance(recorded.event, SubscriberDetached)]
    assert told == [SubscriberDetached("faulty", "IndexError: list index out of range")]
    assert bus.faults == Bus.PATIENCE
    assert seen == sorted(seen)
    assert len(seen) == Bus.PATIENCE + 3


def test_one_good_delivery_forgives_the_faults_before() -> None:
    bus, told = Bus(), []
    bus.detached = told.append
    answers = iter([1, 1, 1, 1, 0] * 4)
    bus.subscribe("moody", lambda batch: 1 // (1 - next(answers)) and None)
    for _ in range(20):
        bus.deliver(())
    assert (told, bus.faults) == ([], 16)


def insert(store: Store, seq: int, name: str, version: int, payload: str) -> None:
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute("INSERT INTO events VALUES (?, 0, '', ?, ?, ?)", (seq, name, version, payload))


def test_events_of_older_versions_are_brought_up_step_by_step(store: Store) -> None:
    insert(store, 1, "test.renamed", 1, '{"count": 3}')
    insert(store, 2, "test.renamed", 2, '{"number": 4}')
    insert(store, 3, "test.renamed", 3, '{"number": 5, "unit": "kilos"}')
    read = [recorded.event for recorded in Journal(store, CLOCK).read()]
    assert read == [Renamed(3, "pieces"), Renamed(4, "pieces"), Renamed(5, "kilos")]


def test_an_event_that_nobody_knows_is_read_as_it_stands_and_one_that_does_not_fit_is_passed_over(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    insert(store, 1, "gone.plugin.event", 1, '{"depth": 3}')
    insert(store, 6, "gone.plugin.event", 1, "[3]")
    insert(store, 2, "test.noted", 1, '{"number": "three"}')
    insert(store, 3, "test.renamed", 0, "{}")
    insert(store, 4, "test.noted", 1, '{"number": 4}')
    journal = Journal(store, CLOCK)
    assert numbers(journal) == [4]
    assert [each.event for each in journal.read() if each.event.type_name == "gone.plugin.event"] == [
        ForeignEvent("gone.plugin.event", 1, {"depth": 3})
    ]
    assert "event 6 is kept but cannot be read" in caplog.text
    assert "Expected `int`" in caplog.text
    assert "no upcaster from version 0" in caplog.text
    journal.start()
    assert journal.append(Noted(7)).result(10)[0].seq == 7
    journal.close()
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone()[0] == 6


def test_two_messages_of_one_name_are_a_fault_of_ours() -> None:
    with pytest.raises(TypeError, match="names both"):

        class Other(Event, name="test.noted"):
            pass

    assert Event.named("test.noted") is Noted
    assert issubclass(Noted, Message)


def test_what_another_program_wrote_meanwhile_is_neither_overwritten_nor_a_dead_end(
    journal: Journal, store: Store
) -> None:
    journal.append(Noted(1)).result(10)
    insert(store, 2, "test.noted", 1, '{"number": 2}')
    assert journal.append(Noted(3)).result(10)[0].seq == 3
    assert numbers(journal) == [1, 2, 3]


def test_a_store_that_cannot_even_be_read_is_tried_until_it_can_and_nobody_is_blamed(
    journal: Journal, store: Store
) -> None:
    journal.append(Noted(1)).result(10)
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("ALTER TABLE events RENAME TO events_away")
        futures = [journal.append(Noted(number)) for number in (2, 3)]
        until(lambda: "no such table: events" in journal.health.trouble)
        assert "Nothing is lost yet" in journal.health.told
        assert not futures[0].done()
        other.execute("ALTER TABLE events_away RENAME TO events")
    for future in futures:
        future.result(30)
    assert numbers(journal) == [1, 2, 3]
    assert journal.health.told == ""


def test_who_waits_for_a_store_that_never_comes_back_is_told_at_the_end(journal: Journal, store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("ALTER TABLE events RENAME TO events_away")
    futures = [journal.append(Noted(number)) for number in (1, 2)]
    until(lambda: journal.health.trouble)
    assert journal.close(patience=0.1) is False
    for future in futures:
        with pytest.raises(Exception, match="no such table: events"):
            future.result(10)


def test_a_fault_of_the_writer_itself_leaves_nobody_waiting_and_is_told(journal: Journal) -> None:
    told: list[str] = []
    reached, going_on = threading.Event(), threading.Event()

    def fails() -> None:
        reached.set()
        going_on.wait(30)
        raise MemoryError("no room for the batch")

    journal.on_end = told.append
    journal.append(Noted(1)).result(10)
    faults.arm("journal.writing", fails)
    try:
        being_written = journal.append(Noted(2))
        assert reached.wait(10)
        queued = journal.append(Noted(3))
        going_on.set()
        for future in (being_written, queued):
            with pytest.raises(JournalClosed, match="MemoryError: no room for the batch"):
                future.result(10)
        with pytest.raises(JournalClosed, match="quit, and start Dreamscape again"):
            journal.append(Noted(4)).result(10)
    finally:
        faults.arm("journal.writing", None)
    until(lambda: told)
    assert told == ["the writer of the store ended (MemoryError: no room for the batch)"]
    assert journal.health.ended
    assert journal.close() is False
    assert numbers(journal) == [1]


def test_a_secret_in_an_event_that_nobody_knows_is_taken_out_and_its_name_stays() -> None:
    event = ForeignEvent("own.secret", 2, {"words": ["a secret"], "depth": 3})
    cleaned = clean_event(event, lambda text: text.replace("secret", "***"))
    assert (cleaned.type_name, cleaned.type_version) == ("own.secret", 2)
    assert cleaned.encode() == b'{"words":["a ***"],"depth":3}'
