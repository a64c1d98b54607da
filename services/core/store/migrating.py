"""Bringing an older store to this program's revision, behind a backup. Imported only when there is something to do."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

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
    try:
        with store.writing.begin() as connection:
            upgrade(connection, HEAD)
    except Exception as error:
        raise UserError(
            f"it could not be brought from revision {revision} to {HEAD} ({getattr(error, 'orig', error)})",
            str(store.path),
            f"The store is as it was, and a copy is at {kept}; go on with the version that wrote it, and tell of this",
        ) from error
    return kept


def upgrade(connection: Connection, revision: str) -> None:
    """Bring a database up to ``revision``, from the one it tells of or from nothing; the caller commits."""
    configuration = _configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, revision)


def is_earlier(revision: str) -> bool:
    """Whether this program's migrations begin at ``revision`` or come by it, on their way to ``HEAD``."""
    known = {each.revision for each in ScriptDirectory.from_config(_configuration()).walk_revisions()}
    return revision in known - {HEAD}


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(SCRIPTS))
    configuration.set_main_option("path_separator", "os")
    return configuration
