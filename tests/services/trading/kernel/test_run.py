"""The compiled kernel against the incremental engine: terms, fills and refusals bit by bit, figures to a billionth."""

import math
import random
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, read_bars
from services.trading.kernel.outcome import FIGURES, Outcome, outcome_of
from services.trading.learning.window_run import AT_THE_EDGE, run_window
from services.trading.plugins.series import Series
from services.trading.results import BacktestResult
from services.trading.scoring.reasons import Reason
from services.trading.scoring.scorer import Scorer
from services.trading.side_data import SideData
from services.trading.social.hearing import heard_by, hearing_of
from services.trading.social.post import Beat, Row
from services.trading.strategy import Strategy
from tests.support.candles import recorded_folder
from tests.support.kernel_child import in_child
from tests.support.posts import chatter, posts_of
from tests.support.strategies import strategy_with

pytestmark = pytest.mark.skipif(not find_spec("numba"), reason="numba is not installed: there is no kernel")

MINUTE = 60_000_000
HOUR = 60 * MINUTE
WINDOW = range(450, 800)
OWN = {"macd": None, "entry": None}
ALL_TERMS = {
    "curl": {"kind": "macd_curl", "weight": 2.0, "required": True, "window": 40, "depth": 0.1},
    "cross": {"kind": "macd_cross", "lasts": 4, "fast": 5, "slow": 11, "signal": 4},
    "volume": {"kind": "volume", "weight": 0.7},
    "bursts": {"kind": "volume", "of": "log", "weight": 0.3},
    "trend": {"kind": "momentum", "weight": 0.5, "bars": 7, "window": 30},
}
SCORED = {**OWN, "exit": -0.02, "enter": 0.1, "terms": ALL_TERMS}
LOOSE = {**OWN, "exit": 0.0, "enter": 0.05, "terms": {"trend": {"kind": "momentum", "bars": 5, "window": 20}}}
GUARDS = {"stop": {"percent": 0.4}, "target": {"percent": 0.5}, "trailing": {"percent": 0.45}}
PERPETUAL = {"market": {"kind": "perpetual"}}
TREND = {"kind": "momentum", "weight": 0.5, "bars": 7, "window": 30}
CURL = {"kind": "macd_curl", "window": 40, "depth": 0.1}
MOODS = {
    "trend": TREND,
    "level": {"kind": "sentiment", "window": 6, "full": 0.4, "least": 2},
    "longer": {"kind": "sentiment", "window": 24, "full": 0.3, "weight": 0.5},
    "change": {"kind": "sentiment_momentum", "window": 5, "full": 0.8, "least": 1},
    "crowd": {"kind": "post_volume", "window": 12, "weight": 0.8},
}
POSTED = {**OWN, "exit": -0.05, "enter": 0.15, "terms": MOODS, "social_alone": True}
TIDE = {"kind": "plugin", "file": "tide.py", "looks_back": 15}
CASES: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "at the close": {"fill": "close", "slippage": {"ticks": 0}},
    "other spans": {"macd": {"fast": 3, "slow": 8, "signal": 5}},
    "stop and target": {"stop": {"percent": 0.4}, "target": {"percent": 0.5}},
    "trailing": {"trailing": {"percent": 0.3}, "fill": "close"},
    "trailing, target first": {**GUARDS, "both_touched": "target", "cool_down": 3},
    "thin volume": {"target": {"percent": 0.2}, "limit_volume": {"percent": 0.02}, "stop": {"percent": 2.0}},
    "volume in quote": {"target": {"percent": 0.2}, "limit_volume": {"percent": 1.0}, "volume_unit": "quote"},
    "all terms": SCORED,
    "all terms, guarded": {**SCORED, **GUARDS, "cool_down": 2, "fill": "close"},
    "a score near 0": LOOSE,
    "a score near 0, guarded": {**LOOSE, **GUARDS, "cool_down": 1},
    "fading cross": {**OWN, "exit": -0.5, "terms": {"cross": {"kind": "macd_cross", "lasts": 3}}, "enter": 0.5},
    "no weight": {**OWN, "exit": -1.0, "terms": {"cross": {"kind": "macd_cross", "weight": 0.0}}},
    "a fixed amount": {"sizing": {"percent": None, "fixed": 0.2}, "fee": {"percent": 1.0}},
    "fee in base": {"fee_in": "base", "fee": {"percent": 0.5}, "stop": {"percent": 1.0}},
    "too small": {"market": {"min_notional": 0.2495}, "fee": {"percent": 0.3}},
    "never enough": {"market": {"min_notional": 100.0}},
    "coarse steps": {"market": {"step": 3.0, "tick": 0.00025, "min_notional": 0.0}, "slippage": {"ticks": 2}},
    "no price left": {"slippage": {"ticks": 100_000}, "market": {"tick": 0.0001}},
    "gaps forbidden": {"max_missing": 0},
    "a target of volatility": {"sizing": {"percent": None, "volatility": {"percent": 1.0, "window": 120}}},
    "limits": {"execution": {"limit": {"offset": {"ticks": 20}, "times": 2, "then": "market"}}},
    "limits given up": {"execution": {"limit": {"offset": {"percent": 0.1}, "reprice_after": "15m"}}, **GUARDS},
    "fee in another coin": {"fee_in": "BNB", "stop": {"percent": 1.0}},
    "shorts": {**PERPETUAL, "short": {}},
    "shorts, guarded": {**PERPETUAL, "short": {}, **GUARDS, "fill": "close"},
    "shorts by a score": {**PERPETUAL, **LOOSE, "short": {"exit": -0.1}, "trailing": {"percent": 0.5}},
    "shorts at limits": {**PERPETUAL, "short": {}, "execution": {"limit": {"offset": {"ticks": 5}}}, "cool_down": 1},
    "longs with funding": PERPETUAL,
    "turns down": {**OWN, "exit": -0.2, "enter": 0.1, "terms": {"trend": TREND, "curl": {**CURL, "turn": "down"}}},
    "turns both ways": {**OWN, "exit": -0.1, "enter": 0.2, "terms": {"curl": {**CURL, "turn": "both"}}},
    "posts": POSTED,
    "posts, guarded": {**POSTED, **GUARDS, "cool_down": 2, "fill": "close"},
    "posts of a few words and feeds": {**POSTED, "posts": {"match": ["bullish", "rekt"], "sources": ["net"]}},
    "posts of a feed that dies soon": {**POSTED, "posts": {"dead_after": "7m"}, "max_missing": 0},
    "a plug-in": {**OWN, "exit": -0.2, "enter": 0.4, "terms": {"tide": TIDE}},
    "a plug-in and posts, shorts": {
        **PERPETUAL, **POSTED, "terms": {**MOODS, "tide": {**TIDE, "required": True}}, "short": {}, **GUARDS,
    },
}  # fmt: skip


def made_up(seed: int, count: int = 900, wild: float = 0.002) -> Bars:
    """Bars with jumps, equal closes, bars without volume, and gaps; ``wild`` is how far one goes."""
    chance = random.Random(seed)
    times, columns = array("q"), [array("d") for _ in range(5)]
    time, close = 1_700_000_000_000_000, 0.05
    for _ in range(count):
        time += MINUTE * 5 * (chance.choice([2, 4, 5, 40]) if chance.random() < 0.01 else 1)
        opened = close * (1 + chance.gauss(0, 0.004)) if chance.random() < 0.05 else close
        close = opened if chance.random() < 0.1 else opened * math.exp(chance.gauss(0, wild))
        spread = abs(chance.gauss(0, 0.001))
        row = opened, max(opened, close) * (1 + spread), min(opened, close) * (1 - spread), close
        volume = 0.0 if chance.random() < 0.05 else math.exp(chance.gauss(3, 1.2))
        times.append(time)
        for column, number in zip(columns, (*(round(each, 8) for each in row), volume), strict=True):
            column.append(number)
    rates = array("d", [chance.gauss(0, 2e-4) if index % 96 == 5 else 0.0 for index in range(count)])
    return Bars(times, *columns, funding=rates)


def with_spikes(bars: Bars) -> Bars:
    """Now and then it goes for a moment where a short has nothing left."""
    return replace(bars, highs=array("d", [high * (6 if at % 37 == 36 else 1) for at, high in enumerate(bars.highs)]))


def beside(bars: Bars, seed: int) -> SideData:
    """Posts, of which stretches are silent or lack a feed, and what a plug-in says: no data here and there."""
    chance = random.Random(seed)
    told = chatter(list(bars.candles()), chance)
    quiet = {each.known_at // (9 * HOUR) for each in told if chance.random() < 0.01}
    rows: list[Row] = [each for each in told if each.known_at // (9 * HOUR) not in quiet]
    rows += [Beat(known + HOUR * 3, "net") for known in bars.times[::100]]
    says = {time: chance.choice([math.nan, 0.0, chance.uniform(-1, 1)]) for time in bars.times}
    return SideData(posts_of(rows), Series({"tide": says}))


def recorded(pattern: str, count: int) -> Bars:
    return read_bars(next(recorded_folder().glob(f"{pattern}_*.parquet"))).part(0, count)


@dataclass(frozen=True)
class Gone:
    """Bars, the cases that are gone through over them, and what of those is otherwise on their market."""

    bars: Bars
    timeframe: str = "5m"
    window: range = WINDOW
    cases: tuple[str, ...] = tuple(CASES)
    changes: Mapping[str, Any] = field(default_factory=dict)

    def strategy(self, case: str) -> Strategy:
        changed = dict(CASES[case]) | {"timeframe": self.timeframe}
        for key, value in self.changes.items():
            own = changed.get(key, {})
            changed[key] = {**value, **own} if isinstance(value, dict) else value
        return strategy_with(**changed)


DRAWN = 12
"""Short series, each by a few cases of its own."""


def drawn(seed: int) -> Gone:
    chance = random.Random(seed)
    bars = made_up(100 + seed, chance.randrange(180, 320), 10 ** chance.uniform(-4, -1.2))
    return Gone(bars, window=range(90, 170), cases=tuple(chance.sample(sorted(CASES), 5)))


SHORTS = tuple(case for case in CASES if case.startswith("shorts"))
GUARDED = ("as it comes", "all terms, guarded", "a score near 0, guarded", "trailing", "limits", *SHORTS)
FUTURE = {"market": {"tick": 0.5, "step": 0.001, "min_notional": 5.0}, "capital": 10_000.0}


Found = dict[tuple[str, str], tuple[Bars, Strategy, BacktestResult, dict[str, Any]]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, compiled: Path) -> Found:
    """Each case over each series, by both engines."""
    tapes = {
        "seed 1": Gone(made_up(1)),
        "seed 2": Gone(made_up(2)),
        "spikes": Gone(with_spikes(made_up(4, 400)), window=range(150, 300), cases=SHORTS),
        "recorded": Gone(recorded("ETH-BTC_5m", 2600)),
        "recorded with gaps": Gone(recorded("UNITTEST-BTC_1m", 1500), "1m"),
        "recorded future": Gone(recorded("BTC-PERP_1m", 900), "1m", cases=GUARDED, changes=FUTURE),
        "recorded with more gaps than bars": Gone(recorded("XRP-ETH_1m", 900), "1m", cases=GUARDED),
        **{f"drawn {seed}": drawn(seed) for seed in range(DRAWN)},
    }
    strategies = {name: [one.strategy(case) for case in one.cases] for name, one in tapes.items()}
    sides = {name: beside(one.bars, len(name)) for name, one in tapes.items()}
    cases = [(one.bars, strategies[name], sides[name], one.window) for name, one in tapes.items()]
    answers = in_child(compiled, tmp_path_factory.mktemp("kernel"), cases)
    return {
        (case, name): (
            one.bars,
            strategy,
            backtested(strategy, one.bars, sides[name]),
            answer | {"side": sides[name], "over": one.window},
        )
        for (name, one), many in zip(tapes.items(), answers, strict=True)
        for case, strategy, answer in zip(one.cases, strategies[name], many, strict=True)
    }


def backtested(strategy: Strategy, bars: Bars, side: SideData) -> BacktestResult:
    return Backtest(strategy, side.posts, series=side.series).run(bars, "made up")


def fills_of(result: BacktestResult) -> list[tuple[float, ...]]:
    return [
        (
            fill.bar,
            1 if fill.side == "buy" else -1,
            fill.quantity,
            fill.price,
            fill.fee,
            Reason[fill.because.upper()],
            fill.funding,
            fill.position,
        )
        for fill in result.fills
    ]


def test_every_fill_is_the_same_to_the_last_bit(found: Found) -> None:
    for case, (_, _, result, answer) in found.items():
        assert [tuple(row) for row in answer["outcome"].log] == fills_of(result), case
    assert sum(len(result.fills) for _, _, result, _ in found.values()) > 2000
    reasons = {fill.because for _, _, result, _ in found.values() for fill in result.fills}
    assert reasons == {"signal", "stop", "trailing", "target", "limit", "turn", "liquidation"}
    for name in ("recorded future", "recorded with more gaps than bars"):
        assert sum(len(found[case, name][2].fills) for case in GUARDED) > 100, name


def test_every_refusal_is_the_same(found: Found) -> None:
    for case, (_, _, result, answer) in found.items():
        assert answer["outcome"].counters == result.counters, case
        assert answer["outcome"].both_touched == result.both_touched, case
    told = {reason for _, _, result, _ in found.values() for reason in result.counters}
    assert told == {
        "not_one_step", "too_small", "no_price", "bars_missing", "no_volume", "no_volatility", "given_up", "called_off"
    }  # fmt: skip
    assert any(result.both_touched for _, _, result, _ in found.values())


def test_every_term_is_the_same_to_the_last_bit(found: Found) -> None:
    terms = ("all terms", "fading cross", "as it comes", "turns down", "turns both ways")
    moods = ("posts", "posts of a few words and feeds", "posts of a feed that dies soon", "a plug-in and posts, shorts")
    for case in terms + moods:
        bars, strategy, _, answer = found[case, "recorded with gaps"]
        side = answer["side"]
        scorer = Scorer(strategy, side.series)
        hearing = hearing_of(strategy, scorer.windows, side.posts.rows if side.posts else ())
        told = {name: array("d") for name in scorer.names}
        for candle in bars.candles():
            scorer.update(candle, heard_by(hearing, candle))
            for name, value in zip(scorer.names, scorer.values, strict=True):
                told[name].append(value)
        assert answer["terms"].keys() == told.keys()
        for name, values in told.items():
            assert same_bits(answer["terms"][name], values), (case, name)


def same_bits(compiled: bytes, values: "array[float]") -> bool:
    """NaN has many bit patterns, and means the same in each."""
    theirs = array("d", compiled)
    return array("d", [0.0 if math.isnan(x) else x for x in theirs]).tobytes() == array(
        "d", [0.0 if math.isnan(x) else x for x in values]
    ).tobytes() and [math.isnan(x) for x in theirs] == [math.isnan(x) for x in values]


def test_every_figure_agrees_to_a_billionth_and_with_the_same_reason_where_there_is_none(found: Found) -> None:
    for case, (_, _, result, answer) in found.items():
        mine: Outcome = answer["outcome"]
        whole = outcome_of(result.statistics(), result.counters)
        assert mine.final_equity == whole.final_equity, case
        assert (mine.trades, mine.fills, mine.max_drawdown_bars) == (
            whole.trades, whole.fills, whole.max_drawdown_bars), case  # fmt: skip
        for name in FIGURES:
            one, other = mine.figures[name], whole.figures[name]
            assert one.why == other.why, (case, name)
            if other.value is not None:
                assert one.value == pytest.approx(other.value, rel=1e-9, abs=1e-15), (case, name)


def test_over_a_window_each_figure_is_that_of_its_own_run_flat_at_both_edges(found: Found) -> None:
    left = 0
    for case, (bars, strategy, _, answer) in found.items():
        run = run_window(strategy, bars, answer["over"], answer["side"])
        whole, mine = outcome_of(run.statistics(), {}), answer["window"]
        assert mine.final_equity == pytest.approx(whole.final_equity, rel=1e-12), case
        assert (mine.trades, mine.fills) == (whole.trades, whole.fills), case
        for figure in FIGURES:
            one, other = mine.figures[figure], whole.figures[figure]
            assert one.why == other.why, (case, figure)
            if other.value is not None:
                assert one.value == pytest.approx(other.value, rel=1e-9, abs=1e-15), (case, figure)
        left += bool(run.fills) and run.fills[-1].because == AT_THE_EDGE
    assert left > 10


def test_a_plug_in_that_was_late_has_the_kernel_hold_too(tmp_path: Path, compiled: Path) -> None:
    strategy = strategy_with(**CASES["a plug-in"])
    bars, side = made_up(3, 300), SideData(series=Series({}, {"tide": "it was late"}))
    assert in_child(compiled, tmp_path, [(bars, [strategy], side, range(100, 200))])[0][0]["outcome"].log == ()
    assert backtested(strategy, bars, side).fills == ()
