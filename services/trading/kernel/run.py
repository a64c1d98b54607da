"""The kernel over one set of bars: outcomes of many strategies that differ in numbers."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

import numpy as np

from services.trading.candles import Bars
from services.trading.kernel import measuring, series, trading
from services.trading.kernel.beside import Beside, Stretch
from services.trading.kernel.crossings import EVENT
from services.trading.kernel.decisions import Crosses, Events, Scores, alone, said
from services.trading.kernel.figures import Measured, figures_of
from services.trading.kernel.fitting import unfit
from services.trading.kernel.leaving import left
from services.trading.kernel.outcome import Outcome
from services.trading.kernel.tape import Numbers, Tape
from services.trading.scoring.book_terms import book_terms, new_book
from services.trading.scoring.history import loaded_bars
from services.trading.scoring.pieces import spread_of
from services.trading.scoring.reasons import Refusal
from services.trading.steps import book_layout as at
from services.trading.strategy import Strategy

_MICROSECOND = timedelta(microseconds=1)
_NOTHING: Numbers = np.zeros(0)


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
        count = len(bars)
        self._spells = np.empty((count + 2) * trading.SPELL)
        self._log = np.empty(0)
        self._measures: tuple[int, float] | None = None
        self._spreads = _NOTHING

    def outcomes(self, strategies: Sequence[Strategy], *, logs: bool = False) -> list[Outcome]:
        """In the order of the strategies.

        Raises ``ValueError`` for one that does not fit, see ``fitting``, and ``UserError`` for one whose terms of posts
        or of plug-ins have none.
        """
        for strategy in strategies:
            if missing := unfit(strategy):
                raise ValueError(f"the kernel does not run {', '.join(missing)}")
        self._log = np.empty(len(self._bars) * at.MOST_FILLS * trading.LOGGED if logs else 0)
        found: list[Outcome | None] = [None] * len(strategies)
        keys = [_decides(strategy) for strategy in strategies]
        order = sorted(range(len(strategies)), key=keys.__getitem__)
        for _, grouped in groupby(order, lambda place: keys[place][:2]):
            places = list(grouped)
            tape = Tape(self._bars, strategies[places[0]].bar, strategies[places[0]].max_missing)
            alike = [list(same) for _, same in groupby(places, keys.__getitem__)]
            events = self._events(tape, [strategies[same[0]] for same in alike])
            for same, (asked, count) in zip(alike, events, strict=True):
                for place in same:
                    found[place] = self._outcome(strategies[place], tape, asked, count, logs)
        return [outcome for outcome in found if outcome is not None]

    def _events(self, tape: Tape, strategies: Sequence[Strategy]) -> Iterator[tuple[Events, int]]:
        """Those of each strategy in turn."""
        for one, grouped in groupby(strategies, lambda strategy: alone(strategy) is not None):
            if one:
                yield from Crosses(tape).each(list(grouped))
            else:
                scores = Scores(tape, self._beside)
                yield from (scores.of(strategy) for strategy in grouped)

    def _outcome(self, strategy: Strategy, tape: Tape, events: Events, found: int, logs: bool) -> Outcome:
        book, terms = np.array(new_book(strategy)), np.array(book_terms(strategy))
        tally, sums = np.zeros(trading.TALLY), np.zeros(measuring.MEASURES)
        warm, count = self._warm, tape.count - self._warm
        closes, due = tape.closes[warm:], tape.dues[np.searchsorted(tape.dues, warm) :] - warm
        dues = len(due) if strategy.market.kind == "perpetual" else 0
        asked = events[:found] if not warm else _after(events[:found], warm)
        spells = trading.traded(
            book, terms, np.zeros(at.FILL * at.MOST_FILLS), tape.opens[warm:], tape.highs[warm:], tape.lows[warm:],
            closes, tape.volumes[warm:], tape.funding[warm:], due, dues, tape.stale[warm:],
            self._spread(strategy, tape)[warm:], count, asked, len(asked), self._spells, tally, logs, self._log,
        )  # fmt: skip
        fee = 0.0
        if self._leaves:
            spells, fee = left(strategy, book, count - 1, float(closes[-1]), self._spells, spells, tally)
        measuring.measured(self._spells, spells, closes, count, strategy.capital, sums)

        def spread(mean: float) -> float:
            return measuring.spread(self._spells, spells, closes, count, strategy.capital, mean)

        sums_, tally_ = sums.tolist(), tally.tolist()
        of = Measured(
            sums_,
            tally_,
            count,
            strategy.capital,
            strategy.bar,
            self._span(strategy),
            spread,
            float(book[at.FEES]) + fee,
        )
        return Outcome(
            final_equity=sums_[measuring.FINAL],
            figures=figures_of(of),
            max_drawdown_bars=int(sums_[measuring.FALL_BARS]),
            trades=int(tally_[trading.TRADES]),
            fills=int(tally_[trading.FILLED]),
            both_touched=int(book[at.BOTH]),
            counters=_refusals(tally_),
            log=self._logged(int(tally_[trading.FILLED])) if logs else (),
        )

    def _spread(self, strategy: Strategy, tape: Tape) -> Numbers:
        """What the sizing measures at each bar; computed anew only where it is another than the latest."""
        sizing = strategy.sizing.volatility
        if sizing is None:
            return _NOTHING
        measures = sizing.window, sizing.horizon / strategy.bar
        if self._measures != measures:
            self._measures, self._spreads = measures, np.empty(tape.count)
            series.spread_series(np.zeros(spread_of(strategy).size), tape.closes, tape.count, self._spreads, *measures)
        return self._spreads

    def _span(self, strategy: Strategy) -> timedelta:
        return (self._bars.times[-1] - self._bars.times[self._warm]) * _MICROSECOND + strategy.bar

    def _logged(self, fills: int) -> tuple[tuple[float, ...], ...]:
        rows = self._log[: fills * trading.LOGGED].reshape(fills, trading.LOGGED)
        return tuple(tuple(row) for row in rows.tolist())


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


def _after(events: Events, warm: int) -> Events:
    """Without those of the first ``warm`` bars, and counted from there."""
    return events[np.searchsorted(events, warm * EVENT) :] - warm * EVENT


def _refusals(tally: Sequence[float]) -> dict[str, int]:
    counts = {reason: int(tally[trading.REFUSALS + reason]) for reason in Refusal}
    return {reason.name.lower(): count for reason, count in counts.items() if count}


def _decides(strategy: Strategy) -> tuple[timedelta, int, bool, str]:
    """What its decisions depend on, sorted so that those follow each other that share most."""
    weighed = strategy.weighed.items()
    terms = "\n".join(f"{said(strategy, name)} {term.weight!r} {term.required}" for name, term in weighed)
    short = strategy.short.model_dump_json() if strategy.short else ""
    warm_up = strategy.sizing.volatility.window if strategy.sizing.volatility else 0
    decides = f"{terms}\n{strategy.enter!r} {strategy.exit_at!r} {short} {warm_up}"
    return strategy.bar, strategy.max_missing, alone(strategy) is None, decides
