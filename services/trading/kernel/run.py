"""The kernel over one set of bars: outcomes of many strategies that differ in numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

import numpy as np

from services.trading.candles import Bars
from services.trading.kernel import measuring, series, trading
from services.trading.kernel.batch import Alike, Batch, Lanes, Workroom
from services.trading.kernel.decisions import Scores, alone, said
from services.trading.kernel.figures import Measured, figures_of
from services.trading.kernel.fitting import unfit
from services.trading.kernel.outcome import Outcome
from services.trading.kernel.tape import Numbers, Tape
from services.trading.scoring.pieces import spread_of
from services.trading.scoring.reasons import Refusal
from services.trading.steps import book_layout as at
from services.trading.strategy import Strategy

_MICROSECOND = timedelta(microseconds=1)
_NOTHING: Numbers = np.zeros(0)


class Kernel:
    """Runs strategies over bars; each outcome is that of a backtest of the strategy over these bars alone."""

    def __init__(self, bars: Bars) -> None:
        """Raises ``ValueError`` where there is no bar."""
        if not len(bars):
            raise ValueError("there is no bar")
        self._bars = bars
        self._room = Workroom()

    def outcomes(self, strategies: Sequence[Strategy], *, logs: bool = False) -> list[Outcome]:
        """In the order of the strategies. Raises ``ValueError`` for one that does not fit; see ``fitting``."""
        for strategy in strategies:
            if missing := unfit(strategy):
                raise ValueError(f"the kernel does not run {', '.join(missing)}")
        found: dict[int, Outcome] = {}
        keys = [(_shared(strategy), _decides(strategy)) for strategy in strategies]
        order = sorted(range(len(strategies)), key=keys.__getitem__)
        for _, grouped in groupby(order, lambda place: keys[place][0]):
            alike = [list(same) for _, same in groupby(grouped, keys.__getitem__)]
            together = [[strategies[place] for place in same] for same in alike]
            outcomes = self._logged(together) if logs else self._outcomes(together)
            found.update(zip((place for same in alike for place in same), outcomes, strict=True))
        return [found[place] for place in range(len(strategies))]

    def _logged(self, alike: Alike) -> Iterator[Outcome]:
        """Each by itself, with its fills."""
        log = np.empty(len(self._bars) * at.MOST_FILLS * trading.LOGGED)
        for strategy in (strategy for same in alike for strategy in same):
            (outcome,) = self._outcomes([[strategy]], log)
            rows = log[: outcome.fills * trading.LOGGED].reshape(outcome.fills, trading.LOGGED)
            yield replace(outcome, log=tuple(tuple(row) for row in rows.tolist()))

    def _outcomes(self, alike: Alike, log: Numbers = _NOTHING) -> Iterator[Outcome]:
        """Of strategies that share what ``_shared`` tells."""
        first = alike[0][0]
        tape = Tape(self._bars, first.bar, first.max_missing)
        dues = len(tape.dues) if first.market.kind == "perpetual" else 0
        if alone(first):
            batch = Batch(alike, tape, self._room)
            lanes = Lanes(alike, [term for same in alike if (term := alone(same[0]))])
            batch.cross(lanes, _spreads(first, tape), dues, log)
            yield from self._told(batch, [strategy for same in alike for strategy in same])
            return
        scores = Scores(tape)
        for same in alike:
            batch = Batch([same], tape, self._room)
            batch.follow(*scores.of(same[0]), _spreads(first, tape), dues, log)
            yield from self._told(batch, same)

    def _told(self, batch: Batch, strategies: Sequence[Strategy]) -> Iterator[Outcome]:
        batch.finish()
        rows = zip(strategies, batch.books.tolist(), batch.tallies.tolist(), batch.sums.tolist(), strict=True)
        for strategy, book, tally, sums in rows:
            yield self._outcome(strategy, book, tally, sums)

    def _outcome(
        self, strategy: Strategy, book: Sequence[float], tally: Sequence[float], sums: Sequence[float]
    ) -> Outcome:
        bars, bar = len(self._bars), strategy.bar
        of = Measured(sums, tally, bars, strategy.capital, bar, self._span(strategy), book[at.FEES])
        return Outcome(
            final_equity=sums[measuring.FINAL],
            figures=figures_of(of),
            max_drawdown_bars=int(sums[measuring.FALL_BARS]),
            trades=int(tally[trading.TRADES]),
            fills=int(tally[trading.FILLED]),
            both_touched=int(book[at.BOTH]),
            counters=_refusals(tally),
        )

    def _span(self, strategy: Strategy) -> timedelta:
        return (self._bars.times[-1] - self._bars.times[0]) * _MICROSECOND + strategy.bar


def _spreads(strategy: Strategy, tape: Tape) -> Numbers:
    """What the sizing measures at each bar."""
    sizing = strategy.sizing.volatility
    if sizing is None:
        return _NOTHING
    spreads, state = np.empty(tape.count), np.zeros(spread_of(strategy).size)
    series.spread_series(state, tape.closes, tape.count, spreads, sizing.window, sizing.horizon / strategy.bar)
    return spreads


def _refusals(tally: Sequence[float]) -> dict[str, int]:
    counts = {reason: int(tally[trading.REFUSALS + reason]) for reason in Refusal}
    return {reason.name.lower(): count for reason, count in counts.items() if count}


def _shared(strategy: Strategy) -> tuple[timedelta, int, str, tuple[float, ...], bool]:
    """What of it changes what is read of the bars; strategies that are alike in this go over them together."""
    sizing = strategy.sizing.volatility
    measures = (sizing.window, sizing.horizon / strategy.bar) if sizing else ()
    return strategy.bar, strategy.max_missing, strategy.market.kind, measures, alone(strategy) is None


def _decides(strategy: Strategy) -> str:
    """What its decisions depend on, sorted so that those follow each other that share most."""
    terms = "\n".join(f"{said(term)} {term.weight!r} {term.required}" for term in strategy.weighed.values())
    short = strategy.short.model_dump_json() if strategy.short else ""
    return f"{terms}\n{strategy.enter!r} {strategy.exit_at!r} {short}"
