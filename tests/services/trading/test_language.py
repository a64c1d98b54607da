"""What a strategy's file may say beyond its one MACD, and where its mistakes are told."""

from array import array
from datetime import UTC, datetime, timedelta
from math import isnan
from pathlib import Path

import pytest

from services.core.errors import UserError
from services.trading.between_bars import refuse_between_bars
from services.trading.generated import generate
from services.trading.language.terms import MacdCross, MacdCurl, VolumeTerm
from services.trading.scoring.pieces import piece_of
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
        ("exit: -0.1", "exit: 0.5", "s.yaml:10:7: exit: an exit at 0.5 or below leaves what is entered at 0.4"),
        ("exit: -0.1", "exit: 0.4", "at once; write an exit below 0.4, or raise enter"),
        ("exit: -0.1", "exit: abc", "s.yaml:10:7: exit is 'abc'. It should be 'macd_cross_down' or a number."),
        ("exit: -0.1", "exit: macd_cross_dwn", "s.yaml:10:7: exit is 'macd_cross_dwn'. Write 'macd_cross_down'"),
        ("exit: -0.1", "exit: macd_cross_down", "terms say what decides, and so does exit: macd_cross_down"),
        ("{percent: 2}", "{percent: 100}", "s.yaml:11:17: stop.percent is 100"),
        ("{fixed: 0.2}", "{fixed: 0.2, percent: 5}", "percent and fixed are two ways to say it; write one of them"),
        (
            "fee_in: base",
            "fee_in: coins",
            "s.yaml:17:9: fee_in is 'coins'. It should be 'quote' or 'base' or a currency in capitals, such as BNB.",
        ),
        (
            "kind: momentum, bars: 10",
            "kind: plugin, file: surf",
            "s.yaml:8:31: terms.trend.file is 'surf'. It should be the name of a Python file in the folder plugins.",
        ),
        ("fee_in: base", "fee_in: ETH", "s.yaml:17:9: fee_in: ETH is the market's base; write fee_in: base"),
        ("{fixed: 0.2}", "{volatility: {percent: 2, ovr: 1d}}", "s.yaml:15:35: there is no key 'ovr'. Write 'over'"),
        ("{fixed: 0.2}", "{volatility: {percent: 2, over: soon}}", "s.yaml:15:41: sizing.volatility.over: 'soon'"),
        ("{fixed: 0.2}", "{volatility: {percent: 2}, fixed: 1}", "s.yaml:15:9: sizing: fixed and volatility are two"),
        ("capital: 1", "capital: 1\nexecution: limit", "s.yaml:17:12: execution: 'limit' is none; write market, or"),
        ("capital: 1", "capital: 1\nexecution: {limit: {then: wait}}", "s.yaml:17:27: execution.limit.then is 'wait'"),
        ("capital: 1", "capital: 1\nexecution: {limt: {}}", "s.yaml:17:13: there is no key 'limt'. Write 'limit'"),
        (
            "capital: 1",
            "capital: 1\nexecution: {limit: {reprice_after: 0s}}",
            "s.yaml:17:36: execution.limit.reprice_after: '0s' is no time at all",
        ),
        ("capital: 1", "capital: 1\nshort: {enter: 2}", "s.yaml:17:16: short.enter is 2"),
        ("capital: 1", "capital: 1\nshort: {}", "s.yaml:17:8: short: spot is long or flat"),
        ("capital: 1", "capital: 1\nmax_signal_age: now", "s.yaml:17:17: max_signal_age: 'now' is no duration"),
        ("min_notional: 0.001}", "kind: perpetual}", "s.yaml:17:9: fee_in: a linear perpetual takes its fee in quote"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in refused(tmp_path, old, new)


def test_a_short_that_would_be_left_at_once_is_refused(tmp_path: Path) -> None:
    short = "step: 0.001, kind: perpetual}\nfee_in: quote\nshort: {enter: 0.3, exit: 0.4}"
    text = TEXT.replace("fee_in: base\n", "").replace("step: 0.001, min_notional: 0.001}", short)
    with pytest.raises(UserError, match=r"an exit at -0\.4 or above leaves what is entered at -0\.3 at once"):
        loaded(tmp_path, text)


def test_a_limit_that_is_priced_anew_within_a_bar_is_refused_for_candles_and_not_as_such(tmp_path: Path) -> None:
    text = f"{TEXT}execution: {{limit: {{reprice_after: 30s}}}}\n"
    strategy = loaded(tmp_path, text)
    with pytest.raises(
        UserError, match=r"s\.yaml:18:36: execution\.limit\.reprice_after is 30s, shorter than a bar of 5m"
    ):
        refuse_between_bars(strategy, tmp_path / "s.yaml")
    refuse_between_bars(loaded(tmp_path, text.replace("30s", "7m")), tmp_path / "s.yaml")
    assert loaded(tmp_path, text.replace("30s", "7m")).limit.bars(strategy.bar) == 2  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("said", "allowed"), [("", 150.0), ("max_signal_age: 20s\n", 20.0), ("max_signal_age: 0s\n", 0.0)]
)
def test_a_bar_is_late_when_it_comes_longer_after_its_close_than_is_allowed(
    tmp_path: Path, said: str, allowed: float
) -> None:
    strategy, opened = loaded(tmp_path, TEXT + said), datetime(2026, 1, 1, tzinfo=UTC)
    known = opened + timedelta(minutes=5)
    assert not strategy.late(opened, known)
    assert not strategy.late(opened, known + timedelta(seconds=allowed))
    assert strategy.late(opened, known + timedelta(seconds=allowed, microseconds=1))
    assert strategy.late(opened, known + timedelta(hours=3)), "as after a sleep"


def test_a_bar_that_was_received_late_is_remembered_and_asks_for_nothing(tmp_path: Path) -> None:
    strategy = loaded(tmp_path)
    assert strategy.signal_age == timedelta(minutes=2, seconds=30)
    assert loaded(tmp_path, f"{TEXT}max_signal_age: 20s\n").signal_age == timedelta(seconds=20)
    timely, late = Scorer(strategy), Scorer(strategy)
    asked = 0
    for candle in generate(strategy.bar, 1e-8, 1500):
        timely.update(candle)
        late.update(candle, late=True)
        asked += timely.asks != (0.0, False, False)
        assert late.asks == (0.0, False, False)
        assert bits(late.values) == bits(timely.values)
    assert asked > 10


def bits(values: list[float]) -> bytes:
    return array("d", values).tobytes()


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


def curl_values(closes: list[float], **more: object) -> list[float]:
    term = MacdCurl.model_validate({"kind": "macd_curl", "window": 30, **more})
    piece = piece_of(term)
    state = [0.0] * piece.size
    return [piece.take(state, 0, close, 0.0) for close in closes]


@pytest.mark.parametrize("below_zero", [False, True])
def test_a_curl_down_is_the_curl_up_of_the_mirrored_prices_and_both_are_their_sum(below_zero: bool) -> None:
    closes = [candle.close for candle in generate(timedelta(minutes=5), 1e-8, 3000)]
    top = 2 * max(closes)
    up, down, both = (curl_values(closes, turn=turn, below_zero=below_zero) for turn in ("up", "down", "both"))
    mirrored = curl_values([top - close for close in closes], turn="up", below_zero=below_zero)
    assert sum(value > 0 for value in up) > 20
    assert sum(value < 0 for value in down) > 20
    for one, other, sum_, seen in zip(up, down, both, mirrored, strict=True):
        assert isnan(one) == isnan(other) == isnan(sum_) == isnan(seen)
        if not isnan(one):
            assert other == pytest.approx(-seen, abs=1e-6)
            assert sum_ == one + other


def test_a_mean_that_is_left_out_is_held_against_the_one_that_is_written(tmp_path: Path) -> None:
    text = "name: s\nmarket: {symbol: ETH/BTC, tick: 0.01, step: 0.001}\ntimeframe: 5m\ncapital: 1\nmacd: {fast: 40}\n"
    with pytest.raises(UserError, match=r"s\.yaml:5:.*slow \(26\) must be more bars than fast \(40\)"):
        loaded(tmp_path, text)
