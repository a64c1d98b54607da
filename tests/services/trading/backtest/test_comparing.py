"""What terms of posts earn: a lead that is there is found, and a stream that tells nothing is called noise."""

from collections import Counter
from math import exp
from random import Random

import pytest

from services.trading.backtest.comparing import compared, without_posts
from services.trading.candles import Bars, Candle
from services.trading.results.comparison import Verdict
from tests.support.candles import candles_of
from tests.support.posts import beat, chatter, posts_of, shuffled
from tests.support.strategies import strategy_with

TERMS = {
    "trend": {"kind": "momentum", "bars": 12, "window": 48},
    "level": {"kind": "sentiment", "window": 6, "full": 0.5},
    "turn": {"kind": "sentiment_momentum", "window": 6, "weight": 0.5},
}
DECIDES = {"macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "terms": TERMS, "social_alone": True}
STRATEGY = strategy_with(**DECIDES, fee={"percent": 0.0}, market={"step": 1e-6, "min_notional": 0.0})
BARS = 1_000


def walk(chance: Random) -> tuple[Candle, ...]:
    """A price that knows nothing of its past."""
    closes = [100.0]
    while len(closes) < BARS:
        closes.append(round(closes[-1] * exp(chance.gauss(0, 0.002)), 8))
    return candles_of(closes)


def verdicts(seeds: range, *, planted: bool) -> Counter[Verdict]:
    told: Counter[Verdict] = Counter()
    for seed in seeds:
        chance = Random(seed)
        candles = walk(chance)
        posts = chatter(candles, chance, right=0.7)
        posts = posts if planted else shuffled(posts, chance)
        told[compared(STRATEGY, Bars.of(candles), "made up", posts_of(posts)).verdict] += 1
    return told


def test_a_planted_lead_earns_and_the_same_posts_shuffled_are_noise():
    assert verdicts(range(2), planted=True) == {Verdict.EARNS: 2}
    assert verdicts(range(2), planted=False) == {Verdict.NOISE: 2}


@pytest.mark.drill
def test_over_a_hundred_seeds_a_planted_lead_is_found_at_least_95_times():
    assert verdicts(range(100), planted=True)[Verdict.EARNS] >= 95


@pytest.mark.drill
def test_over_a_hundred_seeds_a_shuffled_stream_is_called_noise_at_least_95_times():
    assert verdicts(range(100), planted=False)[Verdict.NOISE] >= 95


def test_without_them_the_strategy_has_its_other_terms_alone():
    plain = without_posts(STRATEGY)
    assert plain is not None
    assert list(plain.weighed) == ["trend"]
    assert not plain.listens


def test_where_nothing_else_decides_nothing_is_entered_without_them():
    alone = strategy_with(**DECIDES | {"terms": {"level": TERMS["level"]}})
    assert without_posts(alone) is None
    chance = Random(1)
    candles = walk(chance)
    comparison = compared(alone, Bars.of(candles), "made up", posts_of(chatter(candles, chance)))
    assert comparison.with_posts.fills
    assert not comparison.without_posts.fills


def test_no_difference_at_all_is_noise():
    bars = Bars.of(candles_of([100.0] * 60))
    comparison = compared(STRATEGY, bars, "made up", posts_of([beat(0)]))
    assert comparison.verdict is Verdict.NOISE
    assert comparison.interval is not None
    assert (comparison.interval.low, comparison.interval.high) == (0, 0)


def test_one_bar_tells_nothing_and_says_why():
    bars = Bars.of(walk(Random(2))[:1])
    comparison = compared(STRATEGY, bars, "made up", posts_of([beat(0)]))
    assert (comparison.interval, comparison.verdict) == (None, Verdict.NOISE)
    assert comparison.why == "there are fewer than 2 values"
