"""What the store says while nobody runs the home; read without the lock, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.paths import Home
from services.core.clock import SystemClock
from services.core.decisions import Decisions
from services.core.errors import UserError
from services.core.journal import Journal
from services.core.projections import Projection, Projections
from services.core.rules.standings import RuleStandings
from services.core.samples import Samples
from services.core.store import open_store
from services.core.store.opening import stored_revision
from services.core.store.schema import HEAD
from services.core.views import Board, LiveView, View
from services.orchestrator.file_mistakes import FileMistakes
from services.orchestrator.projections import Processes, Pulse, RunHistory

READ: tuple[type[Projection[Any, Any]], ...] = (Processes, RunHistory, Pulse, FileMistakes, Decisions, RuleStandings)


@contextmanager
def stored_view(home: Home) -> Iterator[View]:
    """What the last run left; empty where there is no store. Raises ``UserError`` for one that cannot be read."""
    clock, board = SystemClock(), Board()
    view = LiveView(board, Samples(), clock)
    revision = stored_revision(home.store)
    if revision is None:
        yield view
        return
    if revision < HEAD:
        raise UserError(
            f"the store is of an earlier Dreamscape (revision {revision})",
            str(home.store),
            "'dreamscape run' brings it up to date, after a backup",
        )
    store = open_store(home.store, home.backups, clock.now)
    try:
        projections = Projections(Journal(store, clock), board.publish)
        for kind in READ:
            projections.add(kind())
        projections.restore()
        yield view
    finally:
        store.close()
