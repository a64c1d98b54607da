"""Putting a backup back: whenever it ends, a store stands in its place."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.core import faults
from services.core.store import open_store
from services.core.store.backup import backup_to, check, restore_from


def now() -> datetime:
    return datetime(2026, 3, 2, tzinfo=UTC)


def test_a_restore_that_is_broken_off_leaves_the_store_where_it_was(tmp_path: Path) -> None:
    path, keep = tmp_path / "dreamscape.db", tmp_path / "kept.db"
    store = open_store(path, tmp_path / "backups", now)
    backup = backup_to(store, tmp_path / "backups" / "one.db")
    store.close()

    def end() -> None:
        raise KeyboardInterrupt

    faults.arm("store.restored", end)
    try:
        with pytest.raises(KeyboardInterrupt):
            restore_from(backup, path, keep, now())
    finally:
        faults.arm("store.restored", None)
    check(path)
    assert restore_from(backup, path, keep, now()) == keep
    check(path)
    check(keep)
    assert not path.with_suffix(".restoring").exists()
