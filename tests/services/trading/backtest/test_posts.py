"""Posts in a backtest: nothing is known before it was, and a run begun or ended elsewhere decides the same."""

from dataclasses import replace
from functools import cache
from math import isnan
from pathlib import Path
from random import Random

import pytest

from services.core.errors import UserError
from services.core.process import ConfigurationFault
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, Candle, read_bars
from services.trading.candles.moments import microseconds_of
from services.trading.chart.reading import charted
from services.trading.events import Filled
from services.trading.feed import Feed, open_posts
from services.trading.generated import generate
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from services.trading.results import BacktestResult
from services.trading.scoring.scorer import Scorer
from services.trading.side_data import SideData
from services.trading.social.hearing import hearing_of
from services.trading.social.post import Post, Row
from tests.support.candles import BAR, candles_of, save_candles
from tests.support.host import MemoryHost
from tests.support.host import told as filled
from tests.support.posts import beat, chatter, post, posts_of, save_posts
from tests.support.strategies import strategy_text, strategy_with

TERMS = {
    "trend": {"kind": "momentum", "bars": 12, "window": 48},
    "level": {"kind": "sentiment", "window": 6, "full": 0.5},
    "turn": {"kind": "sentiment_momentum", "window": 6, "weight": 0.5},
    "crowd": {"kind": "post_volume", "window": 48, "weight": 0.5},
}
DECIDES = {"macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "terms": TERMS, "social_alone": True}
STRATEGY = strategy_with(**DECIDES)
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
    for start in (chance.randrange(ENOUGH, 1_500) for _ in range(6)):
        run = candles()[start - ENOUGH : start + 20]
        assert decisions(told_rows(), run, ENOUGH) == whole[start : start + 20]


def test_bars_that_are_only_read_are_listened_to_as_well():
    posts, bars = posts_of(told()), Bars.of(candles()[:900])
    whole = Backtest(STRATEGY, posts).run(bars, "made up")
    warmed = Backtest(STRATEGY, posts, warm=600).run(bars, "made up")
    later = [place for place, fill in enumerate(whole.fills) if fill.bar > 600 and fill.position > 0]
    met = {fill.bar: said for fill, said in zip(warmed.fills, warmed.evidence, strict=True)}
    assert len(later) > 3
    assert met[whole.fills[later[-1]].bar] == whole.evidence[later[-1]]


def test_a_chart_shows_the_terms_that_decide():
    some = candles()[:300]
    shown = charted(STRATEGY, Feed("made up", some, posts=posts_of(told())))
    said = decisions(told_rows(), some)
    for term in shown.terms:
        for value, each in zip(term.values, said, strict=True):
            assert each[term.name] in (value, "no data" if isnan(value) else "silent")


def test_another_post_makes_another_version_and_none_is_told_as_such():
    one = backtest(told(), candles())
    assert one.posts == "made up"
    assert one.heard == len(told())
    other = Backtest(STRATEGY, replace(posts_of(told()), digest="other")).run(Bars.of(candles()), "made up")
    assert one.version != other.version


def test_a_backtest_that_was_given_no_stream_is_refused_and_an_empty_one_is_no_data():
    with pytest.raises(UserError, match="its terms listen to posts, and there are none here"):
        Backtest(STRATEGY)
    assert {each["level"] for each in decisions((), candles()[:40])} == {"no data"}
    assert backtest((), candles()[:40]).notes[0].startswith("no post about ETH was known by the last close")


def test_posts_of_another_time_than_the_candles_are_told_as_such_and_not_as_heard(tmp_path: Path):
    years_ago = [replace(each, known_at=each.known_at - 10**14) for each in told()]
    result = backtest(years_ago, candles()[:100])
    assert result.heard == 0
    assert result.notes[0] == (
        "its posts are of 2020-10-30 to 2020-11-05, and its candles of 2024-01-01: none of them came between the "
        "first open and the last, and its terms of posts are idle"
    )
    (tmp_path / "s.yaml").write_text(strategy_text(**DECIDES, data="c.csv", posts={"recorded": "p.jsonl"}))
    save_posts(tmp_path / "p.jsonl", years_ago)
    save_candles(tmp_path / "c.csv", candles()[:100])
    with pytest.raises(ConfigurationFault, match=r"its posts are of .*\. Name posts of the candles' time"):
        MemoryHost().run(ReplayTrader(str(tmp_path / "s.yaml"), str(tmp_path), speed=0))


def test_posts_that_came_just_before_the_first_bar_are_not_told_as_unheard():
    first = candles()[0].time
    just_before = [replace(each, known_at=microseconds_of(first) - 1) for each in told()[:5]]
    result = backtest(just_before, candles()[:100])
    assert result.heard == 5
    assert not [note for note in result.notes if "heard" in note or "idle" in note]
    (note,) = SideData(posts_of(just_before)).notes(Bars.of(candles()[:100]))
    assert note.endswith(": none of them came between the first open and the last")


def test_the_evidence_tells_silence_from_no_feed_and_how_many_were_heard():
    minutes = 60 + 5 * 6
    crowd = [post(minutes, f"so bullish on ETH, {name}", author=name) for name in ("ann", "bob", "cat")]
    said = decisions((beat(1), *crowd), candles_of([100.0] * 40))
    assert (said[0]["level"], said[0]["heard"]) == ("silent", "0 voices in 6 bars, 0 in 1")
    assert (said[13]["level"], said[13]["heard"]) == ("no data", "no feed was alive")
    assert said[17]["heard"] == "3 voices in 6 bars, 3 in 1"
    assert said[17]["level"] > 0.5


def test_its_fills_are_those_of_the_replay_of_the_same_posts_on_paper_also_over_a_restart(tmp_path: Path):
    recorded = {"data": "c.csv", "posts": {"recorded": "p.jsonl"}}
    (tmp_path / "s.yaml").write_text(strategy_text(**DECIDES, **recorded))
    save_posts(tmp_path / "p.jsonl", [each for each in told() if each.known_at < microseconds_of(candles()[400].time)])
    save_candles(tmp_path / "c.csv", candles()[:400])
    strategy = strategy_with(**DECIDES, **recorded)
    posts, bars = open_posts(strategy, tmp_path), read_bars(tmp_path / "c.csv")
    expected = Backtest(strategy, posts).run(bars, "recorded").fills
    assert len(expected) > 5
    host = MemoryHost({PlaceOrder: PlaceOnPaper(tmp_path / "paper.db")}, end_after=150)
    trader = ReplayTrader(str(tmp_path / "s.yaml"), str(tmp_path), speed=0)
    host.run(trader, "bot")
    assert 0 < len(filled(host, Filled)) < len(expected)
    host.end_after = None
    host.run(trader, "bot")
    assert [(fill.side, fill.quantity, fill.price) for fill in expected] == [
        (fill.side, fill.quantity, fill.price) for fill in filled(host, Filled)
    ]


def test_a_replay_whose_terms_have_no_posts_is_refused(tmp_path: Path):
    (tmp_path / "s.yaml").write_text(strategy_text(**DECIDES, data="generated"))
    with pytest.raises(ConfigurationFault, match="its terms of posts have nothing to listen to"):
        MemoryHost().run(ReplayTrader(str(tmp_path / "s.yaml"), str(tmp_path)), "bot")
    (tmp_path / "s.yaml").write_text(strategy_text(**DECIDES, data="generated", posts={"recorded": "none*.jsonl"}))
    with pytest.raises(ConfigurationFault, match=r"no file matches 'none\*\.jsonl'"):
        MemoryHost().run(ReplayTrader(str(tmp_path / "s.yaml"), str(tmp_path)), "bot")
