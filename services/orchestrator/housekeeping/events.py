"""What housekeeping tells the journal."""

from dataclasses import dataclass
from datetime import datetime

from services.core.events import Event


class LogsCleared(Event, name="logs.cleared"):
    """Old logs were removed: ``files`` of them, ``freed`` bytes."""

    files: int
    freed: int


class RetentionDone(Event, name="retention.done"):
    """What was past its days is gone; counts, and ``taken`` bytes that all the cap counts takes now."""

    events: int
    snapshots: int
    runs: int
    sample_files: int
    taken: int
    since: datetime | None
    """The earliest moment that can still be shown; None while all is kept."""
    blobs: int = 0
    damaged_files: int = 0
    """Damaged files that had been set aside."""
    decisions: int = 0
    """Orders of replays that are over, gone from the ledger."""
    condensed: int = 0
    """Decisions that are kept without their reasons from now on."""
    shed: int = 0
    """What simulated outsides have forgotten, since room was short."""
    held: bool | None = None
    """Whether all is under the cap, so that no alert tells otherwise; None where an earlier release told this."""


class BackupMade(Event, name="backup.made"):
    """A checked copy of the store stands at ``path``; ``removed`` older ones went."""

    path: str
    size: int
    removed: int


@dataclass(frozen=True)
class ProcessReview:
    """One process's week; ``p95_seconds`` is None without a run that ended."""

    process: str
    runs: int
    failures: int
    restarts: int
    p95_seconds: float | None
    alone: int
    """Decisions taken without a person, restarts among them."""
    undone: int
    """Decisions taken back in the week, by anyone."""
    errors: tuple[str, ...]
    """The most frequent faults, each with how often it came."""


class ReviewMade(Event, name="review.made"):
    """The week from ``start`` to ``end`` in numbers, the busiest processes first; ``report`` has all of them."""

    start: datetime
    end: datetime
    processes: int
    runs: int
    failures: int
    restarts: int
    alone: int
    undone: int
    report: str
    rows: tuple[ProcessReview, ...]
