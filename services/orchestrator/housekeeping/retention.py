"""Retention: what is past its days goes, and the store stays within its share of the disk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from services.core.blobs import remove_blobs, unnamed
from services.core.durations import minutes
from services.core.journal import Transaction
from services.core.process import Isolation, Process
from services.core.process.context import Context
from services.core.projections import retention
from services.core.projections.kept import Projections
from services.core.samples.files import SampleFiles
from services.orchestrator.events import Alert
from services.orchestrator.housekeeping.events import RetentionDone

MEGABYTE = 1_000_000


@dataclass
class _Gone:
    events: int = 0
    snapshots: int = 0
    runs: int = 0
    sample_files: int = 0
    blobs: int = 0
    damaged_files: int = 0


class Retention(Process):
    """Drops samples past their days, damaged files that were set aside but for the newest, events behind an anchor,
    blobs nothing names, then what the disk's cap asks for.

    Over the cap the oldest and finest samples go first, then the oldest events behind the next later anchor. Backups
    are bounded by their number and not counted.
    """

    isolation = Isolation.THREAD
    heartbeat = minutes(2)
    projections: Projections
    files: SampleFiles
    keep_days: int = 365
    cap_mb: int = 2048

    def run(self, context: Context) -> None:
        gone, now = _Gone(), context.clock.now()
        context.doing("dropping old samples")
        gone.sample_files += self._drop_samples(context, lambda: self.files.drop_old(int(now.timestamp())))
        gone.damaged_files += self._drop_samples(context, self.files.drop_aside)
        cut = now - timedelta(days=self.keep_days)
        self._remove_before(context, retention.anchor_before(self.projections, cut), gone)
        gone.runs += self._in_steps(context, lambda tx: retention.remove_runs(tx, cut))
        self._remove_blobs(context, gone)
        self._give_back(context)
        self._hold_the_cap(context, gone)
        store = self.projections.journal.store
        taken = retention.used(store) + self.files.size()
        since = self.projections.since()
        kinds = gone.events, gone.snapshots, gone.runs, gone.sample_files
        context.emit(RetentionDone(*kinds, taken, since, gone.blobs, gone.damaged_files))

    def _hold_the_cap(self, context: Context, gone: _Gone) -> None:
        cap = self.cap_mb * MEGABYTE
        if self._taken() <= cap:
            return
        context.doing("holding the disk's cap")
        room = max(0, cap - retention.used(self.projections.journal.store))
        gone.sample_files += self._drop_samples(context, lambda: self.files.drop_down_to(room))
        for anchor in retention.anchors(self.projections):
            if self._taken() <= cap:
                return
            self._remove_before(context, anchor, gone)
            self._give_back(context)
        if (taken := self._taken()) > cap:
            context.emit(Alert(_over(taken, self.cap_mb), "disk", matter="cap"))

    def _taken(self) -> int:
        return retention.used(self.projections.journal.store) + self.files.size()

    def _remove_before(self, context: Context, anchor: int, gone: _Gone) -> None:
        if not anchor:
            return
        context.doing("removing old events")
        journal = self.projections.journal
        context.clock.result(journal.write(lambda tx: retention.announce(tx, anchor)))
        gone.snapshots += self._in_steps(context, lambda tx: retention.remove_snapshots(tx, anchor))
        gone.events += self._in_steps(context, lambda tx: retention.remove_events(tx, anchor))

    def _remove_blobs(self, context: Context, gone: _Gone) -> None:
        """What nothing names goes, from before the earliest moment that can be built."""
        since = self.projections.since()
        if since is None:
            return
        context.doing("removing what nothing names any more")
        journal = self.projections.journal
        names = unnamed(journal.store, since, context.checkpoint)
        if names:
            gone.blobs += context.clock.result(journal.write(lambda tx: remove_blobs(tx, names, since)))

    def _give_back(self, context: Context) -> None:
        context.doing("giving room back to the disk")
        self._in_steps(context, retention.give_back)
        if not retention.shorten_log(self.projections.journal.store):
            context.log.info("the write-ahead log is in use; it is shortened another time")

    def _in_steps(self, context: Context, step: Callable[[Transaction], int]) -> int:
        """Repeat a step, each in a transaction of its own, until it finds nothing to do; returns the sum."""
        journal, total = self.projections.journal, 0
        while done := context.clock.result(journal.write(step)):
            total += done
            context.checkpoint()
        return total

    def _drop_samples(self, context: Context, drop: Callable[[], list[Path]]) -> int:
        """Samples belong to the writer's thread, so it drops them."""
        dropped = context.clock.result(self.projections.journal.write(lambda tx: drop()))
        if dropped:
            context.log.info("removed %s", ", ".join(path.name for path in dropped))
        context.checkpoint()
        return len(dropped)


def _over(taken: int, cap_mb: int) -> str:
    return (
        f"The store takes {taken / MEGABYTE:.0f} MB and cannot be held under its cap of {cap_mb} MB: what is left is"
        " today's. Raise store.disk_cap_mb, or let less be told"
    )
