"""Every kind of term of the language, whichever may come: none looks ahead, and none remembers where it was begun."""

from array import array
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import get_args

import pytest

from services.trading.candles import Candle
from services.trading.candles.moments import microseconds_of
from services.trading.generated import generate
from services.trading.language.terms import Term
from services.trading.scoring.history import loaded_bars
from services.trading.scoring.scorer import Scorer
from services.trading.social.hearing import hearing_of
from services.trading.social.post import Posts
from services.trading.social.scoring import steps_of
from services.trading.strategy import Strategy
from tests.support.candles import BAR
from tests.support.posts import chatter, posts_of
from tests.support.strategies import strategy_with

SPANS = {"fast": 5, "slow": 13, "signal": 4}
SHAPES: dict[str, dict[str, object]] = {
    "cross": {"kind": "macd_cross", **SPANS},
    "fading cross": {"kind": "macd_cross", **SPANS, "lasts": 6},
    "curl": {"kind": "macd_curl", **SPANS, "window": 20},
    "curl down": {"kind": "macd_curl", **SPANS, "window": 20, "turn": "down", "below_zero": True},
    "curl both ways": {"kind": "macd_curl", **SPANS, "window": 20, "turn": "both", "falls": 1, "rises": 1},
    "volume": {"kind": "volume", "window": 20},
    "log volume": {"kind": "volume", "window": 20, "of": "log"},
    "trend": {"kind": "momentum", "bars": 8, "window": 20},
    "level": {"kind": "sentiment", "window": 6, "full": 0.5},
    "turn": {"kind": "sentiment_momentum", "window": 6},
    "crowd": {"kind": "post_volume", "window": 20},
}
STRATEGY = strategy_with(
    macd=None, entry=None, enter=0.15, exit=-0.05, social_alone=True, short={}, market={"kind": "perpetual"},
    terms={name.replace(" ", "_"): shape for name, shape in SHAPES.items()},
    sizing={"percent": None, "volatility": {"percent": 1, "over": "1h", "window": 15}},
)  # fmt: skip
COUNT = 1200
Said = tuple[bytes, tuple[float, bool, bool], float]
scored = cache(steps_of)


@cache
def candles() -> tuple[Candle, ...]:
    return generate(BAR, 1e-8, COUNT)


@cache
def posts() -> Posts:
    return posts_of(chatter(candles(), Random(7)))


def said(bars: Sequence[Candle], strategy: Strategy = STRATEGY) -> list[Said]:
    """At each bar every term to the last bit, what is asked for, and the spread of the sizing."""
    scorer, told = Scorer(strategy), []
    known = microseconds_of(bars[-1].time + BAR)
    rows = [row for row in posts().rows if row.known_at <= known]
    hearing = hearing_of(strategy, scorer.windows, rows, scored)
    for candle in bars:
        scorer.update(candle, hearing.at_bar(microseconds_of(candle.time)))
        told.append((array("d", scorer.values).tobytes(), scorer.asks, scorer.volatility))
    return told


def test_every_kind_of_the_language_is_among_them() -> None:
    kinds = {get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(Term)[0])}
    assert {shape["kind"] for shape in SHAPES.values()} == kinds - {"plugin"}, "that one's own truncation is tried"


@pytest.mark.parametrize("count", [1, 60, 517, COUNT - 1])
def test_none_looks_ahead(count: int) -> None:
    assert said(candles()[:count]) == said(candles())[:count]


def test_started_at_random_bars_each_decides_as_if_it_had_always_run() -> None:
    whole, loaded = said(candles()), loaded_bars(STRATEGY)
    assert loaded == 20 * 20
    assert {asks for _, asks, _ in whole} >= {(0.0, False, False), (1.0, False, True), (-1.0, True, False)}
    for start in Random(3).sample(range(loaded, COUNT), 30):
        assert said(candles()[start - loaded + 1 : start + 1])[-1][1:] == whole[start][1:], start
