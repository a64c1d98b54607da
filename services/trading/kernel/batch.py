"""Strategies that go over the same bars together: their rows of numbers, and the room that they all work in."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.trading.kernel import crossings as at_crosses
from services.trading.kernel import measuring, together, trading
from services.trading.kernel.tape import Numbers, Tape
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


class Workroom:
    """What is written over and over; one strategy after the other has it."""

    def __init__(self) -> None:
        room = at_crosses.STRETCH + 2
        self.spells = np.empty(room * trading.SPELL)
        self.levels, self.ends = np.empty(room + measuring.WIDE), np.empty(room, dtype=np.int64)
        self.ways = np.zeros(at_crosses.STRETCH * _LANES, dtype=np.int8)
        self.words = self.ways.view(np.int64)
        self.events = np.empty((at_crosses.STRETCH + 1) * _LANES, dtype=np.int64)
        self.found = np.zeros(_LANES, dtype=np.int64)


class Lanes:
    """The crosses of strategies that decide alike, a lane each."""

    def __init__(self, alike: Alike, terms: Sequence[MacdCross]) -> None:
        self.groups = -(-len(terms) // _LANES)
        self.means = np.empty(self.groups * at_crosses.MEANS)
        alphas = np.ones((self.groups * _LANES, 3))
        rows = np.zeros((self.groups * _LANES, together.LANE), dtype=np.int64)
        if terms:
            alphas[: len(terms)] = [(alpha_of(term.fast), alpha_of(term.slow), alpha_of(term.signal)) for term in terms]
            rows[: len(terms)] = [_row(term, same[0]) for term, same in zip(terms, alike, strict=True)]
        self.alphas = alphas.reshape(self.groups, _LANES, 3).swapaxes(1, 2).ravel()
        self.rows = rows.ravel()


def _row(term: MacdCross, strategy: Strategy) -> tuple[int, int, int]:
    """A lane's, see ``together``."""
    ready = macd_cross_warm_up(term.slow, term.signal) if term.weight else _NEVER
    return ready, max(ready, spread_of(strategy).warm_up), int(strategy.short is not None)


class Batch:
    """Many strategies' books over one tape."""

    def __init__(self, alike: Alike, tape: Tape, room: Workroom, begin: int = 0) -> None:
        self.tape, self._room, self._begin = tape, room, begin
        self._sizes = [len(same) for same in alike]
        strategies = [strategy for same in alike for strategy in same]
        number = len(strategies)
        self.books = np.array([new_book(strategy) for strategy in strategies])
        self._terms = np.array([book_terms(strategy) for strategy in strategies])
        self.tallies, self.sums = np.zeros((number, trading.TALLY)), np.zeros((number, measuring.MEASURES))
        self.tallies[:, trading.SEEN] = begin
        capitals = self.books[:, at.CASH]
        for place in (measuring.FINAL, measuring.LEAST, measuring.LEVEL, measuring.LOWEST):
            self.sums[:, place] = capitals
        self.sums[:, measuring.PEAK] = begin - 1

    def cross(self, lanes: Lanes, spreads: Numbers, dues: int, log: Numbers) -> None:
        """Trade by crosses: those who decide alike have a lane."""
        members = self._members(lanes.groups * _LANES)
        self._go(lanes, members, np.zeros(0, dtype=np.int64), 0, spreads, dues, log)

    def follow(self, events: Whole, found: int, spreads: Numbers, dues: int, log: Numbers) -> None:
        """Trade by the events that all of them ask for."""
        self._go(_NO_LANES, self._members(_LANES), events, found, spreads, dues, log)

    def _members(self, lanes: int) -> Whole:
        ends = np.cumsum([0, *self._sizes], dtype=np.int64)
        return np.concatenate([ends, np.full(lanes + 1 - len(ends), ends[-1], dtype=np.int64)])

    def _go(
        self, lanes: Lanes, members: Whole, given: Whole, found: int, spreads: Numbers, dues: int, log: Numbers
    ) -> None:
        tape, room = self.tape, self._room
        together.together(
            tape.opens, tape.highs, tape.lows, tape.closes, tape.volumes, tape.lowest, tape.highest, tape.funding,
            tape.dues, dues, tape.stale, tape.breaks, tape.since, spreads, self._begin, tape.count,
            lanes is not _NO_LANES, max(lanes.groups, 1), lanes.alphas, lanes.means, lanes.rows, members, given, found,
            self.books.reshape(-1), self._terms.reshape(-1), self.tallies.reshape(-1), self.sums.reshape(-1),
            room.spells, room.levels, room.ends, room.ways, room.words, room.events, room.found, _LANES,
            bool(len(log)), log,
        )  # fmt: skip

    def finish(self) -> None:
        """Measure the last bar, by what each book holds at its close."""
        last = np.full((len(self.books), 1), self.tape.count - 1.0)
        finals = np.hstack([last, self.books[:, [at.CASH, at.HELD, at.OWED]]])
        room = self._room
        together.finished(
            finals.reshape(-1), len(finals), self.tape.closes, self.tape.count, self.sums.reshape(-1), room.levels,
            room.ends,
        )  # fmt: skip


_NO_LANES = Lanes((), ())
_NO_LANES.means = np.empty(at_crosses.MEANS)
