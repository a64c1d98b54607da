"""The trading process alone: what it trades, tells and remembers."""

from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.core.clock import SystemClock
from services.core.effects import Effect, Outcome, Standing
from services.core.process import ConfigurationFault
from services.core.process.context import Because, Order
from services.trading.candles import Candle
from services.trading.events import Filled, OrderDeclined, SessionEnded, SessionStarted
from services.trading.feed import open_feed
from services.trading.fills import Side
from services.trading.generated import generate
from services.trading.paper.broker import PaperBroker
from services.trading.paper.commands import ASKED
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.paper.process import ReplayTrader
from services.trading.scoring.history import loaded_bars
from services.trading.scoring.scorer import Scorer
from services.trading.strategy import Strategy
from tests.support.candles import BAR, candles_of, recorded_folder
from tests.support.examples import examples
from tests.support.host import MemoryHost, told
from tests.support.killing import KillableHost, KilledAfterDeed
from tests.support.replays import COUNT, host_at, money, save, trader, undisturbed
from tests.support.strategies import DEFAULT, strategy_text, strategy_with


def test_a_session_tells_its_label_trades_and_ends(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    (started,), (ended,) = told(host, SessionStarted), told(host, SessionEnded)
    assert (started.label, started.candles, started.session) == ("recorded: c.csv", COUNT, 1)
    fills = told(host, Filled)
    assert [fill.side for fill in fills[:4]] == [Side.BUY, Side.SELL, Side.BUY, Side.SELL]
    assert ended.fills == len(fills) == PaperBroker(tmp_path / "paper.db").received()
    assert ended.fees == pytest.approx(sum(fill.fee for fill in fills))
    assert host.samples["trading.equity:bot"][-1] == ended.equity
    assert len(host.samples["trading.price:bot"]) == len(host.samples["trading.pnl_percent:bot"]) == COUNT
    assert (host.progress.done, host.progress.total) == (COUNT, COUNT)


def test_a_session_tells_what_its_money_leaves_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    save(tmp_path, candles_of([1.0 + 0.01 * (index % 3) for index in range(60)]))
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", market={"kind": "perpetual", "tick": 0.004}))
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    (started,) = told(host, SessionStarted)
    assert started.notes == (
        "funding not included: the candles have no column funding_rate",
        "20 opens lie between ticks of 0.004; fills are rounded to the nearest",
    )
    assert all(note in caplog.text for note in started.notes)


def test_the_fall_from_the_peak_is_shown_at_every_candle(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    equity, falls = host.samples["trading.equity:bot"], host.samples["trading.drawdown:bot"]
    (started,) = told(host, SessionStarted)
    peaks = list(accumulate(equity, max, initial=started.capital))[1:]
    assert max(falls) > 0
    assert falls == pytest.approx([1 - now / peak for now, peak in zip(equity, peaks, strict=True)])


def test_the_brokers_books_and_ours_agree(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    last = told(host, Filled)[-1]
    balance = PaperBroker(tmp_path / "paper.db").balance(host.acts[0].account)  # type: ignore[attr-defined]
    assert balance is not None
    assert (balance.cash, balance.held) == (last.cash, last.held)


def test_a_signal_fills_at_the_next_open_with_a_tick_of_slippage(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    candles = {candle.time: candle for candle in generate(BAR, 1e-8, COUNT)}
    for fill in told(host, Filled):
        slip = 1e-8 if fill.side is Side.BUY else -1e-8
        assert fill.price == round(candles[fill.candle + BAR].open + slip, 8), "on the grid of prices"


def test_a_strategy_may_fill_at_the_close_of_the_bar_that_decided(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", fill="close", slippage={"ticks": 0}))
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    candles = {candle.time: candle for candle in generate(BAR, 1e-8, COUNT)}
    assert told(host, Filled)
    assert all(fill.price == candles[fill.candle].close for fill in told(host, Filled))


@pytest.mark.parametrize("fill", ["next_open", "close"])
def test_a_signal_on_the_last_bar_is_not_filled(tmp_path: Path, fill: str) -> None:
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv", fill=fill))
    candles = generate(BAR, 1e-8, COUNT)
    index = first_entry(candles)
    save(tmp_path, candles[: index + 1])
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    assert not told(host, Filled)
    save(tmp_path, candles[: index + 2])
    host.run(trader(tmp_path), "bot")
    assert len(told(host, Filled)) == 1


def test_recorded_eth_btc_gives_the_known_returns(tmp_path: Path) -> None:
    """The measured figures that made the fill a convention: -51.0 % at the next open, -68.1 % at the close."""
    for fill, wanted in (("next_open", -51.0), ("close", -68.1)):
        (tmp_path / "s.yaml").write_text(strategy_text(fill=fill, sizing={"percent": 100}))
        host = MemoryHost({PlaceOrder: PlaceOnPaper(tmp_path / f"{fill}.db")})
        host.run(trader(tmp_path, data=str(recorded_folder())), "bot")
        assert round(told(host, SessionEnded)[0].pnl_percent, 1) == wanted


@pytest.mark.parametrize("recorded", [False, True])
def test_the_strategy_that_comes_with_the_program_trades_through_its_candles_without_its_own_stop(
    tmp_path: Path, recorded: bool
) -> None:
    """Whoever tries it sees fills and losses as they are, and not first of all a latched stop."""
    (stop,) = yaml.safe_load((DEFAULT.parents[1] / "rules" / "drawdown.yaml").read_text(encoding="utf-8"))
    host = host_at(tmp_path)
    host.run(ReplayTrader(str(DEFAULT), str(recorded_folder()) if recorded else None, speed=0), "bot")
    assert stop["metric"] == "trading.drawdown"
    assert 0.05 < max(host.samples["trading.drawdown:bot"]) < stop["fire"]["above"] - 0.02
    assert len(told(host, Filled)) > 400


@given(kill_at=st.integers(1, 900), again=st.integers(1, 900))
@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_killed_at_any_moment_twice_it_ends_with_the_fills_of_an_undisturbed_run(
    tmp_path_factory: pytest.TempPathFactory, kill_at: int, again: int
) -> None:
    folder = tmp_path_factory.mktemp("killed")
    fills, orders = undisturbed(folder)
    host = KillableHost({PlaceOrder: PlaceOnPaper(folder / "paper.db")})
    for moment in (kill_at, again, None):
        if host.run_until(moment, trader(folder)):
            break
    assert money(told(host, Filled)) == money(fills)
    assert PaperBroker(folder / "paper.db").fills() == orders
    assert PaperBroker(folder / "paper.db").received() == len(orders)
    assert len(told(host, SessionStarted)) == len(told(host, SessionEnded)) == 1


def test_killed_between_each_deed_and_its_outcome_it_places_no_second_order(tmp_path: Path) -> None:
    fills, orders = undisturbed(tmp_path)
    handler = KilledAfterDeed(PlaceOnPaper(tmp_path / "paper.db"), times=len(orders))
    host = KillableHost({PlaceOrder: handler})
    runs = [host.run_until(None, trader(tmp_path)) for _ in range(len(orders) + 1)]
    assert runs == [False] * len(orders) + [True]
    assert money(told(host, Filled)) == money(fills)
    assert PaperBroker(tmp_path / "paper.db").received() == len(orders)


def test_cancelled_at_any_candle_and_run_again_it_ends_with_the_same_fills(tmp_path: Path) -> None:
    fills, orders = undisturbed(tmp_path)
    host = host_at(tmp_path)
    for beats in (3, 100, 257, 90, 411, None):
        host.end_after = beats
        host.run(trader(tmp_path), "bot")
    assert money([fill for fill in told(host, Filled) if fill.session == 1]) == money(fills)
    assert PaperBroker(tmp_path / "paper.db").fills(host.acts[0].account) == orders  # type: ignore[attr-defined]


WEIGHED = {
    "cross": {"kind": "macd_cross", "fast": 5, "slow": 13, "signal": 4, "lasts": 4},
    "curl": {"kind": "macd_curl", "fast": 5, "slow": 13, "signal": 4, "window": 20},
    "volume": {"kind": "volume", "window": 20, "of": "log"},
    "trend": {"kind": "momentum", "bars": 8, "window": 20},
}


def test_started_live_at_300_random_bars_it_finds_the_backtests_decisions() -> None:
    """Warmed by as many bars as are loaded, 20 times the longest span, and not one more."""
    sized = {"sizing": {"percent": None, "volatility": {"percent": 1, "over": "1h", "window": 15}}}
    market = {"market": {"kind": "perpetual"}, "short": {}}
    strategy = strategy_with(macd=None, entry=None, exit=-0.05, enter=0.2, terms=WEIGHED, **sized, **market)
    candles = open_feed(strategy, None).candles[:2000]
    loaded = loaded_bars(strategy)
    assert loaded == 20 * 20
    rule, whole = Scorer(strategy), []
    for candle in candles:
        rule.update(candle)
        whole.append((rule.asks, rule.volatility))
    assert {asks for asks, _ in whole} >= {(1.0, False, True), (-1.0, True, False)}
    for start in Random(5).sample(range(loaded, len(candles)), 300):
        live = Scorer(strategy)
        for candle in candles[start - loaded + 1 : start + 1]:
            live.update(candle)
        assert (live.asks, live.volatility) == whole[start], start


def decisions(strategy: Strategy, candles: tuple[Candle, ...], start: int) -> list[tuple[Side | None, Side | None]]:
    """What flat and holding bots would do at each bar from ``start`` on, warmed as a restart warms."""
    rule, found = Scorer(strategy), []
    for index, candle in enumerate(candles):
        rule.update(candle)
        if index >= start:
            found.append((Side.BUY if rule.enters else None, Side.SELL if rule.leaves else None))
    return found


def first_entry(candles: tuple[Candle, ...]) -> int:
    return next(index for index, (flat, _) in enumerate(decisions(strategy_with(), candles, 0)) if flat)


def test_after_a_gap_there_is_no_entry_until_the_means_are_warm_again() -> None:
    candles = generate(BAR, 1e-8, COUNT)
    late = tuple(replace(c, time=c.time + 4 * BAR) for c in candles[200:])
    some = tuple(replace(c, time=c.time + 3 * BAR) for c in candles[200:])
    whole = decisions(strategy_with(), candles, 0)
    gapped = decisions(strategy_with(), candles[:200] + late, 0)
    assert [flat for flat, _ in gapped[200:234]] == [None] * 34
    assert [holding for _, holding in gapped] == [holding for _, holding in whole]
    assert gapped[234:] == whole[234:]
    assert decisions(strategy_with(), candles[:200] + some, 0) == whole


def test_an_entry_is_declined_when_bars_are_missing_before_its_fill(tmp_path: Path) -> None:
    candles = generate(BAR, 1e-8, COUNT)
    first = first_entry(candles)
    late = tuple(replace(c, time=c.time + 9 * BAR) for c in candles[first + 1 : first + 9])
    save(tmp_path, candles[: first + 1] + late)
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    assert not told(host, Filled)
    assert [event.why for event in told(host, OrderDeclined)] == ["9 bars are missing before the fill"]


def test_what_is_too_small_to_place_is_declined_with_the_reason(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path, capital=0.0005), "bot")
    assert {event.why.partition(" minimum")[0] for event in told(host, OrderDeclined)} == {"the notional is below the"}
    assert PaperBroker(tmp_path / "paper.db").received() == 0


def test_a_loop_begins_a_new_session_with_fresh_orders(tmp_path: Path) -> None:
    fills, _ = undisturbed(tmp_path)
    host = host_at(tmp_path, end_after=3 * COUNT)
    host.run(trader(tmp_path, loop=True), "bot")
    assert [event.session for event in told(host, SessionStarted)][:2] == [1, 2]
    second = [fill for fill in told(host, Filled) if fill.session == 2]
    assert [fill.price for fill in second] == [fill.price for fill in fills[: len(second)]]
    assert second
    ids = [fill.client_id for fill in told(host, Filled)]
    assert len(set(ids)) == len(ids) == PaperBroker(tmp_path / "paper.db").received()


def test_candles_that_begin_anew_are_told_as_another_replay(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="process.bot")
    save(tmp_path, candles_of([1.0 + 0.01 * (index % 3) for index in range(36)]))
    host = host_at(tmp_path, end_after=260)
    host.run(trader(tmp_path, speed=200.0, loop=True), "bot")
    assert "replay 2 of ETH/BTC, recorded: c.csv" in host.doings
    assert "the next candle, replay 2 of the recorded candles" in host.waits
    assert "replay 2 of the recorded candles begins" in caplog.text


def test_a_finished_trader_that_is_run_again_begins_the_next_session(tmp_path: Path) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path), "bot")
    host.run(trader(tmp_path), "bot")
    assert [event.session for event in told(host, SessionEnded)] == [1, 2]
    assert PaperBroker(tmp_path / "paper.db").received() == len(told(host, Filled))


def test_it_waits_for_each_candle_at_its_speed(tmp_path: Path) -> None:
    save(tmp_path, candles_of([1.0 + 0.01 * (index % 3) for index in range(36)]))
    host = host_at(tmp_path)
    host.run(trader(tmp_path, speed=200.0), "bot")
    assert set(host.waits) == {"the next candle"}
    assert len(told(host, SessionEnded)) == 1


class PatientClock(SystemClock):
    """Time passes as it is waited for, so that a test need not."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at


class AnswersLost(MemoryHost):
    """The first answer about each order is lost on its way."""

    def act(self, effect: Effect, because: Because) -> Outcome:
        known = effect.key in self.outcomes
        outcome = super().act(effect, because)
        return outcome if known else Outcome(Standing.UNKNOWN, why="no answer")

    def pause_for(self, timeout: float) -> None:
        assert isinstance(self.clock, PatientClock)
        self.clock.at += timeout


def test_while_an_orders_outcome_is_unknown_it_asks_again_and_trades_nothing_else(tmp_path: Path) -> None:
    fills, orders = undisturbed(tmp_path)
    host = AnswersLost({PlaceOrder: PlaceOnPaper(tmp_path / "paper.db")}, clock=PatientClock())
    host.run(trader(tmp_path), "bot")
    assert money(told(host, Filled)) == money(fills)
    assert PaperBroker(tmp_path / "paper.db").received() == len(orders)
    assert {wait.partition(":")[0] for wait in host.waits} == {"what came of"}


def test_configuration_mistakes_are_faults_that_no_restart_mends(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv").replace("fast:", "fsat:"))
    with pytest.raises(ConfigurationFault, match=r"s\.yaml:\d+:\d+: there is no key 'fsat'. Write 'fast'"):
        host_at(tmp_path).run(trader(tmp_path))
    (tmp_path / "s.yaml").write_text(strategy_text(data="c.csv"))
    with pytest.raises(ConfigurationFault, match="capital is -1"):
        host_at(tmp_path).run(trader(tmp_path, capital=-1))
    save(tmp_path, candles_of([1.0, 2.0])[::-1])
    with pytest.raises(ConfigurationFault, match=r"c\.csv: row 2: .* comes after"):
        host_at(tmp_path).run(trader(tmp_path))


def test_a_strategy_that_asks_for_more_history_than_there_is_does_not_begin(tmp_path: Path) -> None:
    save(tmp_path, candles_of([1.0, 1.1, 1.2]))
    with pytest.raises(ConfigurationFault, match="macd_cross speaks from bar 35 on, and there are 3"):
        host_at(tmp_path).run(trader(tmp_path))


@pytest.mark.parametrize("latency, share", [("1m", 0.2), ("150s", 0.5)])
def test_on_candles_a_latency_goes_as_far_towards_the_bars_worst_price_as_it_is_of_the_bar(
    tmp_path: Path, latency: str, share: float
) -> None:
    host = host_at(tmp_path)
    host.run(trader(tmp_path, latency=latency), "bot")
    candles = {candle.time: candle for candle in generate(BAR, 1e-8, COUNT)}
    assert len(told(host, Filled)) > 5
    for fill in told(host, Filled):
        bar, way = candles[fill.candle + BAR], 1 if fill.side is Side.BUY else -1
        worst = bar.high if way > 0 else bar.low
        assert fill.price == pytest.approx(bar.open + share * (worst - bar.open) + way * 1e-8, abs=0.51e-8)
        assert fill.priced.startswith("latency of ")


def test_without_recorded_data_it_says_that_its_candles_are_generated(tmp_path: Path) -> None:
    host = host_at(tmp_path, end_after=400)
    host.run(trader(tmp_path, data=None), "bot")
    assert told(host, SessionStarted)[0].label == "generated"
    assert host.acts[0].what.endswith("on paper (generated)")
    assert host.progress.doing == "replaying ETH/BTC, generated"


class Reasons(MemoryHost):
    """Remembers why each order was placed, and ends the run after the third and the fifth."""

    def act(self, effect: Effect, because: Because) -> Outcome:
        self.reasons.append(because)
        if len(self.reasons) in (3, 5):
            self.order = Order.CANCEL
        return super().act(effect, because)

    @cached_property
    def reasons(self) -> list[Because]:
        return []


def test_a_position_that_a_person_closes_is_sold_at_the_next_open_once_and_it_trades_on(tmp_path: Path) -> None:
    peace, _ = undisturbed(tmp_path)
    bought = peace[2]
    host = Reasons({PlaceOrder: PlaceOnPaper(tmp_path / "paper.db")})
    host.run(trader(tmp_path), "bot")
    assert len(told(host, Filled)) == 3
    for _ in range(2):  # restarted, it is told the same again
        host.run(trader(tmp_path, close=f"1/{bought.trades}"), "bot")
    fills = told(host, Filled)
    assert (fills[3].side, fills[3].quantity) == (Side.SELL, bought.quantity)
    assert fills[3].candle < peace[3].candle
    assert [because["rule"] for because in host.reasons if "rule" in because] == [ASKED]
    assert money(fills)[:3] == money(peace)[:3]
    assert fills[4].side is Side.BUY


class DeclinesOne(Reasons):
    """Its broker declines the first order that a person asked for."""

    def act(self, effect: Effect, because: Because) -> Outcome:
        if because.get("rule") == ASKED and "declined" not in self.__dict__:
            self.declined = True
            return Outcome(Standing.NOT_DONE, why="the broker takes nothing now")
        return super().act(effect, because)


def test_what_the_broker_declines_to_close_for_a_person_is_later_sold_by_its_own_reason(tmp_path: Path) -> None:
    peace, _ = undisturbed(tmp_path)
    host = DeclinesOne({PlaceOrder: PlaceOnPaper(tmp_path / "paper.db")})
    host.run(trader(tmp_path), "bot")
    host.run(trader(tmp_path, close=f"1/{peace[2].trades}"), "bot")
    assert [event.why for event in told(host, OrderDeclined)] == ["the broker takes nothing now"]
    assert money(told(host, Filled)) == money(peace)[:5]
    assert [because for because in host.reasons if because.get("rule") == ASKED] == []


def test_a_position_that_is_held_no_more_is_not_closed_in_the_place_of_another(tmp_path: Path) -> None:
    peace, _ = undisturbed(tmp_path)
    host = host_at(tmp_path)
    host.run(trader(tmp_path, close="1/999"), "bot")
    assert money(told(host, Filled)) == money(peace)
