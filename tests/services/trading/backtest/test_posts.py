"""Posts in a backtest: nothing is known before it was, and a run begun or ended elsewhere decides the same."""

from dataclasses import replace
from functools import cache
from random import Random

from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, Candle
from services.trading.candles.moments import microseconds_of
from services.trading.generated import generate
from services.trading.results import BacktestResult
from services.trading.scoring.scorer import Scorer
from services.trading.social.hearing import hearing_of
from services.trading.social.post import Post, Row
from tests.support.candles import BAR, candles_of
from tests.support.posts import beat, chatter, post, posts_of
from tests.support.strategies import strategy_with

TERMS = {
    "trend": {"kind": "momentum", "bars": 12, "window": 48},
    "level": {"kind": "sentiment", "window": 6, "full": 0.5},
    "turn": {"kind": "sentiment_momentum", "window": 6, "weight": 0.5},
    "crowd": {"kind": "post_volume", "window": 48, "weight": 0.5},
}
STRATEGY = strategy_with(macd=None, entry=None, exit=-0.1, enter=0.3, terms=TERMS, social_alone=True)
ENOUGH = 20 * 48


@cache
def candles() -> tuple[Candle, ...]:
    return generate(BAR, 1e-8, 1_600)


@cache
def told() -> tuple[Post, ...]:
    return tuple(chatter(candles(), Random(5)))


def backtest(rows: tuple[Row, ...], bars: tuple[Candle, ...]) -> BacktestResult:
    return Backtest(STRATEGY, posts_of(rows)).run(Bars.of(bars), "made up")


def decisions(rows: tuple[Row, ...], bars: tuple[Candle, ...], warm: int = 0) -> list[dict[str, object]]:
    """The evidence of every bar after the first ``warm``, of terms and score alike."""
    scorer = Scorer(STRATEGY)
    hearing = hearing_of(STRATEGY, scorer.windows, rows)
    said = []
    for candle in bars:
        scorer.update(candle, hearing.at_bar(microseconds_of(candle.time)))
        said.append(scorer.because() | {"enters": scorer.enters, "leaves": scorer.leaves})
    return said[warm:]


def test_cutting_the_future_off_changes_no_fill_and_no_reason():
    whole = backtest(told(), candles())
    assert len(whole.fills) > 20
    for count in (700, 1_111):
        last = microseconds_of(candles()[count - 1].time + BAR)
        part = backtest(tuple(each for each in told() if each.known_at <= last), candles()[:count])
        before = [fill for fill in whole.fills if fill.bar < count]
        assert list(part.fills) == before
        assert part.evidence == whole.evidence[: len(before)]


def test_a_post_of_the_future_that_came_late_changes_nothing_earlier():
    came = microseconds_of(candles()[900].time) + 1
    storm = [
        Post(came, microseconds_of(candles()[at].time), "net", f"late {n} {at}", f"late {n} {at}", f"ETH got rekt {n}")
        for n in range(30)
        for at in (10, 1_500)
    ]
    with_storm = decisions(posts_of([*told(), *storm]).rows, candles())
    without = decisions(told_rows(), candles())
    assert with_storm[:900] == without[:900]
    assert with_storm[900] != without[900]


def told_rows() -> tuple[Row, ...]:
    return posts_of(told()).rows


def test_started_later_the_same_is_decided():
    whole = decisions(told_rows(), candles())
    chance = Random(9)
    for start in (chance.randrange(ENOUGH, 1_500) for _ in range(12)):
        run = candles()[start - ENOUGH : start + 20]
        assert decisions(told_rows(), run, ENOUGH) == whole[start : start + 20]


def test_another_post_makes_another_version_and_none_is_told_as_such():
    one = backtest(told(), candles())
    assert one.posts == "made up"
    assert one.heard == len(told())
    other = Backtest(STRATEGY, replace(posts_of(told()), digest="other")).run(Bars.of(candles()), "made up")
    assert one.version != other.version
    deaf = Backtest(STRATEGY).run(Bars.of(candles()), "made up")
    assert (deaf.posts, deaf.heard) == (None, 0)


def test_the_evidence_tells_silence_from_no_feed_and_how_many_were_heard():
    minutes = 60 + 5 * 6
    crowd = [post(minutes, f"so bullish on ETH, {name}", author=name) for name in ("ann", "bob", "cat")]
    said = decisions((beat(1), *crowd), candles_of([100.0] * 40))
    assert (said[0]["level"], said[0]["level voices"]) == ("silent", 0)
    assert said[13]["level"] == "no data"
    assert "level voices" not in said[13]
    assert said[17]["level voices"] == 3
    assert said[17]["level"] > 0.5
