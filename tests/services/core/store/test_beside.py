import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from services.core.clock import SystemClock
from services.core.errors import UserError
from services.core.store import beside, open_store
from services.core.store.backup import backup_to, check
from services.core.store.beside import copy_beside, copy_with_beside, drop, folder_of, put_back_missing


def written(path: Path, word: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE IF NOT EXISTS told (word TEXT)")
        database.execute("INSERT INTO told VALUES (?)", (word,))


def words(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [word for (word,) in database.execute("SELECT word FROM told")]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "home"
    written(root / "accounts" / "binance.db", "sent")
    (root / "accounts" / "instance").write_text("0a1b2c3d")
    written(root / "trials.db", "tried")
    return root


def test_ledgers_are_copied_while_they_are_written_and_only_what_is_missing_is_put_back(
    root: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backups" / "one.db"
    with closing(sqlite3.connect(root / "accounts" / "binance.db")) as owner:
        owner.execute("INSERT INTO told VALUES ('not committed yet')")
        copy_beside(root, backup)
    assert words(folder_of(backup) / "accounts" / "binance.db") == ["sent"]
    written(root / "accounts" / "binance.db", "sent later")
    (root / "trials.db").unlink()
    (root / "accounts" / "instance").unlink()
    assert put_back_missing(backup, root) == [root / "accounts" / "instance", root / "trials.db"]
    assert words(root / "accounts" / "binance.db") == ["sent", "sent later"]
    assert words(root / "trials.db") == ["tried"]
    assert (root / "accounts" / "instance").read_text() == "0a1b2c3d"


def test_a_ledger_that_is_damaged_is_told_and_leaves_no_half_of_a_copy(root: Path, tmp_path: Path) -> None:
    (root / "trials.db").write_bytes(b"rubbish" * 1000)
    with pytest.raises(UserError, match=r"trials\.db could not be copied"):
        copy_beside(root, tmp_path / "one.db")
    assert not folder_of(tmp_path / "one.db").exists()


def test_a_backup_that_is_dropped_takes_what_lay_beside_it_along(root: Path, tmp_path: Path) -> None:
    backup = tmp_path / "one.db"
    backup.touch()
    copy_beside(root, backup)
    drop(backup)
    assert list(tmp_path.iterdir()) == [root]


def test_a_ledger_that_is_copied_with_the_store_knows_all_that_the_copied_store_was_told(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(root / "dreamscape.db", tmp_path / "old", SystemClock().now)
    target = tmp_path / "backups" / "one.db"

    def copied(*given: Any) -> Path:
        made = backup_to(*given)
        written(root / "accounts" / "binance.db", "sent while the copy was made")
        assert not target.exists()
        return made

    monkeypatch.setattr(beside, "backup_to", copied)
    copy_with_beside(store, target)
    store.close()
    check(target)
    assert words(folder_of(target) / "accounts" / "binance.db")[-1] == "sent while the copy was made"
    assert sorted(path.name for path in target.parent.iterdir()) == ["one.db", "one.db.beside"]


def test_where_what_lies_beside_the_store_cannot_be_copied_there_is_no_backup(root: Path, tmp_path: Path) -> None:
    store = open_store(root / "dreamscape.db", tmp_path / "old", SystemClock().now)
    (root / "trials.db").write_bytes(b"rubbish" * 1000)
    with pytest.raises(UserError, match=r"trials\.db could not be copied"):
        copy_with_beside(store, tmp_path / "backups" / "one.db")
    store.close()
    assert list((tmp_path / "backups").iterdir()) == []
