"""The decisions of strategies over one tape: computed once for all that decide alike."""

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from services.trading.kernel import series
from services.trading.kernel.beside import Beside, Stretch, listening
from services.trading.kernel.deciding import decided
from services.trading.kernel.layout import Heard, Numbers, Rule, Tape, Turns
from services.trading.language.terms import (
    MacdCross,
    MacdCurl,
    Momentum,
    PluginTerm,
    PostVolume,
    SentimentLevel,
    SentimentMomentum,
    SocialTerm,
    VolumeTerm,
)
from services.trading.scoring.pieces import piece_of, spread_of
from services.trading.strategy import Strategy

Events = NDArray[np.int64]
MOST_TERMS = 32
"""Of one strategy; all of them stand in the pool at once."""
POOL_BYTES = 64_000_000
"""For terms that combinations share; each takes 8 bytes a bar."""


def alone(strategy: Strategy) -> MacdCross | None:
    """The cross that is all its score, decides at its own bar and is silent at others; these go side by side."""
    first, *others = strategy.weighed.values()
    silent = strategy.exit_at < 0 and (strategy.short is None or strategy.short_exit < 0)
    fits = isinstance(first, MacdCross) and first.lasts == 1 and not others and silent
    return first if fits and isinstance(first, MacdCross) else None


class Scores:
    """Events of strategies with any terms; those that combinations share are kept."""

    def __init__(self, tape: Tape, beside: Beside | Stretch) -> None:
        self._tape, self._beside = tape, beside
        self._most = max(MOST_TERMS, POOL_BYTES // (8 * tape.bars))
        self._pool = np.empty(self._most * tape.bars)  # memory is taken as it is written
        self._slots: OrderedDict[str, int] = OrderedDict()
        self._events = np.empty(tape.bars + 1, dtype=np.int64)

    def of(self, strategy: Strategy) -> tuple[Events, int]:
        """The events of one strategy, and how many; valid until the next are asked for."""
        if self._beside.late:
            return self._events, 0
        terms = list(strategy.weighed.values())
        rule = Rule(
            slots=np.array([self._slot(strategy, name) for name in strategy.weighed], dtype=np.int64),
            terms=len(terms),
            weights=np.array([term.weight for term in terms]),
            required=np.array([float(term.required) for term in terms]),
            enter=strategy.enter,
            exit_at=strategy.exit_at,
            shorts=strategy.short is not None,
            short_enter=-strategy.short_enter,
            short_exit=-strategy.short_exit,
            warm_up=warm_up_of(strategy),
        )
        return self._events, decided(self._pool, rule, self._tape, np.empty(len(terms)), self._events)

    def values(self, strategy: Strategy, name: str) -> Numbers:
        """One of its terms at each bar."""
        start = self._slot(strategy, name) * self._tape.bars
        return self._pool[start : start + self._tape.bars]

    def _slot(self, strategy: Strategy, name: str) -> int:
        """Where in the pool the term stands; computed where it is not there. What was used last goes last."""
        key = said(strategy, name)
        if key in self._slots:
            self._slots.move_to_end(key)
            return self._slots[key]
        place = len(self._slots) if len(self._slots) < self._most else self._slots.popitem(last=False)[1]
        self._compute(strategy, name, place * self._tape.bars)
        self._slots[key] = place
        return place

    def _compute(self, strategy: Strategy, name: str, start: int) -> None:
        tape, term = self._tape, strategy.weighed[name]
        piece = piece_of(term)
        state = np.zeros(piece.size)
        given = tape, state, self._pool, start
        match term:
            case MacdCross():
                series.cross_series(*given, term.fast, term.slow, term.signal, term.lasts)
            case MacdCurl():
                series.curl_series(*given, _turns(term, len(state)))
            case VolumeTerm(of="ratio"):
                series.ratio_series(*given, term.window)
            case VolumeTerm():
                series.log_series(*given, term.window)
            case Momentum():
                series.momentum_series(*given, term.bars, term.window, term.scale)
            case PluginTerm():
                self._pool[start : start + tape.bars] = self._beside.said(strategy, name)
            case SentimentLevel() | SentimentMomentum() | PostVolume():
                self._compute_heard(term, state, self._beside.heard(strategy, piece.window), start)

    def _compute_heard(self, term: SocialTerm, state: Numbers, heard: Heard, start: int) -> None:
        tape, pool = self._tape, self._pool
        match term:
            case SentimentLevel():
                series.level_series(tape, heard, pool, start, term.least, term.full)
            case SentimentMomentum():
                series.change_series(tape, heard, state, pool, start, term.window, term.least, term.full)
            case PostVolume():
                series.crowd_series(tape, heard, state, pool, start, term.window)


def _turns(term: MacdCurl, size: int) -> Turns:
    """The numbers of a term whose state has that size."""
    return Turns(
        ups=term.turn != "down",
        downs=term.turn != "up",
        size=size // 2 if term.turn == "both" else 0,
        fast=term.fast,
        slow=term.slow,
        signal=term.signal,
        falls=term.falls,
        rises=term.rises,
        depth=term.depth,
        window=term.window,
        below_zero=term.below_zero,
        lasts=term.lasts,
    )


def said(strategy: Strategy, name: str) -> str:
    """What a term's values depend on, as a text; what it counts is no part of it."""
    term = strategy.weighed[name]
    told = term.model_dump_json(exclude={"weight", "required"})
    if isinstance(term, SocialTerm):
        return f"{told} {listening(strategy)}"
    return f"{told} {name}" if isinstance(term, PluginTerm) else told


def warm_up_of(strategy: Strategy) -> int:
    """The 0-based index of the first bar at which every term, and what the sizing measures, can speak."""
    return max(spread_of(strategy).warm_up, *(piece_of(term).warm_up for term in strategy.weighed.values()))
