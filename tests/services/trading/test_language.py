"""What a strategy's file may say beyond its one MACD, and where its mistakes are told."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.core.errors import UserError
from services.trading.language.terms import MacdCross, MacdCurl, VolumeTerm
from services.trading.scoring.scorer import Scorer
from services.trading.strategy import Strategy, load_strategy

TEXT = """\
name: curl-eth-btc
market: {symbol: ETH/BTC, tick: 0.00000001, step: 0.001, min_notional: 0.001}
timeframe: 5m
data: generated
terms:
  curl: {kind: macd_curl, weight: 2, required: true}
  volume: {kind: volume, window: 20, of: log}
  trend: {kind: momentum, bars: 10}
enter: 0.4
exit: -0.1
stop: {percent: 2}
trailing: {percent: 3}
target: {percent: 4}
cool_down: 3
sizing: {fixed: 0.2}
capital: 1
fee_in: base
"""


def loaded(folder: Path, text: str = TEXT) -> Strategy:
    path = folder / "s.yaml"
    path.write_text(text)
    return load_strategy(path)


def refused(folder: Path, old: str, new: str) -> str:
    assert old in TEXT
    with pytest.raises(UserError) as told:
        loaded(folder, TEXT.replace(old, new))
    return str(told.value).replace(str(folder), "")[1:]


def test_terms_are_read_by_their_kind_in_the_order_of_the_file(tmp_path: Path) -> None:
    strategy = loaded(tmp_path)
    assert list(strategy.weighed) == ["curl", "volume", "trend"]
    curl, volume = strategy.weighed["curl"], strategy.weighed["volume"]
    assert isinstance(curl, MacdCurl)
    assert (curl.weight, curl.required, curl.falls, curl.rises, curl.depth) == (2, True, 3, 2, 0.25)
    assert isinstance(volume, VolumeTerm)
    assert volume.of == "log"
    assert (strategy.enter, strategy.exit_at) == (0.4, -0.1)


def test_one_macd_is_short_for_its_crosses() -> None:
    strategy = load_strategy(Path(__file__).parents[3] / "strategies" / "trading" / "macd-eth-btc.yaml")
    cross = strategy.weighed["macd_cross"]
    assert isinstance(cross, MacdCross)
    assert (cross.fast, cross.slow, cross.signal, strategy.enter, strategy.exit_at) == (12, 26, 9, 1, -1)


def test_what_must_be_known_before_is_the_longest_of_all_terms(tmp_path: Path) -> None:
    scorer = Scorer(loaded(tmp_path))
    assert scorer.warm_up == 34 + 99, "MACD is ready at 34, and the curl looks at 100 of its histograms"
    assert scorer.longest == 100


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: macd_curl", "kind: macd_curls", "s.yaml:6:16: terms.curl.kind is 'macd_curls'"),
        ("window: 20", "windw: 20", "s.yaml:7:26: there is no key 'windw'. Write 'window'."),
        ("bars: 10", "bars: 0", "s.yaml:8:33: terms.trend"),
        ("required: true", "slow: 12", "s.yaml:6:44: terms.curl"),
        ("enter: 0.4", "enter: 1.5", "s.yaml:9:8: enter is 1.5"),
        ("exit: -0.1", "exit: -1.5", "s.yaml:10:7: exit: a score is from -1 to 1"),
        ("exit: -0.1", "exit: 0.5", "an exit at 0.5 or below leaves what is entered at 0.4 at once"),
        ("exit: -0.1", "exit: macd_cross_down", "terms say what decides, and so does exit: macd_cross_down"),
        ("{percent: 2}", "{percent: 100}", "s.yaml:11:17: stop.percent is 100"),
        ("{fixed: 0.2}", "{fixed: 0.2, percent: 5}", "percent and fixed are two ways to say it; write one of them"),
        ("fee_in: base", "fee_in: coins", "s.yaml:17:9: fee_in is 'coins'"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in refused(tmp_path, old, new)


POSTS = """\
name: posts
market: {symbol: ETH/BTC, tick: 0.00000001, step: 0.001}
timeframe: 5m
terms:
  trend: {kind: momentum, weight: 2}
  level: {kind: sentiment, window: 6}
  turn: {kind: sentiment_momentum, weight: 0.5}
  crowd: {kind: post_volume, weight: 0.5}
posts: {match: [ETH, ether], dead_after: 30m}
enter: 0.6
exit: -0.1
capital: 1
"""


def test_terms_of_posts_say_what_they_listen_to(tmp_path: Path) -> None:
    strategy = loaded(tmp_path, POSTS)
    assert strategy.listens
    assert strategy.posts.words("ETH") == ("ETH", "ether")
    assert strategy.posts.dead_after_span == timedelta(minutes=30)
    assert Scorer(strategy).windows == {1, 6, 12}
    assert not loaded(tmp_path).listens
    assert loaded(tmp_path).posts.words("ETH") == ("ETH",), "without match it is the base of the market"


def test_posts_alone_do_not_reach_an_entry_unless_the_file_says_so(tmp_path: Path) -> None:
    alone = POSTS.replace("enter: 0.6", "enter: 0.5")
    with pytest.raises(UserError, match=r"terms of posts alone reach 0\.5, and an entry is at 0\.5: give them less"):
        loaded(tmp_path, alone)
    assert loaded(tmp_path, alone + "social_alone: true\n").social_alone


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("30m", "0s", "s.yaml:9:42: posts.dead_after: '0s' is no time; write one such as 10m or 1h"),
        ("30m", "soon", "posts.dead_after: 'soon' is no duration"),
        ("ether]", '""]', "s.yaml:9:22: posts.match"),
        ("window: 6", "least: 0", "s.yaml:6:35: terms.level"),
    ],
)
def test_a_mistake_in_what_it_listens_to_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(UserError) as caught:
        loaded(tmp_path, POSTS.replace(old, new))
    assert told in str(caught.value)
