"""The past: fifty random moments of a recorded week, each with everything the pages read, against folding it all anew.

The week is told through the journal with made times, two events a second of the kinds that the real processes tell,
while the live projections follow and keep their snapshots.
"""

import random
import time
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from measuring import Figure, asked, folder_mb, percentile, scratch
from week import BEGIN, WEEK, Week

from app.wiring.projections import KINDS, all_projections
from services.core.clock import SystemClock
from services.core.journal import Journal, Transaction
from services.core.projections.kept import Projections
from services.core.projections.views import past_view
from services.core.samples.files import SampleFiles
from services.core.store import Store, open_store

MOMENTS = 50
CHUNK = 2_000
BATCH = 60


def main() -> None:
    report = asked("past", __doc__)
    length = WEEK / 84 if report.quick else WEEK
    with scratch() as folder:
        clock = SystemClock()
        store = open_store(folder / "store.db", folder / "backups", clock.now)
        journal = Journal(store, clock)
        projections = Projections(journal, lambda name, value: None)
        for projection in all_projections():
            projections.add(projection)
        began = time.perf_counter()
        amount = tell(journal, projections, length)
        told = time.perf_counter() - began
        moments = some_moments(length, 10 if report.quick else MOMENTS)
        built = [1000 * build(projections, folder, moment) for moment in moments]
        anew = [1000 * fold_anew(journal, BEGIN + length) for _ in range(1)]
        journal.close()
        kept = snapshot_sizes(store)
        store.close()
        disk = folder_mb(folder)
    middle = report.side("a past moment", built, "ms")
    whole = report.side("the whole folded anew", anew, "ms")
    report.sides["week"] = {"events": amount, "seconds to tell it": round(told, 1)}
    report.sides["snapshots, MB by projection"] = kept
    report.figures = [
        Figure("a past moment, p50", middle, "ms", at_most=100),
        Figure("a past moment, p95", percentile(built, 0.95), "ms", at_most=100),
        Figure("a past moment, longest", max(built), "ms", at_most=100),
        Figure("against folding the whole anew", whole / middle, "x"),
        Figure("the store of it", disk, "MB"),
        Figure("of it snapshots", sum(kept.values()), "MB"),
    ]
    report.print()


def tell(journal: Journal, projections: Projections, length: timedelta) -> int:
    """Put the week on disk and let the live projections follow; returns how many events it has."""
    journal.start()
    events = iter(Week().events(length))
    amount = 0
    while chunk := list(islice(events, CHUNK)):

        def work(tx: Transaction, chunk: list = chunk) -> None:
            for at, source, event in chunk:
                tx.at = at
                tx.record(event, source=source)

        before = journal.health.last_seq
        journal.write(work).result()
        recorded = list(journal.read(before))
        for start in range(0, len(recorded), BATCH):
            projections.take(recorded[start : start + BATCH])
        amount += len(chunk)
    projections.keep()
    journal.write(lambda tx: None).result()
    return amount


def some_moments(length: timedelta, amount: int) -> list[datetime]:
    chosen = random.Random(11)
    return [BEGIN + chosen.random() * length for _ in range(amount)]


def build(projections: Projections, folder: Path, moment: datetime) -> float:
    """Seconds until everything that the pages read of ``moment`` is there."""
    began = time.perf_counter()
    view = past_view(projections, SampleFiles(folder / "samples"), moment, KINDS)
    for kind in KINDS:
        view.value(kind)
    return time.perf_counter() - began


def fold_anew(journal: Journal, moment: datetime) -> float:
    """Seconds that the same takes without snapshots."""
    began = time.perf_counter()
    fresh = [kind() for kind in KINDS]
    for recorded in journal.read(upto=journal.seq_at(moment)):
        for projection in fresh:
            projection.take(recorded)
    return time.perf_counter() - began


def snapshot_sizes(store: Store) -> dict[str, float]:
    query = "SELECT projection, sum(length(state)) / 1e6 FROM snapshots GROUP BY projection ORDER BY 2 DESC"
    with store.reading.connect() as connection:
        return {name: round(size, 3) for name, size in connection.exec_driver_sql(query)}


if __name__ == "__main__":
    main()
