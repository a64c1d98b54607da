"""The kernel over one set of bars: outcomes of many strategies that differ in numbers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

import numpy as np

from services.trading.candles import Bars
from services.trading.kernel import measuring, series, trading
from services.trading.kernel.batch import Alike, Batch, crossing, following, workroom
from services.trading.kernel.beside import Beside, Stretch
from services.trading.kernel.decisions import Scores, alone, said
from services.trading.kernel.figures import Measured, figures_of
from services.trading.kernel.fitting import unfit
from services.trading.kernel.layout import Numbers, Tape
from services.trading.kernel.leaving import leave
from services.trading.kernel.outcome import Outcome
from services.trading.kernel.tape import NOTHING, tape_of
from services.trading.scoring.history import loaded_bars
from services.trading.scoring.pieces import spread_of
from services.trading.scoring.reasons import Refusal
from services.trading.steps import book_layout as at
from services.trading.strategy import Strategy

_MICROSECOND = timedelta(microseconds=1)
_REFUSALS = tuple((reason.name.lower(), trading.REFUSALS + reason) for reason in Refusal)


class Kernel:
    """Runs strategies over bars; each outcome is that of a backtest of the strategy over these bars alone.

    The first ``warm`` bars are read and neither traded nor measured; ``leaves`` has what is held at the last close left
    there. Both are for windows, see ``over_window``.
    """

    def __init__(self, bars: Bars, beside: Beside | Stretch | None = None, *, warm: int = 0, leaves: bool = False):
        """Raises ``ValueError`` where there is no bar to trade."""
        if len(bars) <= warm:
            raise ValueError("there is no bar")
        self._bars = bars
        self._beside = beside or Beside(bars)
        self._warm, self._leaves = warm, leaves
        self._room = workroom()

    def outcomes(self, strategies: Sequence[Strategy], *, logs: bool = False) -> list[Outcome]:
        """In the order of the strategies.

        Raises ``ValueError`` for one that does not fit, see ``fitting``, and ``UserError`` for one whose terms of posts
        or of plug-ins have none.
        """
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

    def _outcomes(self, alike: Alike, log: Numbers = NOTHING) -> Iterator[Outcome]:
        """Of strategies that share what ``_shared`` tells."""
        first = alike[0][0]
        tape = self._tape(first)
        if alone(first):
            strategies = [strategy for same in alike for strategy in same]
            batch = Batch(strategies, tape, self._room)
            batch.go(crossing(alike, [term for same in alike if (term := alone(same[0]))]), log)
            yield from self._told(batch, strategies)
            return
        scores = Scores(tape, self._beside)
        for same in alike:
            batch = Batch(same, tape, self._room)
            batch.go(following(same, *scores.of(same[0])), log)
            yield from self._told(batch, same)

    def _tape(self, strategy: Strategy) -> Tape:
        """The bars as the strategy, and all that share what ``_shared`` tells, read them."""
        funded = strategy.market.kind == "perpetual"
        tape = tape_of(self._bars, strategy.bar, strategy.max_missing, begin=self._warm, funded=funded)
        return tape._replace(spreads=_spreads(strategy, tape))

    def _told(self, batch: Batch, strategies: Sequence[Strategy]) -> Iterator[Outcome]:
        if self._leaves:
            leave(strategies, batch)
        batch.finish()
        rows = zip(strategies, batch.books.tolist(), batch.tallies.tolist(), batch.sums.tolist(), strict=True)
        for strategy, book, tally, sums in rows:
            yield self._outcome(strategy, book, tally, sums)

    def _outcome(
        self, strategy: Strategy, book: Sequence[float], tally: Sequence[float], sums: Sequence[float]
    ) -> Outcome:
        bars, bar = len(self._bars) - self._warm, strategy.bar
        of = Measured(sums, tally, bars, strategy.capital, bar, self._span(strategy), book[at.FEES], self._warm)
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
        return (self._bars.times[-1] - self._bars.times[self._warm]) * _MICROSECOND + strategy.bar


def _spreads(strategy: Strategy, tape: Tape) -> Numbers:
    """What the sizing measures at each bar."""
    sizing = strategy.sizing.volatility
    if sizing is None:
        return NOTHING
    spreads, state = np.empty(tape.bars), np.zeros(spread_of(strategy).size)
    series.spread_series(tape, state, spreads, sizing.window, sizing.horizon / strategy.bar)
    return spreads


def over_window(bars: Bars, beside: Beside, strategies: Sequence[Strategy], window: range) -> list[Outcome]:
    """Those of ``learning.window_run``: terms warmed from the bars before the window, flat at both of its edges."""
    leads = [min(window.start, loaded_bars(strategy)) for strategy in strategies]
    found: dict[int, Outcome] = {}
    for lead in sorted(set(leads)):
        places = [place for place, each in enumerate(leads) if each == lead]
        start, stop = window.start - lead, window.stop
        kernel = Kernel(bars.part(start, stop), Stretch(beside, start, stop), warm=lead, leaves=True)
        found.update(zip(places, kernel.outcomes([strategies[place] for place in places]), strict=True))
    return [found[place] for place in range(len(strategies))]


def _refusals(tally: Sequence[float]) -> dict[str, int]:
    return {name: int(tally[place]) for name, place in _REFUSALS if tally[place]}


def _shared(strategy: Strategy) -> tuple[timedelta, int, str, tuple[float, ...], bool]:
    """What of it changes what is read of the bars; strategies that are alike in this go over them together."""
    sizing = strategy.sizing.volatility
    measures = (sizing.window, sizing.horizon / strategy.bar) if sizing else ()
    return strategy.bar, strategy.max_missing, strategy.market.kind, measures, alone(strategy) is None


def _decides(strategy: Strategy) -> tuple[object, ...]:
    """What its decisions depend on, sorted so that those follow each other that share most; compared among such as are
    alike in what ``_shared`` tells."""
    if cross := alone(strategy):
        return cross.fast, cross.slow, cross.signal, cross.weight > 0, strategy.short is not None
    weighed = strategy.weighed.items()
    terms = "\n".join(f"{said(strategy, name)} {term.weight!r} {term.required}" for name, term in weighed)
    short = strategy.short.model_dump_json() if strategy.short else ""
    return terms, strategy.enter, strategy.exit_at, short
