"""What of the ledger is at hand: the newest, which every view has, and older parts that were read from the store.

No Qt here: a page asks for the next part by ``Ask`` and goes on; the answer comes when it comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.core.decisions.inbox import DecisionRow, Decisions, DecisionsValue
from services.core.decisions.wanted import Part, Then, Wanted, fits
from services.core.projections.views import View

AT_ONCE = 200
"""Decisions that are read in one part."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A part that is wanted from the store: ``last`` decisions ``before`` one, now or as it was ``then``."""

    wanted: Wanted
    last: int
    before: str
    then: Then | None
    turn: int
    at: datetime | None = None
    """When the one before which they are wanted was taken: it may be kept no longer."""


def every(known: DecisionsValue) -> dict[str, DecisionRow]:
    """The newest, and besides them what waits or is unknown however old it is."""
    return {row.id: row for row in (*known.rows, *known.waiting, *known.unknown)}


class AtHand:
    """The rows of one question over one view. `left` more fit and are not read yet; `total` counts all there are."""

    def __init__(self) -> None:
        self.turn = 0
        """Moves on with whatever was read."""
        self.left = 0
        self.total = 0
        self.removed = 0
        """How many are no longer kept."""
        self.asking = False
        self.counted = False
        """Whether `total` is known: what lies before the newest has been counted."""
        self._key: tuple[Wanted, object] = Wanted(), None
        self._then: Then | None = None
        self._live: dict[str, DecisionRow] = {}
        self._older: dict[str, DecisionRow] = {}
        self._from: DecisionRow | None = None
        self._behind = 0
        self._gone = 0
        self._part: Part | None = None
        self._stale = False

    @property
    def older(self) -> tuple[DecisionRow, ...]:
        """What was read from the store, or was among the newest before."""
        return tuple(self._older.values())

    def see(self, view: View, wanted: Wanted) -> Ask | None:
        """Take in what a view knows; gives what has to be read first to answer the question."""
        known: DecisionsValue = view.value(Decisions)
        live = every(known)
        key = (wanted, "now" if view.live else view.at)
        start = live.get(known.complete_from)
        if self._missed_some(start):
            self._key = Wanted(), None
        if key[1] == self._key[1]:  # what there is in all is known already, whatever is wanted of it
            self._keep_what_left(live)
        self._live = live
        self._count()
        if key != self._key:
            self._begin(key, None if view.live else Then(view.at, live), start)
        if self._from is None or self.asking or not (self._part is None or self._stale):
            return None
        return self._ask(self._from, max(AT_ONCE, len(self._older) if self._stale else 0))

    def more(self) -> Ask | None:
        """The next older part, if there is one and none is on its way."""
        if self.asking or self._part is None or not self.left or not self._part.rows:
            return None
        return self._ask(self._part.rows[-1], AT_ONCE)

    def take(self, ask: Ask, part: Part) -> bool:
        """A part has been read; False for one that nobody waits for any more."""
        if ask.turn != self.turn or not self.asking:
            return False
        self.asking = False
        if self._from is not None and ask.before == self._from.id:
            self._behind, self._stale, self.counted = part.behind, False, True
            self._older = {identity: row for identity, row in self._older.items() if row.at >= self._from.at}
        self._older |= {row.id: row for row in part.rows}
        self._part = part if part.rows else Part()
        self.removed = part.removed
        self.turn += 1
        self._count()
        return True

    def doubt(self, identity: str) -> None:
        """An older decision may have changed: it is read once more."""
        self._stale = self._stale or identity in self._older

    def rows(self) -> list[DecisionRow]:
        """All at hand that fit, newest first; what the view has says how a decision stands."""
        fitting = [row for row in self._live.values() if fits(row, self._key[0])]
        fitting += [row for identity, row in self._older.items() if identity not in self._live]
        return sorted(fitting, key=lambda row: row.at, reverse=True)

    def _begin(self, key: tuple[Wanted, object], then: Then | None, start: DecisionRow | None) -> None:
        self.counted = start is None or (self.counted and key[1] == self._key[1])
        self._key, self._then, self._from = key, then, start
        self._older, self._part, self._gone = {}, None, 0
        self._behind = self.total - self._since(start) if self.counted and start is not None else 0
        self.asking = self._stale = False
        self.turn += 1
        self._count()

    def _missed_some(self, start: DecisionRow | None) -> bool:
        """Whether decisions came and went while nobody looked."""
        return start is not None and all(row.at < start.at for row in self._live.values())

    def _since(self, start: DecisionRow) -> int:
        """How many of those that the view has are not older than one."""
        return sum(row.at >= start.at for row in self._live.values())

    def _ask(self, before: DecisionRow, last: int) -> Ask:
        self.asking = True
        return Ask(self._key[0], last, before.id, self._then, self.turn, before.at)

    def _keep_what_left(self, live: dict[str, DecisionRow]) -> None:
        """What is no longer among the newest has not vanished."""
        for identity, row in self._live.items():
            if identity in live:
                continue
            if self._from is not None and row.at >= self._from.at:
                self._gone += 1
            if fits(row, self._key[0]):
                self._older[identity] = row

    def _count(self) -> None:
        start = self._from
        if start is None:
            self.left, self.total = 0, len(self._live) + self._gone
            return
        self.total = self._behind + self._gone + self._since(start)
        if self._part is None or not self._part.rows:
            self.left = 0
            return
        end = self._part.rows[-1].at
        shown_already = sum(row.at < end and fits(row, self._key[0]) for row in self._live.values())
        self.left = max(0, self._part.older - shown_already)
