"""The decisions as pages read them: the Inbox is the part that waits, the ledger is all of it, newest first."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.core.decisions.decision import Verdict, can_be_undone
from services.core.decisions.events import DecisionChanged, DecisionSnoozed, DecisionTaken
from services.core.effects import Effect
from services.core.events import Recorded
from services.core.events.messages import UnknownMessage
from services.core.projections.projection import Projection


@dataclass(frozen=True)
class DecisionRow:
    """One line of the ledger, as known at some moment."""

    id: str
    at: datetime
    kind: str
    what: str
    by: str
    process: str
    because: dict[str, Any] | str
    verdict: Verdict
    undoable: bool
    evidence: dict[str, Any]
    why: str = ""
    outcome: dict[str, Any] = field(default_factory=dict)
    changed_by: str = ""
    changed_at: datetime | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    """The fields of the act that a person replaced before it was carried out; the evidence is what they were shown."""
    snoozed_until: datetime | None = None
    """It waits, and a person has put it off until then."""
    expires: datetime | None = None
    word: str = Effect.word
    """What a person says yes to it with."""
    finding: bool = False
    """It tells how something stands: there is nothing to approve, only to look at."""

    @property
    def to_look_at(self) -> bool:
        """It needs a look instead of a yes: a finding, or an act whose outcome nobody could tell."""
        return self.finding or self.unknown

    @property
    def yours(self) -> bool:
        """Whether a person took it, or said what is to become of it."""
        return "user" in (self.by, self.changed_by)

    @property
    def unknown(self) -> bool:
        """Whether nobody could tell what came of it, or of its being taken back: a person has to look."""
        return self.verdict is Verdict.UNKNOWN or (self.verdict is Verdict.UNDOING and bool(self.why))

    @property
    def can_undo(self) -> bool:
        return can_be_undone(self.verdict, self.undoable)


@dataclass(frozen=True)
class DecisionsValue:
    """The newest decisions, the last of the person's own, and all that wait however old they are."""

    rows: tuple[DecisionRow, ...] = ()
    waiting: tuple[DecisionRow, ...] = ()
    unknown: tuple[DecisionRow, ...] = ()
    """Acts whose outcome nobody could tell: a person has to look."""
    snoozed: tuple[DecisionRow, ...] = ()
    """What waits and was put off: not among ``waiting`` until it comes back."""
    complete_from: str = ""
    """The decision from which on none is missing; what lies before it, the store has. Empty where none is."""

    @property
    def to_look_at(self) -> int:
        """How many need a look instead of a yes."""
        return len(self.unknown) + sum(row.finding for row in self.waiting)

    @property
    def to_approve(self) -> int:
        return len(self.waiting) + len(self.unknown) - self.to_look_at

    def by_id(self, identity: str) -> DecisionRow | None:
        return next((row for row in (*self.rows, *self.waiting, *self.snoozed) if row.id == identity), None)

    def last(self, kind: str) -> DecisionRow | None:
        """The newest decision of a kind (or whose kind ends so, as ``restart``)."""
        return next((row for row in self.rows if row.kind == kind or row.kind.endswith(f".{kind}")), None)

    def without_you(self) -> tuple[DecisionRow, ...]:
        """What was done and approved by no person, newest first; also what a person has undone since."""
        return tuple(row for row in self.rows if row.by != "user" and _without_you(row))


def _without_you(row: DecisionRow) -> bool:
    return row.verdict is Verdict.UNDONE or (row.verdict is Verdict.DONE and row.changed_by != "user")


@dataclass
class _Ledger:
    rows: dict[str, DecisionRow] = field(default_factory=dict)
    left_out: datetime | None = None
    """When the newest was taken that is here no more."""


class Decisions(Projection[_Ledger, DecisionsValue]):
    """The ledger, bounded: settled decisions beyond the newest stay in the store alone."""

    name = "decisions"
    version = 2
    State = _Ledger
    handles = (DecisionTaken, DecisionChanged, DecisionSnoozed)
    KEPT = 500
    KEPT_OF_YOURS = 100

    def fold(self, recorded: Recorded) -> None:
        rows = self.state.rows
        match recorded.event:
            case DecisionTaken() as taken:
                rows[taken.id] = as_its_kind_says(_row(taken, recorded.at))
                if len(rows) > self.KEPT * 1.2:
                    self._trim()
            case DecisionChanged() as changed if changed.id in rows:
                rows[changed.id] = _moved_on(rows[changed.id], changed, recorded.at)
            case DecisionSnoozed(identity, until) if identity in rows:
                if rows[identity].verdict is Verdict.WAITING:
                    rows[identity] = replace(rows[identity], snoozed_until=until)

    def thaw(self, frozen: bytes) -> None:
        super().thaw(frozen)
        rows = self.state.rows
        rows.update({identity: as_its_kind_says(row) for identity, row in rows.items()})

    def value(self) -> DecisionsValue:
        newest = tuple(reversed(self.state.rows.values()))
        return DecisionsValue(
            newest,
            tuple(row for row in newest if row.verdict is Verdict.WAITING and row.snoozed_until is None),
            tuple(row for row in newest if row.unknown),
            tuple(row for row in newest if row.snoozed_until is not None),
            self._complete_from(),
        )

    def _complete_from(self) -> str:
        left_out, rows = self.state.left_out, self.state.rows.values()
        if left_out is not None:
            return next((row.id for row in rows if row.at > left_out), next(reversed(self.state.rows), ""))
        if len(rows) < self.KEPT:
            return ""
        # What an earlier version kept does not say what it left out.
        return next((row.id for row in rows if row.verdict not in _KEPT_OPEN), "")

    def _trim(self) -> None:
        rows = self.state.rows
        settled = [row for row in rows.values() if row.verdict not in _KEPT_OPEN]
        of_yours = [row for row in settled if row.yours]
        kept = {row.id for row in of_yours[max(0, len(of_yours) - self.KEPT_OF_YOURS) :]}
        for row in [row for row in settled if row.id not in kept][: len(rows) - self.KEPT]:
            del rows[row.id]
            self.state.left_out = max(row.at, self.state.left_out or row.at)


_KEPT_OPEN = frozenset({Verdict.WAITING, Verdict.UNKNOWN, Verdict.INTENDED, Verdict.UNDOING})


def _row(taken: DecisionTaken, at: datetime) -> DecisionRow:
    return DecisionRow(
        taken.id,
        at,
        taken.kind,
        taken.what,
        taken.by,
        taken.process,
        taken.because,
        taken.verdict,
        taken.undoable,
        taken.evidence,
        expires=taken.expires,
        word=taken.word or Effect.word,
        finding=taken.finding,
    )


def as_its_kind_says(row: DecisionRow) -> DecisionRow:
    """The decision with the word of its kind as that is now, whatever was kept when it was taken.

    What is of a kind that nobody here knows stays as it was kept.
    """
    try:
        kind = Effect.named(row.kind)
    except UnknownMessage:
        return row
    known = (row.word, row.finding) == (kind.word, kind.finding)
    return row if known else replace(row, word=kind.word, finding=kind.finding)


def _moved_on(row: DecisionRow, changed: DecisionChanged, at: datetime) -> DecisionRow:
    return replace(
        row,
        what=changed.what or row.what,
        verdict=changed.verdict,
        why=changed.why,
        outcome=changed.outcome or row.outcome,
        changed_by=changed.by,
        changed_at=at,
        changes=changed.changes or row.changes,
        snoozed_until=row.snoozed_until if changed.verdict is Verdict.WAITING else None,
    )
