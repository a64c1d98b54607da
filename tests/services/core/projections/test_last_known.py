"""What was known last, read from the store's file alone: as a start restores it, or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.core.projections import last_known as module
from services.core.projections.last_known import last_known
from tests.services.core.projections.test_projections import Count, Live, Passed, Said, Words

KINDS = (Words, Count)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    running = Live(tmp_path)
    yield running
    running.close()


def test_it_is_what_was_shown_last_whether_the_end_was_clean_or_not(live: Live) -> None:
    for number in range(20):
        live.say(*(Said(f"w{number}.{each}") for each in range(60)), Passed())
    live.say(Said("the last"))
    unclean = last_known(live.store.path, KINDS)
    assert unclean is not None
    assert unclean.values == live.shown
    assert unclean.at == live.hands.now()
    live.projections.keep()
    live.journal.write(lambda tx: None).result(20)
    assert last_known(live.store.path, KINDS) == unclean


def test_a_home_that_remembers_nothing_has_nothing_to_show(live: Live, tmp_path: Path) -> None:
    assert last_known(live.store.path, KINDS) is None
    assert last_known(tmp_path / "none.db", KINDS) is None
    assert not (tmp_path / "none.db").exists()


def test_a_store_of_another_revision_is_left_to_the_start(live: Live) -> None:
    live.say(Said("word"))
    with closing(sqlite3.connect(live.store.path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert last_known(live.store.path, KINDS) is None


def test_a_damaged_store_is_left_to_the_start(tmp_path: Path) -> None:
    damaged = tmp_path / "s.db"
    damaged.write_bytes(b"SQLite format 3\0" + b"\1" * 5_000)
    assert last_known(damaged, KINDS) is None


def test_a_snapshot_that_does_not_fit_is_left_to_the_start(live: Live) -> None:
    live.say(Said("word"))
    live.projections.keep()
    live.journal.write(lambda tx: None).result(20)
    with closing(sqlite3.connect(live.store.path)) as connection, connection:
        connection.execute("UPDATE snapshots SET state = ?", (b"no snapshot",))
    assert last_known(live.store.path, KINDS) is None


@pytest.mark.parametrize("limit", ["FOLD_AT_MOST", "PASS_AT_MOST"])
def test_what_would_take_long_is_left_to_the_start(live: Live, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    live.say(*(Said(str(number)) for number in range(30)))
    monkeypatch.setattr(module, limit, 30)
    assert last_known(live.store.path, KINDS) is not None
    monkeypatch.setattr(module, limit, 29)
    assert last_known(live.store.path, KINDS) is None


def test_events_that_nothing_folds_do_not_make_it_long(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    live.say(Said("word"), *(Passed() for _ in range(100)))
    monkeypatch.setattr(module, "FOLD_AT_MOST", 1)
    found = last_known(live.store.path, KINDS)
    assert found is not None
    assert found.values == live.shown
