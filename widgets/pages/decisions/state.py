"""What the ledger shows, from what is or was known. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.decisions.wanted import Wanted, fits
from services.core.projections.views import View
from services.core.rules.holding import undo_held
from services.core.rules.standings import RuleStandings
from widgets.pages.decisions.at_hand import AtHand, every
from widgets.parts.decisions.words import service_of, status_of, verdict_word, who
from widgets.parts.text.times import clock_time, full_time

KINDS = (
    ("all", "All"),
    ("without", "Without me"),
    ("waiting", "Waiting"),
    ("unknown", "Unknown"),
    ("undone", "Undone"),
)
"""The filters, by id and as a person reads them."""
_KNOWN_WHOLE = ("waiting", "unknown")
"""What is known of however old it is."""


WHO = (
    ("you", "You"),
    ("rule", "Rules"),
    ("process", "Processes"),
    ("learner", "Learners"),
    ("program", "Dreamscape"),
)
"""Who decides, by id and as a person reads them."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of the ledger as it is written on screen."""

    id: str
    when: str
    exactly: str
    what: str
    by: str
    service: str
    verdict: str
    status: str
    can_undo: bool
    undo_held: str = ""
    """Why it cannot be undone yet, and what a person does first."""
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DecisionsState:
    """All that the page shows. `counts` are of each kind that is known whole; `note` says which part is shown."""

    rows: tuple[LedgerRow, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    total: int = 0
    note: str = ""


def decisions_state(
    view: View, at_hand: AtHand, wanted: Wanted, working: Mapping[str, str] | None = None
) -> DecisionsState:
    """The ledger of a view, newest first; `working` says of some ids what is being done about them."""
    known: DecisionsValue = view.value(Decisions)
    notes, live = working or {}, every(known).values()
    rows = at_hand.rows()
    whole = _KNOWN_WHOLE if known.complete_from else tuple(kind for kind, _ in KINDS)
    return DecisionsState(
        tuple(_line(row, view, notes.get(row.id, "")) for row in rows),
        {kind: sum(fits(row, Wanted(stands=kind)) for row in live) if kind in whole else 0 for kind, _ in KINDS[1:]},
        tuple(sorted({row.kind for row in live})),
        tuple(sorted({row.process for row in live if row.process}, key=str.casefold)),
        at_hand.total,
        _note(len(rows), at_hand, narrowed=wanted != Wanted()),
    )


def _note(shown: int, at_hand: AtHand, *, narrowed: bool) -> str:
    """How many are shown, of how many."""
    if not at_hand.counted:
        return f"the newest {shown:,} · reading older ones"
    total = f"{at_hand.total:,}"
    if at_hand.left:
        fit = f"{shown + at_hand.left:,} that fit, {total} in all" if narrowed else total
        told = f"the newest {shown:,} of {fit}"
    else:
        told = f"{shown:,} of {total}" if narrowed else total
        if at_hand.removed:
            told += f" · {at_hand.removed:,} older orders of replays are no longer kept"
    return f"{told} · reading older ones" if at_hand.asking else told


def _line(row: DecisionRow, view: View, note: str) -> LedgerRow:
    can_undo = row.can_undo and view.live and not note
    held = undo_held(row, view.value(RuleStandings)) if can_undo else ""
    return LedgerRow(
        row.id,
        clock_time(row.at, view.at),
        full_time(row.at),
        row.what,
        who(row.by),
        service_of(row.kind),
        verdict_word(row),
        status_of(row.verdict),
        can_undo and not held,
        held,
        note,
        row.at,
    )
