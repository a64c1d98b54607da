"""What the ledger shows, from what is or was known. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


class Written:
    """The lines as they were written last. Of hundreds one or two have changed, and only those are written anew."""

    def __init__(self) -> None:
        self._under: tuple[object, ...] = ()
        """What all of them depend on."""
        self._lines: dict[str, tuple[DecisionRow, str, LedgerRow]] = {}

    def lines(self, rows: Iterable[DecisionRow], view: View, notes: Mapping[str, str]) -> tuple[LedgerRow, ...]:
        """One for each row, in their order."""
        minute = int(view.at.timestamp()) // 60  # days turn at a minute
        under = minute, view.value(RuleStandings) if view.live else None
        before = self._lines if under == self._under else {}
        self._under, self._lines = under, {}
        for row in rows:
            note, known = notes.get(row.id, ""), before.get(row.id)
            same = known is not None and known[0] is row and known[1] == note
            self._lines[row.id] = known if known and same else (row, note, _line(row, view, note))
        return tuple(line for _, _, line in self._lines.values())


def decisions_state(
    view: View,
    at_hand: AtHand,
    wanted: Wanted,
    working: Mapping[str, str] | None = None,
    written: Written | None = None,
) -> DecisionsState:
    """The ledger of a view, newest first; `working` says of some ids what is being done about them."""
    known: DecisionsValue = view.value(Decisions)
    notes, live = working or {}, every(known).values()
    rows = at_hand.rows()
    whole = _KNOWN_WHOLE if known.complete_from else tuple(kind for kind, _ in KINDS)
    return DecisionsState(
        (written or Written()).lines(rows, view, notes),
        {kind: _count(live, Wanted(stands=kind)) if kind in whole else 0 for kind, _ in KINDS[1:]},
        tuple(sorted({row.kind for row in live})),
        tuple(sorted({row.process for row in live if row.process}, key=str.casefold)),
        at_hand.total,
        _note(len(rows), at_hand, narrowed=wanted != Wanted()),
    )


def _count(rows: Iterable[DecisionRow], wanted: Wanted) -> int:
    return sum(fits(row, wanted) for row in rows)


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
