"""The store's backup, and that of what lies beside it: a checked copy each night, the newest few of them kept."""

from pathlib import Path

from services.core.durations import minutes
from services.core.errors import UserError
from services.core.process import Isolation, Process
from services.core.process.context import Context, Order
from services.core.store import Store
from services.core.store.beside import copy_with_beside, drop, drop_beside, orphaned
from services.orchestrator.events import RUN_FAILED, Alert
from services.orchestrator.housekeeping.events import BackupMade

PREFIX = "dreamscape-"


class Backup(Process):
    """Copies the live store into ``folder`` and keeps the newest ``keep`` copies.

    An older copy goes only after a newer one was found sound. Copies made before a migration are not its business.
    """

    isolation = Isolation.THREAD
    heartbeat = minutes(2)
    store: Store
    folder: Path
    keep: int = 7

    def run(self, context: Context) -> None:
        target = self.folder / f"{PREFIX}{context.clock.now():%Y%m%dT%H%M%S}.db"
        context.doing("copying and checking the store")

        def go_on() -> bool:
            context.doing("copying and checking the store")
            return context.told() is not Order.CANCEL

        try:
            copy_with_beside(self.store, target, go_on)
        except UserError as error:
            context.checkpoint()
            context.emit(Alert(f"No backup was made. {error}", context.name, matter=RUN_FAILED))
            raise
        old = sorted(self.folder.glob(f"{PREFIX}*.db"))[: -self.keep]
        for path in old:
            drop(path)
        for half_made in self.folder.glob(f"{PREFIX}*.partial"):  # of a backup that a kill broke off
            half_made.unlink(missing_ok=True)
        for orphan in orphaned(self.folder, PREFIX):
            drop_beside(orphan)
        context.emit(BackupMade(str(target), target.stat().st_size, len(old)))
