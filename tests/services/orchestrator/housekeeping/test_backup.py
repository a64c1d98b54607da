"""Backups of a real store, made and restored."""

import sqlite3
from contextlib import closing
from pathlib import Path

from services.core.decisions.inbox import Decisions
from services.core.process import State
from services.core.store.backup import restore_from
from services.core.store.beside import folder_of
from services.orchestrator.events import Alert
from services.orchestrator.history.projections import Processes, Pulse, RunHistory
from services.orchestrator.housekeeping import Backup
from services.orchestrator.housekeeping.events import BackupMade
from tests.support.days import Padded, live_days, run_once
from tests.support.processes import WriteLine
from tests.support.program import Program


def test_a_backup_of_a_filled_store_is_restored_whole(kept: Program, tmp_path: Path) -> None:
    engine = kept.engine
    live_days(kept, 2)
    acted = engine.acts.decide(WriteLine(str(tmp_path / "out.txt"), "bought"), "because", "rule:test")
    assert acted.done
    run_once(kept, Backup(engine.store, tmp_path / "backups", keep=2), "store-backup")
    made = kept.events(BackupMade)[-1]
    told = kept.events(Padded)
    kept.engine.journal.append(Padded(999, "after the backup"))
    kept.close()
    store = engine.places.database
    restore_from(Path(made.path), store, tmp_path / "set-aside.db", kept.clock.now())
    kept.engine = kept._engine()
    kept.open([Processes(), RunHistory(), Pulse(), Decisions()])
    assert kept.events(Padded) == told
    value = kept.engine.view.value(Decisions)
    assert value.rows[0].what == "Write 'bought'"
    again = kept.engine.acts.decide(WriteLine(str(tmp_path / "out.txt"), "bought"), "because", "rule:test")
    assert again.done
    assert (tmp_path / "out.txt").read_text() == "bought\n", "the restored ledger knows that it is done"
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA auto_vacuum").fetchone()[0] == 2
    assert (tmp_path / "set-aside.db").exists()


def test_each_nights_backup_has_what_lies_beside_the_store_and_old_ones_go_with_theirs(
    kept: Program, tmp_path: Path
) -> None:
    root = kept.engine.places.database.parent
    (root / "accounts").mkdir()
    (root / "accounts" / "instance").write_text("0a1b2c3d")
    for _ in range(3):
        run_once(kept, Backup(kept.engine.store, tmp_path / "copies", keep=2), "store-backup")
    made = sorted((tmp_path / "copies").glob("*.db"))
    assert [folder_of(each) for each in made] == sorted((tmp_path / "copies").glob("*.beside"))
    assert len(made) == 2
    assert (folder_of(made[-1]) / "accounts" / "instance").read_text() == "0a1b2c3d"


def test_what_a_kill_left_beside_a_backup_that_was_not_made_goes_with_the_next_one(
    kept: Program, tmp_path: Path
) -> None:
    copies = tmp_path / "copies"
    left, of_the_user = folder_of(copies / "dreamscape-20260101T000000.db"), folder_of(copies / "mine.db")
    for folder in (left, of_the_user):
        (folder / "accounts").mkdir(parents=True)
    run_once(kept, Backup(kept.engine.store, copies, keep=2), "store-backup")
    assert (left.exists(), of_the_user.exists()) == (False, True)


def test_a_backup_that_cannot_be_written_is_told_and_older_ones_stay(kept: Program, tmp_path: Path) -> None:
    blocked = tmp_path / "backups"
    blocked.write_text("a file where the folder should be")
    kept.start(Backup(kept.engine.store, blocked, keep=2), "store-backup")
    kept.advance(5)
    assert kept.state_of("store-backup") is State.FAILED
    assert "No backup was made" in kept.events(Alert)[0].what
