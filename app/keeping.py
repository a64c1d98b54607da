"""What cannot be kept right now, known in memory: while the disk is full, no journal can tell of it."""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from services.core.journal import Journal, JournalClosed, Transaction
from services.core.samples.files import SampleFiles
from services.core.samples.rollup import Rollup
from services.orchestrator.events import Alert, AlertOver
from services.orchestrator.history.alerts import AlertRow, NotKept

log = logging.getLogger(__name__)
ABOUT = "samples"
_NOT_KEPT = "samples are not kept"


@dataclass
class Keeping:
    """Keeps samples through the writer of the store, and knows at once where that or the store itself fails."""

    journal: Journal
    files: SampleFiles
    _failing: tuple[datetime, str] | None = field(init=False, default=None)
    """Since when the newest samples could not be written, and in what words that is told."""
    _shown: tuple[AlertRow, ...] = field(init=False, default=())
    _told: set[str] = field(init=False, default_factory=set)
    """The alerts about it that the journal holds and that are not over."""

    def recall(self, alerts: Iterable[AlertRow]) -> None:
        """Take up what an earlier start told of samples and could not take back."""
        self._told = {row.what for row in alerts if row.about == ABOUT and row.what.startswith(_NOT_KEPT)}

    def keep(self, rolled: list[Rollup], over: int) -> None:
        """Keep what was rolled up of the second before ``over``."""
        self.journal.write(lambda tx: self._write(tx, rolled, over)).add_done_callback(self._kept)

    def amiss(self) -> tuple[AlertRow, ...]:
        """What is not kept at this moment, with the mend; from memory alone, from any thread."""
        health, failing = self.journal.health, self._failing
        found: list[AlertRow] = []
        if health.trouble and health.since is not None:
            samples = "" if health.ended or failing else ". Samples are not kept until then"
            found.append(self._row(health.since, f"{health.told}{samples}", str(self.journal.store.path)))
        if failing is not None:
            found.append(self._row(*failing, ABOUT))
        return tuple(found)

    def show(self, publish: Callable[[str, tuple[AlertRow, ...]], None]) -> None:
        """Publish what is not kept at this moment, where that is news. On the core thread, each second."""
        amiss = self.amiss()
        if amiss != self._shown:
            self._shown = amiss
            publish(NotKept.name, amiss)

    def _row(self, since: datetime, what: str, about: str) -> AlertRow:
        return AlertRow(since, self.journal.clean(what), about, since)  # in the words of the journal

    def _write(self, tx: Transaction, rolled: list[Rollup], over: int) -> None:
        try:
            self.files.write(rolled, over)
        except Exception as error:
            if self._failing is None:
                mend = f"free some room there, or see that {self.files.folder} can be written"
                self._failing = tx.at, f"{_NOT_KEPT} ({error}); {mend}"
                log.error("%s", self._failing[1])
            raise
        if self._failing is not None:
            log.warning("samples are kept again")
        self._failing = None

    def _kept(self, written: "Future[None]") -> None:
        """Say once that samples are not kept, and once that they are again: a chart that stands still says nothing."""
        error, failing = written.exception(), self._failing
        if isinstance(error, JournalClosed):  # the last second, when the program ends
            return
        if error is None and failing is None and self._told:
            self.journal.append(*(AlertOver(what, ABOUT) for what in sorted(self._told)))
            self._told = set()
        elif error is not None and failing is not None and not self._told:
            self.journal.append(Alert(failing[1], ABOUT))
            self._told = {failing[1]}
