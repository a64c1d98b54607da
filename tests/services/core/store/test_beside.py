import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from services.core.errors import UserError
from services.core.store.beside import copy_beside, drop, folder_of, put_back_missing


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
