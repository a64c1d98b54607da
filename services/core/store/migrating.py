"""Bringing an older store to this program's revision, behind a backup. Imported only when there is something to do."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config

from services.core.errors import UserError
from services.core.revision import HEAD
from services.core.store.backup import backup_to
from services.core.store.engines import Store

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(store: Store, backups: Path, revision: str, now: datetime) -> Path:
    """Back the store up, then upgrade it to ``HEAD`` in one transaction; returns the backup's path.

    Raises ``UserError`` when either fails; the store is then as it was.
    """
    kept = backup_to(store, backups / f"before-{HEAD}-from-{revision}-{now:%Y%m%dT%H%M%S}.db")
    configuration = Config()
    configuration.set_main_option("script_location", str(SCRIPTS))
    configuration.set_main_option("path_separator", "os")
    try:
        with store.writing.begin() as connection:
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, HEAD)
    except Exception as error:
        raise UserError(
            f"it could not be brought from revision {revision} to {HEAD} ({getattr(error, 'orig', error)})",
            str(store.path),
            f"The store is as it was, and a copy is at {kept}; go on with the version that wrote it, and tell of this",
        ) from error
    return kept
