"""What the store says while nobody runs the home; read without the lock, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.control.notices import tell_beside
from app.control.one_decision import DecisionFields, one_decision
from app.control.protocol import Document
from app.control.readings import DecisionsFields, decisions
from app.paths import Home
from app.wiring import effect_kinds
from services.core.clock import SystemClock
from services.core.decisions.inbox import Decisions
from services.core.decisions.ledger import NoSuchDecision
from services.core.errors import UserError
from services.core.journal import Journal
from services.core.projections.kept import Projections
from services.core.projections.projection import Projection
from services.core.projections.views import Board, LiveView, View
from services.core.read_only import writable
from services.core.revision import HEAD
from services.core.rules.standings import RuleStandings
from services.core.samples import Samples
from services.core.store import Store, open_store, open_to_read
from services.core.store.opening import stored_revision
from services.orchestrator.definitions.file_mistakes import FileMistakes
from services.orchestrator.history.projections import Processes, Pulse, RunRow
from services.orchestrator.history.run_pages import runs_of

Kinds = tuple[type[Projection[Any, Any]], ...]
READ: Kinds = (Processes, Pulse, FileMistakes, Decisions, RuleStandings)


@dataclass(frozen=True)
class Stored:
    """What the last run left: its projections, and the store, or None where there is none yet."""

    view: View
    store: Store | None = None

    def runs_of(self, process: str, last: int) -> tuple[RunRow, ...]:
        """The newest runs of a process."""
        if self.store is None:
            return ()
        with self.store.reading.connect() as connection:
            return runs_of(connection, process, last)

    def decisions(self, fields: DecisionsFields) -> Document:
        """A part of the ledger."""
        if self.store is None:
            return decisions(self.view, fields, None)
        with self.store.reading.connect() as connection:
            return decisions(self.view, fields, connection)

    def one_decision(self, fields: DecisionFields) -> Document:
        """One decision in full. Raises ``NoSuchDecision``."""
        if self.store is None:
            raise NoSuchDecision(f"no decision has the id {fields.id!r}: nothing was decided here yet")
        with self.store.reading.connect() as connection:
            return one_decision(connection, fields, self.view.value(RuleStandings))


def store_to_read(home: Home) -> Store:
    """The home's store for one who only looks; where nothing can be written there, that is told beside.

    It is there and of this revision. Raises ``UserError`` where it cannot be read.
    """
    if writable(home.store):
        return open_store(home.store, home.backups, SystemClock().now)
    store = open_to_read(home.store)
    tell_beside(f"home {home.root}: it is read-only, so it can be looked at and not changed.")
    return store


@contextmanager
def open_stored(home: Home, kinds: Kinds = READ) -> Iterator[Stored]:
    """What the last run left, as far as these projections tell; empty where there is no store. Raises ``UserError`` for
    one that cannot be read."""
    effect_kinds.know_all()
    clock, board = SystemClock(), Board()
    view = LiveView(board, Samples(), clock)
    revision = stored_revision(home.store)
    if revision is None:
        yield Stored(view)
        return
    if revision < HEAD:
        raise UserError(
            f"the store is of an earlier Dreamscape (revision {revision})",
            str(home.store),
            "'dreamscape run' brings it up to date, after a backup",
        )
    store = store_to_read(home)
    try:
        projections = Projections(Journal(store, clock), board.publish)
        for kind in kinds:
            projections.add(kind())
        projections.restore()
        yield Stored(view, store)
    finally:
        store.close()
