"""Holding the disk's cap: what grows fastest and matters least goes first, and nothing goes for what another takes.

The order: the finest samples; orders of replays that are over, beyond a quarter of the cap; what simulated outsides
keep of long ago; the reasons of decisions that can no longer be taken back; events behind an anchor, down to a quarter
of the cap; then the other replays that are over. Backups are bounded by their number and not counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from services.core.projections import retention
from services.core.projections.kept import Projections
from services.core.samples.files import SampleFiles
from services.core.store.schema import events
from services.core.store.shares import weight, weights
from services.orchestrator.housekeeping.ledger_clearing import LedgerClearing
from services.orchestrator.housekeeping.room import MEGABYTE, Room, scaled, size_of
from services.orchestrator.housekeeping.steps import Steps

HEADROOM = 8
"""One part in so many of the cap is left free at least, for what comes until the next time."""
SHARE = 4
"""One part in so many of the cap stays with events, and with the ledger, whatever others take."""
SAMPLES_SHARE = 10
REASONS = timedelta(days=30)
"""How long decisions keep their reasons even where room is short."""


class Sheds(Protocol):
    """A simulated outside with a file of its own, which can forget what is old in it."""

    def shed(self, connection: Connection) -> int:
        """Forget what is old and nothing in the store that ``connection`` reads goes on from; tells how much it was.

        What was done there stays known as done. The room is given back to the disk. Blocks.
        """
        ...


@dataclass(frozen=True)
class Kept:
    """Where everything is that the cap counts; ``books`` are the files of simulated outsides, by what they are called.

    ``backups`` is told of and not counted.
    """

    projections: Projections
    samples: SampleFiles
    books: Mapping[str, Path] = field(default_factory=dict)
    backups: Path | None = None

    @property
    def taken(self) -> int:
        """Bytes of all that is counted."""
        return retention.used(self.projections.journal.store) + self.samples.size() + sum(self._books().values())

    def room(self, go_on: Callable[[], None]) -> Room:
        """What takes how much; reads the whole store. Blocks."""
        store = self.projections.journal.store
        parts = scaled(weights(store, go_on), retention.used(store)) | {"samples": self.samples.size()} | self._books()
        return Room(parts, {"backups": size_of(self.backups)} if self.backups else {})

    def _books(self) -> dict[str, int]:
        return {name: size_of(path) for name, path in self.books.items()}


@dataclass
class Shed:
    """How many decisions were removed, and how many are kept in short; how much outsides have forgotten."""

    removed: int = 0
    condensed: int = 0
    forgotten: int = 0


@dataclass(frozen=True)
class DiskCap:
    """Sheds what has to go in one run of retention, by what that does to each kind; nothing where there is room."""

    cap: int
    grown: int
    """Bytes that have come since the last time: as much is left free for the next, up to half of the cap."""
    kept: Kept
    steps: Steps
    ledger: LedgerClearing
    drop_samples: Callable[[int], None]
    """Drop the finest until so many bytes are left."""
    remove_before: Callable[[int], None]
    """Remove the events before an anchor."""
    give_back: Callable[[], None]
    shed_outsides: Callable[[], int]

    def hold(self) -> Shed:
        """Bring all that is counted below the cap, as far as that is possible."""
        shed = Shed()
        if self._excess() <= 0:
            return shed
        self.drop_samples(max(self.kept.samples.size() - self._excess(), self.cap // SAMPLES_SHARE))
        if self._excess() <= 0:
            return shed
        room = self.kept.room(self.steps.context.checkpoint)
        shed.removed += self._remove_replays(room.parts["the ledger"] - self.cap // SHARE)
        if self._excess() > 0:
            shed.forgotten += self.shed_outsides()
        if self._excess() > 0:
            shed.condensed += self.ledger.condense(self.steps.context.clock.now() - REASONS, final_only=True)
            self.give_back()
        self._remove_events(room.parts["events"])
        shed.removed += self._remove_replays(self._excess())
        return shed

    def told(self) -> str:
        """What a person is to be told; empty where the cap is held."""
        cap_mb = self.cap // MEGABYTE
        return self.kept.room(self.steps.context.checkpoint).over(cap_mb) if self.kept.taken > self.cap else ""

    def _excess(self) -> int:
        free = min(max(self.cap // HEADROOM, self.grown), self.cap // 2)
        return self.kept.taken - (self.cap - free)

    def _remove_replays(self, most: int) -> int:
        """Free what is too much, of the ledger's replays at most so many bytes; tells how many decisions went."""
        excess = min(self._excess(), most)
        if excess <= 0:
            return 0
        store = self.kept.projections.journal.store
        goal = retention.held(store) - excess
        gone = self.ledger.remove(self.steps.context.clock.now(), lambda: retention.held(store) <= goal)
        self.give_back()
        return gone

    def _remove_events(self, left: int) -> None:
        """Anchor by anchor. ``left`` is what events take; where others are too much, a share of the cap stays."""
        share = self.cap // SHARE
        at_least = share if self._excess() > left - share else 0
        for anchor in retention.anchors(self.kept.projections):
            if self._excess() <= 0:
                return
            with self.kept.projections.journal.store.reading.connect() as connection:
                left -= weight(connection, events, events.c.seq < anchor)
            if left < at_least:
                return
            self.remove_before(anchor)
            self.give_back()
