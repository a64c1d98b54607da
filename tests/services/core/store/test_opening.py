"""Opening the store: older ones are brought up behind a backup, and what cannot be opened is told in one sentence."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import MetaData, Table

from services.core.clock import SystemClock
from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import Decisions
from services.core.errors import UserError
from services.core.journal import Journal
from services.core.process import State
from services.core.projections.kept import Projections
from services.core.revision import HEAD
from services.core.store import migrating, open_store, open_to_read, opening
from services.core.store.backup import check
from services.core.store.engines import engine_of
from services.core.store.opening import stored_revision
from services.core.store.schema import metadata
from services.orchestrator.history.projections import Processes, Pulse, RunHistory
from tests.support.manual_clock import START
from tests.support.processes import LineWriter, WriteLine
from tests.support.program import Program
from tests.support.read_only import closed, reachable
from tests.support.stores import PROJECTIONS, load

CLOCK = SystemClock()
NEXT = '''"""A revision of this test alone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("runs", sa.Column("mood", sa.String(), nullable=False, server_default="calm"))
    op.execute("UPDATE runs SET mood = 'sad' WHERE result = 'failed'")
'''
BROKEN = NEXT + '    op.execute("UPDATE nowhere SET mood = 1")\n'


def told(path: Path) -> UserError:
    with pytest.raises(UserError) as raised:
        open_store(path, path.parent / "backups", CLOCK.now)
    assert str(path) in str(raised.value)
    assert raised.value.mend
    assert "\n" not in str(raised.value)
    return raised.value


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program as it will be: one revision further; returns the new revision's file."""
    scripts = tmp_path / "migrations"
    shutil.copytree(migrating.SCRIPTS, scripts)
    monkeypatch.setattr(migrating, "SCRIPTS", scripts)
    for module in (migrating, opening):
        monkeypatch.setattr(module, "HEAD", "0003")
    revision = scripts / "versions" / "r0003_next.py"
    revision.write_text(NEXT)
    return revision


def columns(path: Path, table: str) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_a_store_of_each_earlier_version_opens_and_shows_what_was_shown(tmp_path: Path, revision: str) -> None:
    store = open_store(load(revision, tmp_path / "dreamscape.db"), tmp_path / "backups", CLOCK.now)
    projections = Projections(Journal(store, CLOCK), lambda name, value: None)
    for kind in PROJECTIONS:
        projections.add(kind())
    projections.restore()
    processes = projections.live[Processes.name].value()
    assert {row.name: row.state for row in processes.rows} == {"walker": State.PAUSED, "stumbler": State.FAILED}
    decisions = projections.live[Decisions.name].value()
    assert [row.verdict for row in decisions.rows if row.kind == "test.write_line"] == [
        Verdict.WAITING,
        Verdict.UNDONE,
        Verdict.DONE,
        Verdict.DONE,
        Verdict.DONE,
    ]
    stumbled = projections.live[RunHistory.name].value().of("stumbler")
    assert {row.detail for row in stumbled} == {"RuntimeError: the sea is too wide"}
    assert projections.live[Pulse.name].value().alerts[0].what == "the disk is nearly full"
    again = projections.all_at_seq([Processes], projections.seq)[0]
    assert again.value() == processes
    anew = Processes()
    for recorded in projections.journal.read():
        anew.take(recorded)
    assert anew.value() == processes, "snapshot and events tell the same"
    store.close()


def test_an_older_store_then_says_of_each_decision_who_changed_it(tmp_path: Path) -> None:
    path = load("0001", tmp_path / "dreamscape.db")
    open_store(path, tmp_path / "backups", CLOCK.now).close()
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT verdict, changed_by, changed_at > at FROM decisions ORDER BY at").fetchall()
        told = "SELECT count(*) FROM events WHERE name = 'decision.changed' AND payload LIKE '%\"by\":\"user\"%'"
        assert connection.execute(told).fetchone()[0] > 0
    assert ("undone", "user", 1) in found
    assert ("waiting", "", None) in found
    assert ("done", "rule:test", 0) in found


def test_the_program_goes_on_with_a_store_of_an_earlier_version(tmp_path: Path) -> None:
    load("0001", tmp_path / "dreamscape.db")
    program = Program(tmp_path, handlers={WriteLine: LineWriter()}).open([Decisions()])
    known = program.engine.journal.health.last_seq
    outcome = program.engine.acts.decide(WriteLine("home/out.txt", "line 1"), "again", "rule:test")
    assert outcome.done, "its ledger still knows what was done"
    assert program.engine.journal.health.last_seq == known
    program.close()


def test_an_older_store_is_brought_up_behind_a_backup(tmp_path: Path, next_revision: Path) -> None:
    path = load("0001", tmp_path / "dreamscape.db")
    before = rows(path)
    open_store(path, tmp_path / "backups", lambda: START).close()
    assert "mood" in columns(path, "runs")
    with closing(sqlite3.connect(path)) as connection:
        moods = set(connection.execute("SELECT result, mood FROM runs"))
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0003",)
    assert ("failed", "sad") in moods
    assert ("cancelled", "calm") in moods
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.name == "before-0003-from-0001-20260302T090000.db"
    check(backup)
    assert rows(backup) == before
    assert "mood" not in columns(backup, "runs")
    open_store(path, tmp_path / "backups", lambda: START).close()
    assert len(list((tmp_path / "backups").iterdir())) == 1, "once is enough"


def test_a_migration_that_fails_changes_nothing_and_says_where_the_backup_is(
    tmp_path: Path, next_revision: Path
) -> None:
    next_revision.write_text(BROKEN)
    path = load("0001", tmp_path / "dreamscape.db")
    before = rows(path)
    error = told(path)
    assert "no such table: nowhere" in error.what
    assert "before-0003-from-0001" in error.mend
    assert rows(path) == before
    assert "mood" not in columns(path, "runs")


def test_a_migration_without_room_for_its_backup_does_not_begin(tmp_path: Path, next_revision: Path) -> None:
    path = load("0001", tmp_path / "dreamscape.db")
    (tmp_path / "backups").write_text("no folder")
    with pytest.raises(UserError, match="backup could not be written"):
        open_store(path, tmp_path / "backups", lambda: START)
    assert "mood" not in columns(path, "runs")


def rows(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_store_of_a_newer_version_is_opened_by_nobody(tmp_path: Path) -> None:
    path = load("0002", tmp_path / "dreamscape.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    error = told(path)
    assert "newer Dreamscape (revision 9999, this one knows 0002)" in error.what
    assert path.read_bytes() == before
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize("size", [1, 100, 5_000])
def test_a_file_that_is_no_database_is_told_and_left_as_it_is(tmp_path: Path, size: int) -> None:
    path = tmp_path / "dreamscape.db"
    path.write_bytes(b"?" * size)
    assert "cannot be read" in told(path).what
    assert path.read_bytes() == b"?" * size


def test_a_database_of_someone_else_is_told(tmp_path: Path) -> None:
    path = tmp_path / "dreamscape.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    assert "is not Dreamscape's" in told(path).what


@pytest.mark.parametrize("keep", [4096, 3 * 4096 + 17])
def test_a_store_that_was_cut_off_is_told(tmp_path: Path, keep: int) -> None:
    path = load("0002", tmp_path / "dreamscape.db")
    path.write_bytes(path.read_bytes()[:keep])
    assert "cannot be read" in told(path).what
    assert path.stat().st_size == keep


def test_a_store_whose_pages_are_scrambled_is_told(tmp_path: Path) -> None:
    path = load("0002", tmp_path / "dreamscape.db")
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    assert "cannot be read" in told(path).what


def test_a_store_that_another_program_holds_locked_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENT_MS", 100)
    path = load("0002", tmp_path / "dreamscape.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "another program holds the store locked" in told(path).what
    open_store(path, tmp_path, CLOCK.now).close()


def test_the_migrations_alone_lead_from_nothing_to_the_store_that_is_created_whole(tmp_path: Path) -> None:
    engine = engine_of(tmp_path / "from-nothing.db", 1_000)
    with engine.begin() as connection:
        migrating.upgrade(connection, HEAD)
        made = MetaData()
        made.reflect(connection)
    engine.dispose()
    assert {name: _shape(table) for name, table in made.tables.items() if name != "alembic_version"} == {
        name: _shape(table) for name, table in metadata.tables.items()
    }


def _shape(table: Table) -> tuple[dict[str, bool], set[str]]:
    """The columns, each with whether it may be empty, and the indexes."""
    return {column.name: bool(column.nullable) for column in table.columns}, {str(one.name) for one in table.indexes}


@pytest.fixture
def read_only() -> Iterator[Path]:
    """The folder of a store that may be read but not written."""
    with reachable() as folder:
        load("0002", folder / "dreamscape.db")
        with closed(folder):
            yield folder


def test_a_read_only_store_is_told(read_only: Path) -> None:
    error = told(read_only / "dreamscape.db")
    assert "cannot be written" in error.what
    assert "writable" in error.mend


def _processes(path: Path) -> int:
    store = open_to_read(path)
    with closing(store), store.reading.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM processes").scalar_one())


def test_a_read_only_store_can_be_read_and_is_not_touched(read_only: Path) -> None:
    assert stored_revision(read_only / "dreamscape.db") == "0002"
    assert _processes(read_only / "dreamscape.db") == 2
    assert [path.name for path in read_only.iterdir()] == ["dreamscape.db"]


def _killed(store: Path, copy: Path, *endings: str) -> Path:
    """A copy of a store as a kill leaves it: the last change, which took its processes away, is in its log alone."""
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("DELETE FROM processes")
        connection.commit()
        for ending in ("", *endings):
            shutil.copy2(f"{store}{ending}", f"{copy}{ending}")
    return copy


def test_what_is_in_the_log_of_a_read_only_store_is_read_too(tmp_path: Path) -> None:
    with reachable() as folder:
        path = _killed(load("0002", tmp_path / "from.db"), folder / "dreamscape.db", "-wal", "-shm")
        with closed(folder):
            assert _processes(path) == 0


def test_a_log_that_cannot_be_read_is_told_and_never_left_out(tmp_path: Path) -> None:
    with reachable() as folder:
        path = _killed(load("0002", tmp_path / "from.db"), folder / "dreamscape.db", "-wal")
        with closed(folder), pytest.raises(UserError, match="its newest changes are in its log"):
            open_to_read(path)


def test_a_store_cannot_be_made_in_a_read_only_folder(read_only: Path) -> None:
    error = told(read_only / "new.db")
    assert "cannot be created" in error.what
    assert not (read_only / "new.db").exists()


def test_a_fresh_store_gives_its_room_back_and_survives_power_failures(tmp_path: Path) -> None:
    store = open_store(tmp_path / "dreamscape.db", tmp_path, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    with store.writing.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("auto_vacuum", "journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert pragmas == {"auto_vacuum": 2, "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
