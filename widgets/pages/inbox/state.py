"""What the Inbox shows, from what is or was known. No Qt here."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.core.decisions.decision import OPEN, Verdict
from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.projections.views import View
from services.core.rules.holding import undo_held
from services.core.rules.standings import RuleStandings
from widgets.parts.decisions.words import bounded, service_of, status_of, verdict_word, went, who, why_line
from widgets.parts.text.times import ago, clock_time, expiry, full_time

KINDS = (("all", "All"), ("waiting", "To approve"), ("look", "To look at"), ("later", "Put off"))
"""The filters, by id and as a person reads them."""
_LOOKING = "looking again"
_SETTLED = 8
_OPEN = (*OPEN, Verdict.WAITING)


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that needs a person; `note` says what is being done about it, `left` how long it still waits."""

    id: str
    what: str
    by: str
    service: str
    since: str
    exactly: str
    status: str
    waits: bool
    note: str = ""
    at: datetime | None = None
    left: str = ""
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What the person decided lately, and findings that went by themselves."""

    id: str
    when: str
    text: str
    can_undo: bool
    undo_held: str = ""
    """Why it cannot be undone yet, and what a person does first."""


@dataclass(frozen=True, slots=True)
class InboxState:
    """All that the page shows. `total` counts every matter but what is put off, whatever the filter."""

    matters: tuple[Matter, ...] = ()
    settled: tuple[Settled, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    total: int = 0


def inbox_state(
    view: View,
    kind: str = "all",
    needle: str = "",
    working: Mapping[str, str] | None = None,
    running: Container[str] = (),
) -> InboxState:
    """What waits, oldest first so that nothing new moves what one is at.

    What nobody could tell stands above what is to be approved, and findings below it. ``working`` says of some ids what
    is being done about them, ``running`` which processes run: their findings are being looked at.
    """
    known: DecisionsValue = view.value(Decisions)
    notes = {row.id: _LOOKING for row in known.waiting if row.finding and row.process in running} | dict(working or {})
    oldest = tuple(reversed(known.waiting))
    asked, found = (tuple(row for row in oldest if row.finding is finding) for finding in (False, True))
    open_rows = (*reversed(known.unknown), *asked, *found)
    listed = known.snoozed if kind == "later" else open_rows
    words = needle.casefold().split()
    return InboxState(
        tuple(_matter(row, view, notes.get(row.id, "")) for row in listed if _is_of(kind, row) and _has(row, words)),
        tuple(_settled(row, view, notes) for row in _by_the_person(known)[:_SETTLED]),
        {"waiting": known.to_approve, "look": known.to_look_at, "later": len(known.snoozed)},
        len(open_rows),
    )


def _by_the_person(known: DecisionsValue) -> list[DecisionRow]:
    rows = [row for row in known.rows if row.verdict not in _OPEN and (row.yours or went(row))]
    return sorted(rows, key=lambda row: row.changed_at or row.at, reverse=True)


def _matter(row: DecisionRow, view: View, note: str) -> Matter:
    return Matter(
        row.id,
        row.what,
        who(row.by),
        service_of(row.kind),
        ago(row.at, view.at).removesuffix(" ago"),
        full_time(row.snoozed_until or row.at),
        "idle" if row.snoozed_until else status_of(row.verdict),
        row.verdict is Verdict.WAITING,
        note or (f"until {clock_time(row.snoozed_until, view.at)}" if row.snoozed_until else ""),
        row.at,
        expiry(row.expires, view.at).removeprefix("expires in ") if row.verdict is Verdict.WAITING else "",
        row.expires,
    )


def _settled(row: DecisionRow, view: View, notes: Mapping[str, str]) -> Settled:
    note = notes.get(row.id, "")
    when = clock_time(row.changed_at or row.at, view.at)
    told = note or f"{verdict_word(row)}{f': {row.why}' if row.why else ''}"
    text = bounded(f"{told} · {row.what}")
    can_undo = row.can_undo and view.live and not note
    held = undo_held(row, view.value(RuleStandings)) if can_undo else ""
    return Settled(row.id, when, text, can_undo, held)


def _is_of(kind: str, row: DecisionRow) -> bool:
    return kind in ("all", "later") or (kind == "look") == row.to_look_at


def _has(row: DecisionRow, words: list[str]) -> bool:
    if not words:
        return True
    text = f"{row.what} {who(row.by)} {row.process} {row.kind} {why_line(row.because)}".casefold()
    return all(word in text for word in words)
