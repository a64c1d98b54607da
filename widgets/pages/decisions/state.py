"""What the ledger shows, from what is or was known. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.core.decisions.decision import Verdict
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.projections.views import View
from widgets.parts.decision_words import service_of, status_of, who, why_line
from widgets.parts.times import clock_time, full_time

KINDS = (
    ("all", "All"),
    ("without", "Without me"),
    ("waiting", "Waiting"),
    ("unknown", "Unknown"),
    ("undone", "Undone"),
)
"""The filters, by id and as a person reads them."""


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which decisions are shown: of a kind, of one process, with some words in them."""

    kind: str = "all"
    process: str = ""
    needle: str = ""

    def accepts(self, row: DecisionRow) -> bool:
        if self.process and row.process != self.process:
            return False
        return is_of(self.kind, row) and self._found_in(row)

    def _found_in(self, row: DecisionRow) -> bool:
        words = self.needle.casefold().split()
        if not words:
            return True
        text = (
            f"{row.what} {who(row.by)} {row.process} {row.kind} {row.why} {row.id} {why_line(row.because)}".casefold()
        )
        return all(word in text for word in words)


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
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DecisionsState:
    """All that the page shows. `counts` are of each kind, over all processes."""

    rows: tuple[LedgerRow, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    processes: tuple[str, ...] = ()
    total: int = 0


def decisions_state(view: View, wanted: LedgerFilter, working: Mapping[str, str] | None = None) -> DecisionsState:
    """The ledger of a view, newest first; `working` says of some ids what is being done about them."""
    known: DecisionsValue = view.value(Decisions)
    rows = every(known)
    notes = working or {}
    return DecisionsState(
        tuple(_line(row, view, notes.get(row.id, "")) for row in rows if wanted.accepts(row)),
        {kind: sum(1 for row in rows if is_of(kind, row)) for kind, _ in KINDS},
        tuple(sorted({row.process for row in rows if row.process}, key=str.casefold)),
        len(rows),
    )


def every(known: DecisionsValue) -> tuple[DecisionRow, ...]:
    """The newest, and besides them what waits or is unknown however old it is."""
    rows = {row.id: row for row in (*known.rows, *known.waiting, *known.unknown)}
    return tuple(rows.values())


def is_of(kind: str, row: DecisionRow) -> bool:
    """Whether a decision is of one of KINDS."""
    match kind:
        case "without":
            return row.by != "user" and row.changed_by != "user" and row.verdict in (Verdict.DONE, Verdict.UNDONE)
        case "waiting":
            return row.verdict is Verdict.WAITING
        case "unknown":
            return row.verdict is Verdict.UNKNOWN
        case "undone":
            return row.verdict in (Verdict.UNDONE, Verdict.UNDOING)
    return True


def _line(row: DecisionRow, view: View, note: str) -> LedgerRow:
    return LedgerRow(
        row.id,
        clock_time(row.at, view.at),
        full_time(row.at),
        row.what,
        who(row.by),
        service_of(row.kind),
        str(row.verdict).capitalize(),
        status_of(row.verdict),
        row.can_undo and view.live and not note,
        note,
        row.at,
    )
