"""Retention: what is past its days goes, and the store stays within its share of the disk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from services.core.blobs import remove_blobs, unnamed
from services.core.decisions.condensing import Endings
from services.core.durations import minutes
from services.core.process import Isolation, Process
from services.core.process.context import Context
from services.core.projections import retention
from services.core.projections.kept import Projections
from services.core.samples.files import SampleFiles
from services.core.store.schema import events
from services.orchestrator.events import Alert, AlertOver
from services.orchestrator.housekeeping.disk_cap import DiskCap, Kept, Sheds
from services.orchestrator.housekeeping.events import RetentionDone
from services.orchestrator.housekeeping.ledger_clearing import LedgerClearing
from services.orchestrator.housekeeping.room import MEGABYTE
from services.orchestrator.housekeeping.steps import Steps

_DISK, _CAP = "disk", "cap"
"""What the alert is about, and its matter."""


@dataclass
class _Gone:
    events: int = 0
    snapshots: int = 0
    runs: int = 0
    sample_files: int = 0
    blobs: int = 0
    damaged_files: int = 0
    decisions: int = 0
    condensed: int = 0
    shed: int = 0


class Retention(Process):
    """Drops samples past their days, damaged files that were set aside but for the newest, orders of replays that are
    over, reasons of old decisions, events behind an anchor, blobs nothing names, then what the disk's cap asks for.

    Decisions that wait, whose outcome is not settled, or that a person took stay whole; of the others the key and what
    came of them stay unless their cause is over, as ``endings`` knows. What is told when the cap cannot be held is over
    once it is.
    """

    isolation = Isolation.THREAD
    heartbeat = minutes(2)
    projections: Projections
    files: SampleFiles
    keep_days: int = 365
    cap_mb: int = 2048
    reasons_days: int = 400
    replay_days: int = 3
    endings: Endings | None = None
    books: Mapping[str, Path] = field(default_factory=dict)
    """Files of simulated outsides that the cap counts, by what people call them."""
    outsides: Sequence[Sheds] = ()
    """Those of them that forget what is old where room is short."""
    backups: Path | None = None

    def run(self, context: Context) -> None:
        gone, now = _Gone(), context.clock.now()
        last = self._last()
        grown = max(0, self._kept().taken - last.taken) if last else 0
        steps = Steps(context, self.projections.journal)
        context.doing("dropping old samples")
        gone.sample_files += self._drop_samples(steps, lambda: self.files.drop_old(int(now.timestamp())))
        gone.damaged_files += self._drop_samples(steps, self.files.drop_aside)
        context.doing("clearing the ledger of what is long over")
        ledger = LedgerClearing(steps, self.endings)
        gone.decisions += ledger.remove(now - timedelta(days=self.replay_days))
        gone.condensed += ledger.condense(now - timedelta(days=self.reasons_days))
        cut = now - timedelta(days=self.keep_days)
        self._remove_before(steps, retention.anchor_before(self.projections, cut), gone)
        gone.runs += steps.until_none(lambda tx: retention.remove_runs(tx, cut))
        self._remove_blobs(steps, gone)
        self._give_back(steps)
        cap = self._hold_the_cap(steps, ledger, grown, gone)
        too_much = cap.told()
        if too_much:
            context.emit(Alert(too_much, _DISK, matter=_CAP))
        elif last and not last.held:
            context.emit(AlertOver("", _DISK, _CAP))
        context.emit(self._done(gone, held=not too_much))

    def _done(self, gone: _Gone, *, held: bool) -> RetentionDone:
        return RetentionDone(
            gone.events,
            gone.snapshots,
            gone.runs,
            gone.sample_files,
            self._kept().taken,
            self.projections.since(),
            gone.blobs,
            gone.damaged_files,
            gone.decisions,
            gone.condensed,
            gone.shed,
            held,
        )

    def _hold_the_cap(self, steps: Steps, ledger: LedgerClearing, grown: int, gone: _Gone) -> DiskCap:
        """Shed what is too much; returns the cap, which tells where that does not suffice."""
        steps.context.doing("holding the disk's cap")

        def drop_samples(size: int) -> None:
            gone.sample_files += self._drop_samples(steps, lambda: self.files.drop_down_to(size))

        def remove_before(anchor: int) -> None:
            self._remove_before(steps, anchor, gone)

        cap = DiskCap(
            self.cap_mb * MEGABYTE,
            grown,
            self._kept(),
            steps,
            ledger,
            drop_samples,
            remove_before,
            lambda: self._give_back(steps),
            lambda: self._shed(steps),
        )
        shed = cap.hold()
        gone.decisions += shed.removed
        gone.condensed += shed.condensed
        gone.shed += shed.forgotten
        return cap

    def _shed(self, steps: Steps) -> int:
        """What the outsides forgot of what is old; a cancel takes effect between two of them."""
        forgotten = 0
        for outside in self.outsides:
            with self.projections.journal.store.reading.connect() as connection:
                forgotten += outside.shed(connection)
            steps.context.checkpoint()
        return forgotten

    def _kept(self) -> Kept:
        return Kept(self.projections, self.files, self.books, self.backups)

    def _last(self) -> RetentionDone | None:
        """What was told the last time."""
        last = select(events.c.payload).where(events.c.name == RetentionDone.type_name).order_by(events.c.seq.desc())
        with self.projections.journal.store.reading.connect() as connection:
            payload = connection.execute(last.limit(1)).scalar()
        return RetentionDone.decode(payload) if payload else None

    def _remove_before(self, steps: Steps, anchor: int, gone: _Gone) -> None:
        if not anchor:
            return
        steps.context.doing("removing old events")
        steps.once(lambda tx: retention.announce(tx, anchor))
        gone.snapshots += steps.until_none(lambda tx: retention.remove_snapshots(tx, anchor))
        gone.events += steps.until_none(lambda tx: retention.remove_events(tx, anchor))

    def _remove_blobs(self, steps: Steps, gone: _Gone) -> None:
        """What nothing names goes, from before the earliest moment that can be built."""
        since = self.projections.since()
        if since is None:
            return
        steps.context.doing("removing what nothing names any more")
        names = unnamed(self.projections.journal.store, since, steps.context.checkpoint)
        if names:
            gone.blobs += steps.once(lambda tx: remove_blobs(tx, names, since))

    def _give_back(self, steps: Steps) -> None:
        steps.context.doing("giving room back to the disk")
        steps.until_none(retention.give_back)
        if not retention.shorten_log(self.projections.journal.store):
            steps.context.log.info("the write-ahead log is in use; it is shortened another time")

    def _drop_samples(self, steps: Steps, drop: Callable[[], list[Path]]) -> int:
        """Samples belong to the writer's thread, so it drops them."""
        dropped = steps.once(lambda tx: drop())
        if dropped:
            steps.context.log.info("removed %s", ", ".join(path.name for path in dropped))
        return len(dropped)
