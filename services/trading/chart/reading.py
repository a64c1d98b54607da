"""A strategy and its candles read for a chart: the steps that trade are those that are drawn. Blocks; for a worker."""

import math
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from services.core.errors import UserError
from services.trading.candles import Bars
from services.trading.chart.charted import Charted, ChartedTerm, Conduct, Histogram
from services.trading.feed import Feed, open_feed
from services.trading.language.terms import MacdSpans
from services.trading.paper.kept_bars import KeptBars, Said
from services.trading.scoring.scorer import Scorer
from services.trading.social.hearing import heard_by, hearing_of
from services.trading.social.level import level_of
from services.trading.steps.macd import MACD_SIZE, macd
from services.trading.strategy import Strategy, load_strategy


def read_kept(folder: Path, version: str) -> Charted:
    """The bars that a bot at the exchange has read, with what its terms said then. Raises ``UserError``."""
    return _of_kept(KeptBars(folder, version), None)


def read_charted(
    path: Path,
    data: Path | None,
    capital: float | None,
    version: str,
    taken: Callable[[], None] = lambda: None,
    others: Sequence[str] = (),
) -> Charted:
    """The candles that a session of that ``version`` trades on, with its terms.

    Raises ``UserError`` where the file or its candles cannot be read, or are others than those of the session.
    ``taken`` is called after each bar, and may raise to end it. ``others`` is what the version names beside strategy
    and candles: the versions of plug-ins, a latency.
    """
    strategy = load_strategy(path)
    if strategy.live:
        return _read_live(strategy, data, version, taken)
    strategy = strategy.with_capital(capital)
    feed = open_feed(strategy, data)
    if strategy.version(feed.identity, *others) != version:
        raise UserError(
            "the strategy or its candles have changed since this session began",
            str(path),
            "Its candles are shown again once a session begins on what is there now",
        )
    return charted(strategy, feed, taken)


def _read_live(strategy: Strategy, data: Path | None, version: str, taken: Callable[[], None]) -> Charted:
    """The bars that a session on live bars has read, by the strategy that it trades by."""
    if data is None:
        raise UserError("its bars are live, and nobody keeps them", strategy.name, "Run it from the home's strategies")
    return _of_kept(KeptBars(data, version), strategy, taken)


def _of_kept(kept: KeptBars, strategy: Strategy | None, taken: Callable[[], None] = lambda: None) -> Charted:
    told, bars = kept.read()
    strategy = Strategy.from_json(told.strategy) or strategy
    if strategy is None:
        raise UserError("the strategy of its bars cannot be read any more", told.label, "It is shown from its next run")
    made = charted(strategy, Feed(told.label, tuple(bars.candles())), taken)
    return _as_said(made, kept.said(), listens=strategy.listens)


def _as_said(made: Charted, said: Mapping[int, Said], *, listens: bool) -> Charted:
    """With what the terms said then: nobody hears those posts again, and no plug-in is asked again."""
    heard = [said.get(time) for time in made.bars.times]

    def column(own: "array[float]", of: Callable[[Said], float | None]) -> "array[float]":
        pairs = zip(own, heard, strict=True)
        return array("d", (value if each is None else _value(of(each)) for value, each in pairs))

    def term(place: int) -> Callable[[Said], float | None]:
        return lambda each: each.values[place] if place < len(each.values) else None

    terms = tuple(replace(each, values=column(each.values, term(place))) for place, each in enumerate(made.terms))
    silent = array("d", [math.nan] * len(heard))
    sentiment = column(silent, lambda each: each.sentiment) if listens else None
    return replace(made, terms=terms, score=column(made.score, lambda each: each.score), sentiment=sentiment)


def _value(told: float | None) -> float:
    return math.nan if told is None else told


def charted(strategy: Strategy, feed: Feed, taken: Callable[[], None] = lambda: None) -> Charted:
    """Every bar of the feed with what the terms said there, by the steps that decide."""
    scorer = Scorer(strategy)
    hearing = hearing_of(strategy, scorer.windows, feed.posts.rows) if feed.posts else None
    sentiment = array("d")
    values = [array("d") for _ in scorer.names]
    score = array("d")
    for candle in feed.candles:
        heard = heard_by(hearing, candle)
        scorer.update(candle, heard)
        sentiment.append(level_of(heard))
        for column, value in zip(values, scorer.values, strict=True):
            column.append(value)
        score.append(scorer.score if any(not math.isnan(value) for value in scorer.values) else math.nan)
        taken()
    weighed = strategy.weighed
    return Charted(
        label=feed.label,
        because=feed.because,
        market=strategy.market.symbol,
        bar_seconds=strategy.bar.total_seconds(),
        bars=Bars.of(feed.candles),
        terms=tuple(
            ChartedTerm(name, weighed[name].kind, weighed[name].weight, weighed[name].required, column)
            for name, column in zip(scorer.names, values, strict=True)
        ),
        score=score,
        conduct=_conduct(strategy),
        histogram=_histogram(strategy, feed),
        sentiment=sentiment if hearing is not None else None,
    )


def _conduct(strategy: Strategy) -> Conduct:
    def share(part: object) -> float | None:
        percent = getattr(part, "percent", None)
        return None if percent is None else percent / 100

    sizing = strategy.sizing
    fixed = f"{sizing.fixed:g} {strategy.market.quote}" if sizing.fixed is not None else ""
    return Conduct(
        enter=strategy.enter,
        exit=strategy.exit_at,
        stop=share(strategy.stop),
        trailing=share(strategy.trailing),
        target=share(strategy.target),
        cool_down=strategy.cool_down,
        sizing=fixed or f"{100 * sizing.share:g} % of cash",
        fill=strategy.fill,
    )


def _histogram(strategy: Strategy, feed: Feed) -> Histogram | None:
    """Of the first term that reads one; None where none does."""
    found = next(((name, term) for name, term in strategy.weighed.items() if isinstance(term, MacdSpans)), None)
    if found is None:
        return None
    name, spans = found
    key = f"terms.{name}" if strategy.terms else "macd"
    fast, slow, signal = spans.fast, spans.slow, spans.signal
    state = [0.0] * MACD_SIZE
    return Histogram(
        (fast, slow, signal), key, array("d", (macd(state, 0, fast, slow, signal, each.close) for each in feed.candles))
    )
