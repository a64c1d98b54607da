"""Backups: a consistent copy of a live store, checked before it counts, and put back by a rename."""

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from services.core.errors import UserError
from services.core.faults import fault_point
from services.core.private import own_file
from services.core.store.engines import Store
from services.core.store.restored import mark_restored

GoOn = Callable[[], bool]
"""Asked now and then while a copy is made; False breaks it off."""
_STEPS = 200_000
"""Instructions of SQLite between two questions: some milliseconds."""


def backup_to(store: Store, target: Path, go_on: GoOn = lambda: True) -> Path:
    """Write a compact copy to ``target`` with ``VACUUM INTO``, check it, and only then give it its name.

    Readers and the writer go on meanwhile. Raises ``UserError`` when the copy cannot be written or is not sound.
    """
    partial = target.with_suffix(".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
            connection.set_progress_handler(lambda: not go_on(), _STEPS)
            connection.execute("VACUUM INTO ?", (str(own_file(partial)),))
        check(partial, go_on)
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):  # where nothing could be written there is nothing to take away
            partial.unlink(missing_ok=True)
        raise UserError(
            f"the backup could not be written ({error})", str(target), "See that its folder is writable and has room"
        ) from error
    return target


def check(path: Path, go_on: GoOn = lambda: True) -> None:
    """Raise ``UserError`` unless ``path`` is a sound Dreamscape store."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.set_progress_handler(lambda: not go_on(), _STEPS)
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise UserError(f"no sound store ({error})", str(path), "Choose another backup") from error
    if verdict != "ok":
        raise UserError(f"the store is damaged ({verdict})", str(path), "Choose another backup")


def restore_from(backup: Path, path: Path, keep: Path, at: datetime, forget: Iterable[str] = ()) -> Path:
    """Put ``backup`` in the place of the store at ``path``, without the facts to ``forget``; ``keep`` is what it was.

    The store then tells that it was put back ``at`` this moment, so that nothing done since the backup is done again.
    Only while nobody has the store open. Raises ``UserError`` when the backup is not sound, and changes nothing then.
    """
    check(backup)
    partial = _copied(backup, path.with_suffix(".restoring"), at, forget)
    if path.exists():
        # A store so damaged that its log cannot be folded in is kept with that log beside it.
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        keep.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, keep)  # it stays where it is until the other takes its place, at whatever moment all ends
    for ending in ("-wal", "-shm"):
        leftover = path.with_name(path.name + ending)
        if leftover.exists():
            leftover.replace(keep.with_name(keep.name + ending))
    fault_point("store.restored")
    partial.replace(path)
    return keep


def _copied(backup: Path, partial: Path, at: datetime, forget: Iterable[str]) -> Path:
    """The backup beside the store, marked as put back."""
    try:
        partial.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(own_file(partial))) as to,
        ):
            source.backup(to)
            mark_restored(to, at)
            to.executemany("DELETE FROM facts WHERE name = ?", [(name,) for name in forget])
            to.commit()
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise UserError(
            f"the backup cannot be put back ({error})", str(partial), "See that its folder is writable and has room"
        ) from error
    return partial
