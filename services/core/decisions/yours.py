"""What a person decided themselves, and what undo means to them: their own last decision, not the newest of all."""

from collections.abc import Iterable
from datetime import datetime

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow

_STANDS = frozenset({Verdict.DONE, Verdict.REJECTED, Verdict.UNKNOWN})
"""Where a decision stands of which something is left that undo could mean."""


def settled_at(row: DecisionRow) -> datetime:
    """When it came to where it stands."""
    return row.changed_at or row.at


def your_last(rows: Iterable[DecisionRow]) -> DecisionRow | None:
    """What the person decided last and has not taken back, whether or not it can be."""
    return max((row for row in rows if row.yours and row.verdict in _STANDS), key=settled_at, default=None)


def last_undoable(rows: Iterable[DecisionRow], *, of_yours: bool) -> DecisionRow | None:
    """Of what can be undone, what was settled last: by the person, or without them."""
    return max((row for row in rows if row.can_undo and row.yours is of_yours), key=settled_at, default=None)
