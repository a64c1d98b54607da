"""A shadow run: both on the same bars, nothing placed, gone on from after a restart, and a promotion asked for once."""

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.core.process import ConfigurationFault
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars
from services.trading.learning.effects import PromoteStrategy
from services.trading.learning.events import ShadowEnded, ShadowLooked, ShadowStarted, ShadowTrade
from services.trading.learning.parameters import varied
from services.trading.learning.promoting import PromoteFiles
from services.trading.learning.promotion import Requirements
from services.trading.learning.shadow import MOST_POINTS, Shadow, ShadowState
from services.trading.learning.shadow_live import LiveShadowTrader
from services.trading.learning.shadow_process import ShadowTrader
from services.trading.learning.trials import Trial, TrialLedger
from services.trading.results import document
from tests.support.candles import candles_of, save_candles
from tests.support.host import MemoryHost, told
from tests.support.markets import market
from tests.support.paper_world import PaperWorld
from tests.support.strategies import REFUSED_ON_CANDLES, strategy_text, strategy_with

CHANGES: dict[str, Any] = {
    "timeframe": "1h",
    "data": "m.csv",
    "macd": {"fast": 3, "slow": 6, "signal": 3},
    "market": {"tick": 0.0001, "step": 0.0001, "min_notional": 0.01},
    "capital": 1000.0,
    "fee": {"percent": 0.02},
    "sizing": {"percent": 100.0},
}
SHAPE = {"sharpe": 0.1, "skewness": 0.0, "kurtosis": 3.0, "count": 2000.0, "deviation": 0.002}
SLOWER = {"macd.fast": 20, "macd.slow": 60, "macd.signal": 9}
KNOWN = 1000
"""Bars of the file that the challenger was chosen on."""
CHAMPION = strategy_with(**CHANGES)
CHALLENGER = varied(CHAMPION, SLOWER)


@pytest.fixture(scope="module")
def bars() -> Bars:
    """With an edge that the slower one finds, and the faster one pays for."""
    return market(3, 3200, 0.0008)


@pytest.fixture
def folder(tmp_path: Path, bars: Bars) -> Path:
    rows = [f"{c.time.isoformat()},{c.open!r},{c.high!r},{c.low!r},{c.close!r},{c.volume!r}" for c in bars.candles()]
    (tmp_path / "m.csv").write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]))
    (tmp_path / "bot.yaml").write_text(strategy_text(**CHANGES))
    return tmp_path


def shadow_of(folder: Path, bars: Bars, **changes: Any) -> ShadowTrader:
    given = {
        "strategy": str(folder / "bot.yaml"),
        "challenger": SLOWER,
        "until": bars.candle(KNOWN - 1).time.isoformat(),
        "windows": 4,
        "shape": SHAPE,
        "trials": str(folder / "trials.db"),
        "data": str(folder),
    }
    return ShadowTrader(**{**given, **changes})


def new_shadow() -> Shadow:
    return Shadow(CHAMPION, CHALLENGER, ShadowState.begun("v", CHAMPION, CHALLENGER))


def test_each_of_the_two_trades_as_its_own_backtest_does(bars: Bars) -> None:
    shadow = new_shadow()
    for candle in bars.candles():
        shadow.take(candle)
    for who, strategy in (("champion", CHAMPION), ("challenger", CHALLENGER)):
        result = Backtest(strategy).run(bars, "same bars").statistics()
        side = getattr(shadow.state, who)
        assert side.equity == pytest.approx(result.final_equity, rel=1e-12)
        assert side.closed == result.trades
        assert side.profit == pytest.approx((result.expectancy.value or 0) * result.trades, rel=1e-9)


def test_each_has_the_sharpe_ratio_and_the_deepest_fall_of_its_backtest(bars: Bars) -> None:
    shadow = Shadow(CHAMPION, CHALLENGER, ShadowState.begun("v", CHAMPION, CHALLENGER))
    assert shadow.state.champion.sharpe(CHAMPION.bar) is None
    for candle in bars.candles():
        shadow.take(candle)
    for strategy, side in ((CHAMPION, shadow.state.champion), (CHALLENGER, shadow.state.challenger)):
        result = document(Backtest(strategy).run(bars, "b"))
        assert side.sharpe(strategy.bar) == pytest.approx(result["sharpe"], rel=1e-9)
        assert side.deepest == pytest.approx(result["max_drawdown"], rel=1e-9)


def test_an_equity_line_stays_short_and_still_ends_where_it_should(bars: Bars) -> None:
    shadow = new_shadow()
    for candle in bars.candles():
        shadow.take(candle)
    points, state = shadow.state.points, shadow.state
    assert MOST_POINTS / 2 <= len(points) < MOST_POINTS
    assert {later.time - one.time for one, later in pairwise(points)} == {state.every * timedelta(hours=1)}
    assert len(points) == state.bars // state.every


def test_it_asks_for_the_promotion_once_with_what_it_rests_on(folder: Path, bars: Bars) -> None:
    host = MemoryHost()
    host.run(shadow_of(folder, bars), "shadow")
    (started,) = told(host, ShadowStarted)
    assert (started.parameters, started.replaced) == (SLOWER, {"macd.fast": 3, "macd.slow": 6, "macd.signal": 3})
    assert started.label == "recorded: m.csv"
    (proposal,) = host.proposals
    assert proposal.effect.what == "Promote macd-eth-btc to macd.fast 20, macd.slow 60, macd.signal 9"
    assert isinstance(proposal.because, dict)
    assert proposal.because["closed trades"] >= 30
    assert proposal.because["lower bound of the difference"] > 0
    assert told(host, ShadowLooked)[-1].lacking == []
    assert not host.acts
    trades = [trade for trade in told(host, ShadowTrade) if trade.who == "challenger"]
    assert len(trades) == host.position["challenger"]["closed"]
    assert all(trade.candle > started.since for trade in trades)


def test_a_run_that_is_killed_goes_on_as_if_it_had_not_been(folder: Path, bars: Bars) -> None:
    whole, broken = MemoryHost(), MemoryHost(end_after=700)
    whole.run(shadow_of(folder, bars), "shadow")
    for _ in range(20):
        broken.run(shadow_of(folder, bars), "shadow")
    assert broken.position == whole.position
    assert [event.encode() for event in broken.events] == [event.encode() for event in whole.events]
    assert len(broken.proposals) == len(whole.proposals) == 1


def test_bars_that_it_was_chosen_on_count_for_nothing_and_later_ones_are_awaited(folder: Path, bars: Bars) -> None:
    host = MemoryHost()
    host.run(shadow_of(folder, bars, until=bars.candle(len(bars) - 1).time.isoformat()), "shadow")
    assert msgspec.convert(host.position, ShadowState).bars == 0
    assert not told(host, ShadowTrade)


def test_no_promotion_without_windows_or_against_luck(folder: Path, bars: Bars) -> None:
    for lacks in ({"windows": 2}, {"shape": {**SHAPE, "sharpe": -0.1}}):
        host = MemoryHost()
        host.run(shadow_of(folder, bars, **lacks), "shadow")
        assert not host.proposals
        assert told(host, ShadowLooked)[-1].lacking != []


def test_where_the_windows_have_no_sharpe_ratio_the_shadow_runs_own_has_to_do(folder: Path, bars: Bars) -> None:
    host = MemoryHost()
    host.run(shadow_of(folder, bars, shape=None), "shadow")
    (started,), looked = told(host, ShadowStarted), told(host, ShadowLooked)[-1]
    assert started.deflated is None
    assert looked.deflated is not None
    assert looked.deflated > 0.5


def test_after_the_last_look_it_is_over_and_that_is_told_once(
    folder: Path, bars: Bars, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.trading.learning.shadow.MOST_LOOKS", 1)
    host = MemoryHost()
    host.run(shadow_of(folder, bars, windows=2), "shadow")
    assert len(told(host, ShadowLooked)) == 1
    (ended,) = told(host, ShadowEnded)
    assert ended.why == "1 look found no promotion earned, and there is no further one"
    assert host.events[-1] is ended, "nothing is traded after its end"
    read, before = host.position["bars"], len(host.events)
    assert read < len(bars) - KNOWN
    host.run(shadow_of(folder, bars, windows=2), "shadow")
    assert (host.position["bars"], len(host.events)) == (read, before)


def test_one_that_came_to_its_last_look_untold_is_told_to_be_over_as_it_goes_on(
    folder: Path, bars: Bars, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = MemoryHost()
    host.run(shadow_of(folder, bars, windows=2), "shadow")
    assert not told(host, ShadowEnded)
    monkeypatch.setattr("services.trading.learning.shadow.MOST_LOOKS", 1)
    host.run(shadow_of(folder, bars, windows=2), "shadow")
    assert len(told(host, ShadowEnded)) == 1


def test_the_shadow_run_adds_its_bars_to_those_of_windows_that_were_too_few(folder: Path, bars: Bars) -> None:
    host = MemoryHost()
    host.run(shadow_of(folder, bars, shape={**SHAPE, "sharpe": 0.02}), "shadow")
    (started,), looked = told(host, ShadowStarted), told(host, ShadowLooked)[-1]
    assert started.deflated is not None
    assert started.deflated < 0.9
    assert looked.deflated is not None
    assert looked.deflated > Requirements().deflated(looked.look)
    assert (looked.lacking, looked.trials, len(host.proposals)) == ([], 0, 1)
    assert looked.low is not None
    assert looked.high is not None
    assert 0 < looked.low < looked.high


def test_what_was_tried_since_counts_at_each_look(folder: Path, bars: Bars) -> None:
    trials = [Trial(f"{at:016x}", "bars", 10.0 * (-1) ** at) for at in range(1000)]
    TrialLedger(folder / "trials.db").record("ETH/BTC", "macd_cross", trials)
    host = MemoryHost()
    host.run(shadow_of(folder, bars), "shadow")
    assert not host.proposals
    (lacks,) = told(host, ShadowLooked)[0].lacking
    assert lacks.startswith("a deflated Sharpe ratio of ")
    assert lacks.endswith("after the 1,000 trials until then")


@pytest.mark.parametrize(("changes", "told"), REFUSED_ON_CANDLES)
def test_what_no_candles_can_show_is_refused_before_anything_is_told(
    tmp_path: Path, bars: Bars, changes: dict[str, Any], told: str
) -> None:
    (tmp_path / "bot.yaml").write_text(strategy_text(**changes, data="few.csv"))
    save_candles(tmp_path / "few.csv", candles_of([100.0] * 30))
    host = MemoryHost()
    with pytest.raises(ConfigurationFault, match=told):
        host.run(shadow_of(tmp_path, bars, challenger={"macd.signal": 8}), "shadow")
    assert host.events == []


def test_alone_is_refused_on_candles_that_are_not_live(folder: Path, bars: Bars) -> None:
    host = MemoryHost()
    with pytest.raises(ConfigurationFault, match=r"alone wants live candles, and these are recorded: m\.csv"):
        host.run(shadow_of(folder, bars, promote="alone"), "shadow")
    assert not host.acts


def test_once_promoted_in_the_users_file_nothing_is_left_to_run(folder: Path, bars: Bars) -> None:
    own = folder / "own"
    host = MemoryHost()
    host.run(shadow_of(folder, bars), "shadow")
    (proposal,) = host.proposals
    assert proposal.because["candles"] == "recorded, not live: days pass in seconds"
    assert isinstance(proposal.effect, PromoteStrategy)
    PromoteFiles(own, folder).carry_out(proposal.effect)
    assert (own / "bot.yaml").read_text() == proposal.effect.after
    again = MemoryHost()
    again.run(shadow_of(own, bars, data=str(folder)), "shadow")
    assert not again.events


def test_another_champion_begins_another_run(folder: Path, bars: Bars) -> None:
    host = MemoryHost(end_after=500)
    host.run(shadow_of(folder, bars), "shadow")
    (folder / "bot.yaml").write_text(strategy_text(**{**CHANGES, "fee": {"percent": 0.03}}))
    host.run(shadow_of(folder, bars), "shadow")
    assert len(told(host, ShadowStarted)) == 2
    assert [ended.why for ended in told(host, ShadowEnded)] == ["the champion or the challenger is another one now"]


def test_what_cannot_be_is_said_before_anything_runs(folder: Path, bars: Bars) -> None:
    for wrong in (
        {"challenger": {"macd.fsat": 3}},
        {"promote": "maybe"},
        {"trials": None},
        {"shape": {}},
        {"strategy": str(folder / "none.yaml")},
    ):
        with pytest.raises(ConfigurationFault):
            MemoryHost().run(shadow_of(folder, bars, **wrong), "shadow")


def test_on_candles_of_the_past_an_embargo_lies_between_the_walk_forward_and_the_first_bar(
    folder: Path, bars: Bars
) -> None:
    for embargo, first in ((0, KNOWN), (7, KNOWN + 7), (None, KNOWN + 60)):
        host = MemoryHost()
        host.run(shadow_of(folder, bars, embargo=embargo), "shadow")
        at = ShadowState.of(host.position)
        assert at is not None
        assert at.first == bars.candle(first).time


def test_a_position_is_short_enough_to_be_kept_at_every_bar(bars: Bars) -> None:
    shadow = new_shadow()
    for candle in bars.candles():
        shadow.take(candle)
    assert len(json.dumps(shadow.state.to_json())) < 128 * 1024


LIVE_CHANGES = {**CHANGES, "data": "live"}


@pytest.fixture
def world(folder: Path, bars: Bars) -> PaperWorld:
    """The market goes on from where the challenger was chosen."""
    (folder / "bot.yaml").write_text(strategy_text(**LIVE_CHANGES))
    candles = [bars.candle(index) for index in range(len(bars))]
    made = PaperWorld(folder, candles, timedelta(hours=1), KNOWN, "0.0001")
    made.stride = 900.0
    return made


def live_shadow(world: PaperWorld, folder: Path, bars: Bars, **changes: Any) -> LiveShadowTrader:
    given = vars(shadow_of(folder, bars, **changes))
    made = LiveShadowTrader(**given)
    made.equip(world.markets)
    return made


def test_on_live_bars_it_trades_as_both_would_and_may_promote_alone(
    world: PaperWorld, folder: Path, bars: Bars
) -> None:
    world.handlers[PromoteStrategy] = PromoteFiles(folder, folder / "none")
    world.run(live_shadow(world, folder, bars, promote="alone"), "shadow")
    (started,) = told(world, ShadowStarted)
    assert started.label == "live: test"
    (effect,) = world.acts
    assert isinstance(effect, PromoteStrategy)
    at = ShadowState.of(world.position)
    assert at is not None
    assert at.first is not None
    assert at.first >= bars.candle(KNOWN - 1).time
    assert at.challenger.closed >= 30
    assert at.time >= timedelta(days=7)


def test_on_live_bars_one_that_is_over_waits_and_does_not_begin_over_and_over(
    world: PaperWorld, folder: Path, bars: Bars, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.trading.learning.shadow.MOST_LOOKS", 1)
    world.run(live_shadow(world, folder, bars, windows=2), "shadow")
    (ended,) = told(world, ShadowEnded)
    began = world.now()
    world.run(live_shadow(world, folder, bars, windows=2), "shadow")
    assert world.now() - began >= timedelta(hours=1)
    assert told(world, ShadowEnded) == [ended]


def test_on_live_bars_a_restart_goes_on_after_its_latest_bar(world: PaperWorld, folder: Path, bars: Bars) -> None:
    whole = PaperWorld(folder, world.candles[: KNOWN + 300], world.bar, KNOWN, "0.0001")
    whole.stride = 900.0
    whole.run(live_shadow(whole, folder, bars), "shadow")
    world.until = whole.until
    while world.now() < world.until:
        world.end_after = 40
        world.run(live_shadow(world, folder, bars), "shadow")
        world.clock.advance(timedelta(hours=7))
    here, there = ShadowState.of(world.position), ShadowState.of(whole.position)
    assert here is not None
    assert there is not None
    assert here.bars > 250
    assert here.points == there.points[: here.bars]
    events = [event.encode() for event in world.events]
    assert events == [event.encode() for event in whole.events][: len(events)]
