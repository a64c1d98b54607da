"""Strategies that go over the same bars together: their rows of numbers, and the room that they all work in."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.trading.kernel import crossings as at_crosses
from services.trading.kernel import deciding, measuring, together, trading
from services.trading.kernel.layout import Books, Lanes, Numbers, Tape, Workroom
from services.trading.kernel.tape import NOTHING, WIDE
from services.trading.language.terms import MacdCross
from services.trading.scoring.book_terms import book_terms, new_book
from services.trading.scoring.pieces import spread_of
from services.trading.steps import book_layout as at
from services.trading.steps.cross import macd_cross_warm_up
from services.trading.steps.exponential import alpha_of
from services.trading.strategy import Strategy

Whole = NDArray[np.int64]
Alike = Sequence[Sequence[Strategy]]
"""Strategies, those together that decide alike."""
_LANES = at_crosses.LANES
_NEVER = np.iinfo(np.int64).max
_NO_EVENTS: Whole = np.zeros(0, dtype=np.int64)


def workroom() -> Workroom:
    """Room for one stretch of bars."""
    room = at_crosses.STRETCH + 2
    ways = np.zeros(at_crosses.STRETCH * _LANES, dtype=np.int8)
    return Workroom(
        spells=np.empty(room * trading.SPELL),
        levels=np.empty(room + WIDE),
        ends=np.empty(room, dtype=np.int64),
        ways=ways,
        words=ways.view(np.int64),
        events=np.empty((at_crosses.STRETCH + 1) * _LANES, dtype=np.int64),
        found=np.zeros(_LANES, dtype=np.int64),
        width=_LANES,
    )


def crossing(alike: Alike, terms: Sequence[MacdCross]) -> Lanes:
    """The crosses of strategies that decide alike, a lane each."""
    groups = -(-len(terms) // _LANES)
    alphas = np.ones((groups * _LANES, 3))
    rows = np.zeros((groups * _LANES, deciding.LANE), dtype=np.int64)
    alphas[: len(terms)] = [(alpha_of(term.fast), alpha_of(term.slow), alpha_of(term.signal)) for term in terms]
    rows[: len(terms)] = [_row(term, same[0]) for term, same in zip(terms, alike, strict=True)]
    return Lanes(
        crossing=True,
        groups=groups,
        alphas=alphas.reshape(groups, _LANES, 3).swapaxes(1, 2).ravel(),
        means=np.empty(groups * at_crosses.MEANS),
        rows=rows.ravel(),
        members=_members(alike, groups * _LANES),
        given=_NO_EVENTS,
        given_count=0,
    )


def following(same: Sequence[Strategy], events: Whole, found: int) -> Lanes:
    """The events that all of them ask for: the first lane of a group that is told what to ask."""
    return Lanes(
        crossing=False,
        groups=1,
        alphas=NOTHING,
        means=np.empty(at_crosses.MEANS),
        rows=_NO_EVENTS,
        members=_members([same], _LANES),
        given=events,
        given_count=found,
    )


def _members(alike: Alike, lanes: int) -> Whole:
    ends = np.cumsum([0, *(len(same) for same in alike)], dtype=np.int64)
    return np.concatenate([ends, np.full(lanes + 1 - len(ends), ends[-1], dtype=np.int64)])


def _row(term: MacdCross, strategy: Strategy) -> tuple[int, int, int]:
    """A lane's, see ``deciding``."""
    ready = macd_cross_warm_up(term.slow, term.signal) if term.weight else _NEVER
    return ready, max(ready, spread_of(strategy).warm_up), int(strategy.short is not None)


class Batch:
    """Many strategies' books over one tape."""

    def __init__(self, strategies: Sequence[Strategy], tape: Tape, room: Workroom) -> None:
        self.tape, self._room = tape, room
        number = len(strategies)
        self.books = np.array([new_book(strategy) for strategy in strategies])
        self._terms = np.array([book_terms(strategy) for strategy in strategies])
        self.tallies, self.sums = np.zeros((number, trading.TALLY)), np.zeros((number, measuring.MEASURES))
        self.tallies[:, trading.SEEN] = tape.begin
        capitals = self.books[:, at.CASH]
        for place in (measuring.FINAL, measuring.LEAST, measuring.LEVEL, measuring.LOWEST):
            self.sums[:, place] = capitals
        self.sums[:, measuring.PEAK] = tape.begin - 1

    def go(self, lanes: Lanes, log: Numbers = NOTHING) -> None:
        """Trade by what the lanes ask for; a ``log`` with room takes the fills of one strategy."""
        books = Books(
            books=self.books.reshape(-1),
            terms=self._terms.reshape(-1),
            tallies=self.tallies.reshape(-1),
            sums=self.sums.reshape(-1),
            logs=bool(len(log)),
            log=log,
        )
        together.together(self.tape, lanes, books, self._room)

    def finish(self) -> None:
        """Measure the last bar, by what each book holds at its close."""
        last = np.full((len(self.books), 1), self.tape.bars - 1.0)
        finals = np.hstack([last, self.books[:, [at.CASH, at.HELD, at.OWED]]])
        together.finished(finals.reshape(-1), len(finals), self.tape, self.sums.reshape(-1), self._room)
