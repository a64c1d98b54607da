"""Bringing an older store to this program's revision, behind a backup. Imported only when there is something to do."""

from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config

from services.core.store.backup import backup_to
from services.core.store.opening import Store
from services.core.store.schema import HEAD

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(store: Store, backups: Path, revision: str, now: datetime) -> Path:
    """Back the store up, then upgrade it to ``HEAD`` in one transaction; returns the backup's path."""
    kept = backup_to(store, backups / f"before-{HEAD}-from-{revision}-{now:%Y%m%dT%H%M%S}.db")
    configuration = Config()
    configuration.set_main_option("script_location", str(SCRIPTS))
    configuration.set_main_option("path_separator", "os")
    with store.writing.begin() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, HEAD)
    return kept
