"""What lies beside the store and outlives it: accounts' ledgers and their mark, the count of trials. Copied with it.

Put back is only what is missing: a ledger that is there knows more of what was sent than any copy of it.
"""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from services.core.errors import UserError
from services.core.private import own_file
from services.core.store.backup import backup_to
from services.core.store.engines import Store

BESIDE = ("accounts/instance", "accounts/*.db", "trials.db")
"""By their paths from the store's folder."""
_ENDING = ".beside"
_PAGES = 2_000
"""Of a database, copied at once; between two such steps its owner may write."""


def folder_of(backup: Path) -> Path:
    """Where the copies lie that belong to a backup of the store."""
    return backup.with_name(f"{backup.name}{_ENDING}")


def copy_with_beside(store: Store, target: Path, go_on: Callable[[], bool] = lambda: True) -> None:
    """Copy the store to ``target``, and then what lies beside it: a ledger may know more than the store, never less.

    It has its name once all of it was copied. Raises ``UserError`` where that cannot be; then there is none of it.
    """
    staged = target.with_name(f"{target.name}.partial")
    backup_to(store, staged, go_on)
    try:
        copy_beside(store.path.parent, target, go_on)
        staged.replace(target)
    finally:
        staged.unlink(missing_ok=True)


def copy_beside(root: Path, backup: Path, go_on: Callable[[], bool] = lambda: True) -> list[Path]:
    """Copy all there is beside the store in ``root``, whoever writes it meanwhile, and check it.

    Raises ``UserError`` where one cannot be copied; then there are none of this backup.
    """
    folder, made = folder_of(backup), []
    for path in _found(root):
        target = folder / path.relative_to(root)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(path, target, go_on)
        except (sqlite3.Error, OSError) as error:
            drop_beside(backup)
            told = f"{path.name} could not be copied ({error})"
            raise UserError(told, str(target), "See that its folder is writable and has room") from error
        made.append(target)
    return made


def put_back_missing(backup: Path, root: Path) -> list[Path]:
    """Put back what a backup has and ``root`` lacks. Raises ``UserError``."""
    folder, made = folder_of(backup), []
    for path in _found(folder):
        target = root / path.relative_to(folder)
        if target.exists():
            continue
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _copy(path, target, lambda: True)
        except (sqlite3.Error, OSError) as error:
            told = f"{path.name} cannot be put back ({error})"
            raise UserError(told, str(target), "See that its folder is writable and has room") from error
        made.append(target)
    return made


def drop(backup: Path) -> None:
    """Take a backup away, with what was copied beside it."""
    backup.unlink(missing_ok=True)
    drop_beside(backup)


def drop_beside(backup: Path) -> None:
    """Take away what was copied beside a backup that was not made."""
    shutil.rmtree(folder_of(backup), ignore_errors=True)


def orphaned(folder: Path, prefix: str) -> list[Path]:
    """Backups of that prefix that are not there, and of which there are copies beside: a kill broke them off."""
    there = (path.with_name(path.name.removesuffix(_ENDING)) for path in folder.glob(f"{prefix}*{_ENDING}"))
    return [backup for backup in there if not backup.exists()]


def _found(root: Path) -> list[Path]:
    return [path for pattern in BESIDE for path in sorted(root.glob(pattern)) if path.is_file()]


def _copy(path: Path, target: Path, go_on: Callable[[], bool]) -> None:
    """Whole or not at all: it has its name only once it was found sound."""
    partial = own_file(target.with_name(f"{target.name}.partial"))
    try:
        if path.suffix == ".db":
            _copy_database(path, partial, go_on)
        else:
            partial.write_bytes(path.read_bytes())
        partial.replace(target)
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()


def _copy_database(path: Path, partial: Path, go_on: Callable[[], bool]) -> None:
    def step(status: int, remaining: int, total: int) -> None:
        if not go_on():
            raise sqlite3.OperationalError("interrupted")

    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as to:
        source.backup(to, pages=_PAGES, progress=step)
        verdict = to.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"it is damaged: {verdict}")
