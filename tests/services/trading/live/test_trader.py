import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from services.core.effects import Effect, Outcome
from services.core.process import ConfigurationFault
from services.core.process.context import Because
from services.core.yamlfile import parse_model
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, Candle
from services.trading.desk.asking import EnterPosition, LeavePosition
from services.trading.desk.states import Role
from services.trading.live.equipment import Equipment
from services.trading.live.trader import LiveTrader
from services.trading.strategy import Strategy
from services.trading.venue.bar_stream import Heard
from tests.support.candles import BAR, recorded_candles
from tests.support.desks import Floor
from tests.support.live_world import RECORDED_LIMITS, RECORDED_MARKET, LiveWorld, in_recorded_market
from tests.support.manual_clock import ManualClock
from tests.support.strategies import strategy_text, strategy_with

BEFORE, TRADED = 800, 400
"""Bars that are over when trading begins, and bars of trading."""
TERMS = {"macd": None, "entry": None, "exit": None}
"""What a strategy of terms leaves out."""
EAGER = {"terms": {"up": {"kind": "momentum", "weight": 1}}, "enter": 0.1, "exit": -0.9}
PLUGIN = {"kind": "plugin", "file": "tides.py", "weight": 1}


@pytest.fixture(scope="module")
def candles() -> list[Candle]:
    return recorded_candles(BEFORE + TRADED)


@pytest.fixture
def floor(tmp_path: Path, candles: list[Candle]) -> Iterator[Floor]:
    made = Floor(tmp_path / "account.db", ManualClock(candles[0].time), RECORDED_LIMITS)
    yield in_recorded_market(made)
    made.close()


@pytest.fixture
def world(floor: Floor, candles: list[Candle]) -> LiveWorld:
    return LiveWorld(floor, RECORDED_MARKET, candles, BAR, BEFORE)


@pytest.fixture
def strategy(tmp_path: Path) -> str:
    path = tmp_path / "strategy.yaml"
    path.write_text(strategy_text(), encoding="utf-8")
    return str(path)


def filled(world: LiveWorld) -> list[tuple[str, float, float]]:
    """At the exchange: side, quantity and price."""
    trades = world.floor.venue.engine.ledger.trades
    return [("buy" if each.order.buys else "sell", float(each.quantity), float(each.price)) for each in trades]


def expected(candles: list[Candle]) -> list[tuple[str, float, float]]:
    """What a backtest fills after the first bars."""
    result = Backtest(strategy_with(), warm=BEFORE - 1).run(Bars.of(candles), "recorded")
    return [(each.side.value, round(each.quantity, 3), round(each.price, 8)) for each in result.fills]


def test_the_exchange_fed_a_backtests_candles_fills_what_the_backtest_fills(
    world: LiveWorld, strategy: str, candles: list[Candle]
) -> None:
    world.trade(strategy)
    assert len(filled(world)) > 20
    assert filled(world) == expected(candles)


def test_a_stop_lies_below_what_was_paid_not_below_the_bar_that_decided(
    world: LiveWorld, tmp_path: Path, floor: Floor
) -> None:
    """The limit is bought further below the signal's close than the stop is away."""
    path = tmp_path / "stopped.yaml"
    path.write_text(
        strategy_text(stop={"percent": 0.2}, execution={"limit": {"offset": {"percent": 0.3}}}), encoding="utf-8"
    )
    world.trade(str(path))
    bought = [order for order in floor.desk.book.orders.values() if order.role is Role.ENTRY and order.fills]
    stops = {order.trigger for order in floor.desk.book.orders.values() if order.role is Role.STOP}
    assert len(stops) > 1  # what has fallen past its stop already is sold, and rests none
    paid = [sum(f.quantity * f.price for f in order.fills) / order.filled for order in bought]
    tick = Decimal("0.00000001")
    assert stops <= {(price * Decimal("0.998")).quantize(tick, ROUND_HALF_UP) for price in paid}


def test_the_bar_in_which_a_stop_was_met_enters_nothing(world: LiveWorld, tmp_path: Path, floor: Floor) -> None:
    path = tmp_path / "eager.yaml"
    path.write_text(strategy_text(**{**TERMS, **EAGER, "stop": {"percent": 0.2}}), encoding="utf-8")
    world.trade(str(path))
    orders = floor.desk.book.orders.values()
    stopped = [fill.at for order in orders if order.cause.startswith("stop/") for fill in order.fills]
    entered = [datetime.fromisoformat(o.cause.rsplit("#", 1)[0]) for o in orders if o.role is Role.ENTRY]
    assert len(stopped) > 3
    assert [time for time in entered for at in stopped if time <= at < time + BAR] == []


def test_a_restart_in_the_middle_of_a_bar_asks_nothing_twice(
    floor: Floor, strategy: str, candles: list[Candle]
) -> None:
    world = LiveWorld(floor, RECORDED_MARKET, candles, BAR, BEFORE)
    for beats in (150, 211, 333):
        world.end_after = beats
        world.trade(strategy)
        world.floor.restart()
    world.end_after = None
    world.trade(strategy)
    assert filled(world) == expected(candles)
    assert len({effect.key for effect in world.acts}) == len(world.acts)


def test_after_a_sleep_of_three_hours_what_was_missed_is_remembered_and_sends_nothing(
    world: LiveWorld, strategy: str, candles: list[Candle], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.end_after = 40
    world.trade(strategy)
    before = len(world.acts)
    asleep = world.now()
    rounds, work = list[datetime](), world.floor.desk.round
    monkeypatch.setattr(world.floor.desk, "round", lambda: (rounds.append(world.now()), work()))
    world.sleep(timedelta(hours=3))
    assert rounds == [], "the account's desk sleeps as well"
    awake, world.end_after = world.now(), None
    world.trade(strategy)
    causes = [effect.key.split("/")[3] for effect in world.acts]
    assert len(causes) > before
    missed = [each.time.isoformat() for each in candles if asleep < each.time + BAR < awake - BAR]
    assert len(missed) > 30
    assert set(causes).isdisjoint(missed)


def test_an_exchange_that_cannot_be_asked_for_bars_is_asked_again_and_that_is_told_once(
    world: LiveWorld, strategy: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="process.live")
    world.unsure, world.end_after = 3, 100
    world.trade(strategy)
    assert "the exchange: no answer" in world.waits
    assert world.samples["trading.price:live"]
    told = [record.message for record in caplog.records if record.message.startswith("the exchange")]
    assert told == ["the exchange cannot be asked for bars: no answer", "the exchange answers again"]


def test_what_a_guard_refuses_is_the_decisions_outcome_and_the_strategy_goes_on(
    world: LiveWorld, strategy: str, floor: Floor
) -> None:
    floor.desk.panic.begin("test")
    world.trade(strategy)
    assert filled(world) == []
    assert all("emergency stop" in outcome.why for outcome in world.outcomes.values())
    assert len(world.outcomes) > 5


@pytest.mark.parametrize(
    "name, changes",
    [
        ("fill: close: a bar's close is over", {"fill": "close"}),
        ("live is spot", {"market": {"kind": "perpetual"}}),
        ("terms.mine: terms of plug-ins are not run here", {**TERMS, "terms": {"mine": PLUGIN}}),
        ("nothing records posts here", {**TERMS, "terms": {"mood": {"kind": "sentiment"}}, "social_alone": True}),
    ],
)
def test_what_live_cannot_do_is_refused_by_name_and_says_why(
    world: LiveWorld, tmp_path: Path, name: str, changes: dict[str, object]
) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(strategy_text(**changes), encoding="utf-8")
    with pytest.raises(ConfigurationFault, match=re.escape(name)):
        world.trade(str(path))


def test_what_is_held_is_left_by_the_strategy_that_opened_it_though_its_file_was_changed_and_all_began_anew(
    world: LiveWorld, strategy: str, floor: Floor, candles: list[Candle]
) -> None:
    while len(filled(world)) % 2 == 0:
        world.end_after = 10
        world.trade(strategy)
    held = len(filled(world))
    changed = strategy_text(**{**TERMS, **EAGER, "target": {"percent": 5}})
    Path(strategy).write_text(changed, encoding="utf-8")
    world.floor.restart()
    world.end_after = None
    world.trade(strategy)
    assert filled(world)[: held + 1] == expected(candles)[: held + 1]
    later = [order for order in floor.desk.book.asked.values() if order.bot == "live"]
    assert [Strategy.from_json(each.terms) for each in later] == [parse_model(changed, Strategy, "changed")]
    assert any("leaving by the strategy that it was opened with" in wait for wait in world.waits)


class BusyWorld(LiveWorld):
    """An account that takes nothing on from one moment to another."""

    busy: tuple[datetime, datetime] | None = None

    def pause_for(self, timeout: float) -> None:
        super().pause_for(timeout)
        self.door.open = self.busy is None or not self.busy[0] <= self.now() < self.busy[1]


@pytest.fixture
def busy(floor: Floor, candles: list[Candle], strategy: str, tmp_path: Path) -> BusyWorld:
    """It is busy in the moment at which the strategy first leaves."""
    sound = in_recorded_market(Floor(tmp_path / "sound.db", ManualClock(candles[0].time), RECORDED_LIMITS))
    told = LiveWorld(sound, RECORDED_MARKET, candles[: BEFORE + 100], BAR, BEFORE)
    told.trade(strategy)
    sound.close()
    world = BusyWorld(floor, RECORDED_MARKET, candles, BAR, BEFORE)
    left = next(effect for effect in told.acts if isinstance(effect, LeavePosition))
    at = datetime.fromisoformat(left.cause) + BAR
    world.busy = (at, at + timedelta(seconds=100))
    return world


def first_sold(world: LiveWorld) -> datetime:
    sold = next(trade for trade in world.floor.venue.engine.ledger.trades if not trade.order.buys)
    return datetime.fromtimestamp(sold.at / 1000, UTC)


def test_an_exit_that_the_account_did_not_take_on_is_asked_for_again_until_it_does(
    busy: BusyWorld, strategy: str, candles: list[Candle]
) -> None:
    assert busy.busy is not None
    busy.trade(strategy)
    assert busy.busy[1] <= first_sold(busy) < busy.busy[0] + BAR
    assert [each[0] for each in filled(busy)] == [each[0] for each in expected(candles)]


def test_an_exit_that_was_not_taken_on_is_still_wanted_by_the_next_run(busy: BusyWorld, strategy: str) -> None:
    assert busy.busy is not None
    busy.busy = (busy.busy[0], busy.busy[0] + 3 * BAR)
    while not busy.position:
        busy.end_after = 10
        busy.trade(strategy)
    busy.floor.restart()
    busy.end_after = None
    busy.trade(strategy)
    left = next(effect for effect in busy.acts if isinstance(effect, LeavePosition))
    assert datetime.fromisoformat(left.cause) + BAR == busy.busy[0]
    assert busy.busy[1] <= first_sold(busy) < busy.busy[1] + BAR


def test_an_exit_that_was_not_taken_on_leaves_no_position_that_was_opened_later(
    busy: BusyWorld, strategy: str, floor: Floor
) -> None:
    assert busy.busy is not None
    busy.busy = (busy.busy[0], busy.busy[0] + 3 * BAR)
    while not busy.position:
        busy.end_after = 10
        busy.trade(strategy)
    assert floor.desk.leave("live", RECORDED_MARKET, "closed", "by a person")
    busy.end_after = None
    busy.trade(strategy)
    asked = [datetime.fromisoformat(each.cause) + BAR for each in busy.acts if isinstance(each, LeavePosition)]
    assert len(asked) > 5
    assert busy.busy[0] not in asked


def test_an_exit_is_in_the_accounts_own_ledger_before_the_programs_store_is_waited_for(
    world: LiveWorld, strategy: str, floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, known = world.act, list[bool]()

    def watched(effect: Effect, because: Because) -> Outcome:
        if isinstance(effect, LeavePosition):
            known.append((effect.bot, effect.symbol) in floor.desk.book.exits)
        return act(effect, because)

    monkeypatch.setattr(world, "act", watched)
    world.trade(strategy)
    assert len(known) > 5
    assert all(known)


def test_what_is_held_is_judged_by_nobody_until_the_account_tells_what_it_was_opened_with(
    world: LiveWorld, strategy: str
) -> None:
    world.door.open, world.end_after = False, 20
    world.trade(strategy)
    assert set(world.waits) == {"the account: the account process does not run"}
    assert world.asked == []
    world.door.open, world.end_after = True, 200
    world.trade(strategy)
    assert world.acts


def test_a_market_that_is_too_young_is_waited_for_and_what_its_means_lack_is_told_once(
    world: LiveWorld, strategy: str, caplog: pytest.LogCaptureFixture
) -> None:
    began = world.candles[world.index].time
    world.candles, world.index = world.candles[world.index :], 0
    world.trade(strategy)
    waited = [wait for wait in world.waits if wait.startswith("the first bars of ETH/BTC: macd-eth-btc asks for more")]
    assert waited[0].endswith("macd_cross speaks from bar 35 on, and there are 0 of 5m")
    assert waited[-1].endswith(f"and there are 34 of 5m, since {began:%Y-%m-%d %H:%M} UTC")
    asked = [datetime.fromisoformat(each.cause) for each in world.acts if isinstance(each, EnterPosition)]
    assert min(asked) >= began + 35 * BAR
    told = [record.message for record in caplog.records if "missing in its means" in record.message]
    assert told == ["there are 35 bars of 520: what began before is missing in its means"]


class ShortWorld(LiveWorld):
    """An exchange that may tell the latest bars alone."""

    few = 0

    def bars(self, symbol: str, timeframe: timedelta, since: datetime) -> list[Candle]:
        return super().bars(symbol, timeframe, since)[-self.few :]


def test_what_is_held_is_left_though_the_history_is_too_short_and_nothing_is_entered_by_it(
    floor: Floor, strategy: str, candles: list[Candle], caplog: pytest.LogCaptureFixture
) -> None:
    Path(strategy).write_text(strategy_text(**{**TERMS, **EAGER, "stop": {"percent": 0.2}}), encoding="utf-8")
    world = ShortWorld(floor, RECORDED_MARKET, candles, BAR, BEFORE)
    while not floor.desk.book.holding("live", RECORDED_MARKET).opened:
        world.end_after = 10
        world.trade(strategy)
    entered = [each for each in world.acts if isinstance(each, EnterPosition)]
    world.few, world.end_after = 5, None
    world.floor.restart()
    world.trade(strategy)
    assert not floor.desk.book.holding("live", RECORDED_MARKET).opened
    assert [each for each in world.acts if isinstance(each, EnterPosition)] == entered
    assert "nothing is entered: macd-eth-btc asks for more history than there is" in caplog.text
    assert any("enters nothing" in wait for wait in world.waits)
    assert world.waits[-1].startswith("the first bars of ETH/BTC: macd-eth-btc asks for more history")


def test_that_nothing_but_the_score_leaves_a_position_is_told(
    world: LiveWorld, strategy: str, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[str, bool]] = []
    world.parts["tell_unprotected"] = lambda bot, lacks: told.append((bot, lacks))
    world.trade(strategy)
    assert told == [("live", True)]
    assert any("without a stop" in doing for doing in world.doings)
    assert "only its score leaves a position" in caplog.text
    assert {effect.what.endswith(", without a stop") for effect in world.acts if isinstance(effect, EnterPosition)} == {
        True
    }


class Silent:
    """A stream that opens and says nothing, while the exchange does not answer for what it missed."""

    opened = 1

    def __init__(self, world: LiveWorld) -> None:
        self._world = world

    def wait(self, seconds: float) -> list[Heard]:
        self._world.unsure = 1
        return []

    def reopen(self) -> None:
        """It stays silent."""

    def close(self) -> None:
        """Nothing is held open."""


def test_that_what_a_stream_missed_cannot_be_asked_for_is_told(world: LiveWorld, strategy: str) -> None:
    trader = LiveTrader(strategy=strategy, stream=True)
    trader.equip(Equipment(world.door, lambda: world, lambda symbol, timeframe: Silent(world)))
    world.end_after = 5
    world.run(trader, "live")
    assert world.doings[-1].endswith("what was missed cannot be asked for: no answer")


def test_without_an_account_it_says_what_is_not_set(world: LiveWorld, strategy: str) -> None:
    with pytest.raises(ConfigurationFault, match=r"no account is set: trading\.exchange"):
        world.run(LiveTrader(strategy=strategy))
