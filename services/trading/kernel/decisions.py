"""The decisions of strategies over one tape: computed once for all that decide alike."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from services.trading.kernel import crossings as lanes
from services.trading.kernel import series
from services.trading.kernel.deciding import decided, warm_crosses
from services.trading.kernel.tape import Numbers, Tape
from services.trading.language.terms import MacdCross, MacdCurl, Momentum, Term, VolumeTerm
from services.trading.scoring.pieces import piece_of
from services.trading.steps.exponential import alpha_of
from services.trading.strategy import Strategy

Events = NDArray[np.int64]
POOL_BYTES = 64_000_000
"""For terms that combinations share; each takes 8 bytes a bar."""
BLOCK = 4096
"""Bars that lanes take at once: what one loop has written is still near when the next one reads it."""


def alone(strategy: Strategy) -> MacdCross | None:
    """The cross that is all its score, decides at its own bar and is silent at others; these go side by side."""
    first, *others = strategy.weighed.values()
    fits = isinstance(first, MacdCross) and first.lasts == 1 and not others and strategy.exit_at < 0
    return first if fits and isinstance(first, MacdCross) else None


class Crosses:
    """Events of strategies that each are one cross."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._means: dict[int, Numbers] = {}
        room = (BLOCK + 1) * lanes.LANES
        self._lines, self._signals, self._histograms = (np.zeros(room) for _ in range(3))
        self._ways = np.zeros(BLOCK * lanes.LANES, dtype=np.int8)
        self._crosses = np.empty(lanes.LANES * (tape.count + 1), dtype=np.int64)
        self._events = np.empty(tape.count + 1, dtype=np.int64)

    def each(self, strategies: Sequence[Strategy]) -> Iterator[tuple[Events, int]]:
        """The events of each, and how many; valid until the next are asked for."""
        for start in range(0, len(strategies), lanes.LANES):
            yield from self._group(strategies[start : start + lanes.LANES])

    def _group(self, strategies: Sequence[Strategy]) -> Iterator[tuple[Events, int]]:
        terms = [term for strategy in strategies if (term := alone(strategy))]
        found = self._cross(terms)
        room, tape = self._tape.count + 1, self._tape
        for lane, (strategy, term) in enumerate(zip(strategies, terms, strict=True)):
            counts, warm_up = term.weight > 0, piece_of(term).warm_up
            kept = warm_crosses(
                self._crosses, lane * room, found[lane], tape.since, warm_up, counts, counts, self._events
            )
            yield self._events, kept

    def _cross(self, terms: Sequence[MacdCross]) -> NDArray[np.int64]:
        """Fill the lanes with the crosses of up to ``LANES`` terms; tells how many each has."""
        count, room = self._tape.count, self._tape.count + 1
        alphas, found = np.full(lanes.LANES, 0.5), np.zeros(lanes.LANES, dtype=np.int64)
        alphas[: len(terms)] = [alpha_of(term.signal) for term in terms]
        pairs = [(self._mean(term.fast), self._mean(term.slow)) for term in terms]
        words = self._ways.view(np.uint64)
        for start in range(0, count, BLOCK):
            stop = min(start + BLOCK, count)
            for lane, (fast, slow) in enumerate(pairs):
                lanes.put_lines(fast, slow, lane, start, stop, self._lines)
            if start == 0:  # a signal line begins with its line, so that its histogram is 0
                self._signals[: lanes.LANES], self._histograms[: lanes.LANES] = self._lines[: lanes.LANES], 0.0
            size = stop - start
            lanes.put_signals(self._lines, alphas, size, self._signals)
            lanes.put_histograms(self._lines, self._signals, size, self._histograms)
            lanes.put_ways(self._histograms, size, self._ways)
            lanes.gather(self._ways, words, start, size, self._crosses, room, found)
            for rows in (self._signals, self._histograms):
                rows[: lanes.LANES] = rows[size * lanes.LANES : (size + 1) * lanes.LANES]
        return found

    def _mean(self, span: int) -> Numbers:
        if span not in self._means:
            if (len(self._means) + 1) * 8 * self._tape.count > POOL_BYTES:
                self._means.clear()
            self._means[span] = np.empty(self._tape.count)
            lanes.means(self._tape.closes, alpha_of(span), self._tape.count, self._means[span])
        return self._means[span]


class Scores:
    """Events of strategies with any terms; those that combinations share are kept."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._most = max(8, POOL_BYTES // (8 * tape.count))
        self._pool = np.empty(0)
        self._slots: OrderedDict[str, int] = OrderedDict()
        self._events = np.empty(tape.count + 1, dtype=np.int64)

    def of(self, strategy: Strategy) -> tuple[Events, int]:
        """The events of one strategy, and how many; valid until the next are asked for."""
        terms = list(strategy.weighed.values())
        self._most = max(self._most, len(terms))
        slots = np.array([self._slot(term) for term in terms], dtype=np.int64)
        weights = np.array([term.weight for term in terms])
        needed = np.array([float(term.required) for term in terms])
        warm_up = max(piece_of(term).warm_up for term in terms)
        found = decided(
            self._pool, slots, len(terms), self._tape.count, weights, needed, strategy.enter, strategy.exit_at,
            self._tape.since, warm_up, np.empty(len(terms)), self._events,
        )  # fmt: skip
        return self._events, found

    def _slot(self, term: Term) -> int:
        """Where in the pool the term stands; computed where it is not there."""
        key = said(term)
        if key in self._slots:
            self._slots.move_to_end(key)
            return self._slots[key]
        place = len(self._slots)
        if place >= self._most:
            place = self._slots.popitem(last=False)[1]
        count = self._tape.count
        if (place + 1) * count > len(self._pool):
            more = np.empty(min(max(2 * (place + 1), 8), self._most) * count)
            more[: len(self._pool)] = self._pool
            self._pool = more
        self._compute(term, place * count)
        self._slots[key] = place
        return place

    def _compute(self, term: Term, start: int) -> None:
        tape, state = self._tape, np.zeros(piece_of(term).size)
        of_closes = state, tape.closes, tape.count, self._pool, start
        of_both = state, tape.closes, tape.volumes, tape.count, self._pool, start
        match term:
            case MacdCross():
                series.cross_series(*of_closes, term.fast, term.slow, term.signal, term.lasts)
            case MacdCurl():
                shape = term.falls, term.rises, term.depth, term.window, term.below_zero, term.lasts
                series.curl_series(*of_closes, term.fast, term.slow, term.signal, *shape)
            case VolumeTerm(of="ratio"):
                series.ratio_series(*of_both, term.window)
            case VolumeTerm():
                series.log_series(*of_both, term.window)
            case Momentum():
                series.momentum_series(*of_closes, term.bars, term.window, term.scale)


def said(term: Term) -> str:
    """What a term's values depend on, as a text; what it counts is no part of it."""
    return term.model_dump_json(exclude={"weight", "required"})
