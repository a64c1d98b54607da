"""Paper trading on a live market: what a bar decides is placed once, at the price that stands then."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from services.core.clock import SystemClock
from services.core.errors import UserError
from services.core.process import ConfigurationFault
from services.orchestrator.definitions.plugin_files import digest
from services.trading.backtest.run import Backtest
from services.trading.candles import Bars, Candle
from services.trading.candles.moments import moment
from services.trading.chart.reading import read_charted
from services.trading.events import Filled, OrderDeclined, SessionEnded, SessionStarted
from services.trading.fills import Side
from services.trading.paper.broker import PaperBroker
from services.trading.paper.live_trader import PaperTrader
from services.trading.paper.orders import PlaceOrder
from services.trading.plugins.approved import Versions
from services.trading.plugins.series import PluginTerms
from services.trading.social.post import Row, in_order
from tests.support.candles import BAR, recorded_candles
from tests.support.host import told
from tests.support.killing import KilledAfterDeed
from tests.support.paper_world import PaperWorld
from tests.support.posts import Recording, chatter, posts_of
from tests.support.strategies import strategy_text, strategy_with

BEFORE, TRADED = 800, 250
TICK = "0.00000001"
Money = list[tuple[str, float, float]]


@pytest.fixture(scope="module")
def candles() -> list[Candle]:
    return recorded_candles(BEFORE + TRADED)


@pytest.fixture
def world(tmp_path: Path, candles: list[Candle]) -> PaperWorld:
    return PaperWorld(tmp_path, candles, BAR, BEFORE, TICK)


def written(folder: Path, **changes: object) -> Path:
    path = folder / "s.yaml"
    path.write_text(strategy_text(data="live", **changes), encoding="utf-8")
    return path


def money(world: PaperWorld) -> Money:
    return [(each.side.value, round(each.quantity, 3), round(each.price, 8)) for each in told(world, Filled)]


def expected(candles: list[Candle], **changes: object) -> Money:
    """What a backtest fills after the first bars."""
    result = Backtest(strategy_with(**changes), warm=BEFORE - 1).run(Bars.of(candles), "recorded")
    return [(each.side.value, round(each.quantity, 3), round(each.price, 8)) for each in result.fills]


def test_before_the_first_decision_twenty_times_the_longest_span_is_read(world: PaperWorld, tmp_path: Path) -> None:
    begun, world.end_after = world.now(), 3
    world.trade(written(tmp_path))
    assert begun - world.since[0] >= 20 * 26 * BAR


STOPPED = {"stop": {"percent": 0.4}, "target": {"percent": 1.5}, "cool_down": 2}


@pytest.mark.parametrize("changes", [{}, STOPPED])
def test_live_bars_with_a_deep_book_at_each_open_fill_what_a_backtest_fills(
    world: PaperWorld, tmp_path: Path, candles: list[Candle], changes: dict[str, object]
) -> None:
    world.trade(written(tmp_path, **changes))
    assert len(money(world)) > 15
    assert money(world) == expected(candles, **changes)
    (started,) = told(world, SessionStarted)
    assert (started.label, started.candles) == ("live: test", 0)
    assert {each.priced for each in told(world, Filled) if each.priced} == {"the order book, 1 level"}


def test_a_session_tells_once_what_its_money_leaves_out(
    world: PaperWorld, tmp_path: Path, candles: list[Candle], caplog: pytest.LogCaptureFixture
) -> None:
    path, world.end_after = written(tmp_path, market={"tick": 3e-7}), 3
    for _ in range(2):  # it goes on with the same session
        world.trade(path)
    (started,) = told(world, SessionStarted)
    (ticks,) = started.notes
    assert "opens lie between ticks of 3e-07" in ticks
    assert [record.getMessage() for record in caplog.records].count(ticks) == 1


def test_told_to_end_at_any_moment_and_run_again_it_does_nothing_twice(
    world: PaperWorld, tmp_path: Path, candles: list[Candle]
) -> None:
    path = written(tmp_path)
    for beats in (3, 151, 212, 90, 333):
        world.end_after = beats
        world.trade(path)
    world.end_after = None
    world.trade(path)
    assert money(world) == expected(candles)
    assert len(told(world, SessionStarted)) == 1
    assert len({order.key for order in world.acts}) == len(world.acts) == PaperBroker(tmp_path / "paper.db").received()


@pytest.mark.parametrize("every", [7, 31])
def test_killed_again_and_again_it_places_no_order_twice_and_its_books_agree(
    tmp_path: Path, candles: list[Candle], every: int
) -> None:
    """Each time a little later, and at last between each deed and its outcome; started again at once."""
    path = written(tmp_path, macd={"fast": 2, "slow": 4, "signal": 2})
    world, at = PaperWorld(tmp_path, candles[:150], BAR, 100, TICK), every
    world.handlers[PlaceOrder] = KilledAfterDeed(world.handlers[PlaceOrder], times=4)
    while not world.run_until_over(at, path):
        at = at % 97 + every
    broker, fills = PaperBroker(tmp_path / "paper.db"), told(world, Filled)
    assert len(fills) == broker.received() == len({fill.client_id for fill in fills}) > 5
    orders = [(fill.client_id, fill.quantity, fill.price) for fill in broker.fills()]
    assert [(fill.client_id, fill.quantity, fill.price) for fill in fills] == orders
    balance = broker.balance(world.acts[0].account)  # type: ignore[attr-defined]
    assert balance is not None
    assert (fills[-1].cash, fills[-1].held) == (balance.cash, balance.held)
    assert all(one.side is not other.side for one, other in pairwise(fills))


def test_an_exchange_that_cannot_be_reached_is_waited_for_and_told_of_once(
    world: PaperWorld, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="process.bot")
    world.end_after = 400
    world.unsure = ["all"]
    world.trade(written(tmp_path))
    assert world.asked.count("bars") > 50
    world.unsure, world.end_after = [], 600
    world.trade(tmp_path / "s.yaml")
    lines = [record.message for record in caplog.records if "exchange" in record.message]
    assert lines == ["the exchange cannot be asked: no answer. It is asked again until it answers"]
    assert world.samples["trading.price:bot"]


def test_an_outage_is_told_when_it_begins_and_when_it_ends(
    world: PaperWorld, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="process.bot")
    world.end_after, world.unsure = 500, ["bars"] * 12
    world.trade(written(tmp_path))
    lines = [record.message for record in caplog.records if "exchange" in record.message]
    assert lines == [
        "the exchange cannot be asked: no answer. It is asked again until it answers",
        "the exchange answers again, after 60 s",
    ]


def test_after_a_sleep_of_three_hours_no_order_is_sent_and_the_stop_was_still_there(
    world: PaperWorld, tmp_path: Path, candles: list[Candle]
) -> None:
    path = written(tmp_path, stop={"percent": 0.3})
    while not told(world, Filled) or told(world, Filled)[-1].held == 0:
        world.end_after = 20
        world.trade(path)
    asleep, fills = world.now(), len(told(world, Filled))
    world.clock.advance(timedelta(hours=3))
    awake, world.end_after = world.now(), None
    world.trade(path)
    missed = [order for order in world.acts[fills:] if asleep <= order.candle + BAR < awake - BAR]  # type: ignore[attr-defined]
    assert [order.by for order in missed] == ["stop"]  # type: ignore[attr-defined]
    assert len(told(world, Filled)) > fills + 1


def test_an_entry_that_finds_no_price_in_time_is_declined_and_an_exit_waits_for_one(
    world: PaperWorld, tmp_path: Path
) -> None:
    path = written(tmp_path)
    world.unsure = ["depth"] * 40
    world.trade(path)
    (first, *_) = told(world, OrderDeclined)
    assert first.why == "no price was told within max_signal_age of the bar's close"
    again = PaperWorld(tmp_path / "again", world.candles, BAR, BEFORE, TICK)
    (tmp_path / "again").mkdir()
    while not told(again, Filled):
        again.end_after = 20
        again.trade(path)
    again.unsure, again.end_after = ["depth"] * 40, None
    again.trade(path)
    assert not told(again, OrderDeclined)
    assert len(told(again, Filled)) > 1


def test_a_thin_book_is_walked_level_by_level_and_an_entry_takes_no_more_than_it_holds(
    world: PaperWorld, tmp_path: Path
) -> None:
    world.levels = [("0.10000000", "0.3"), ("0.10100000", "0.1"), ("0.10300000", "0.25")]
    world.trade(written(tmp_path, capital=10))
    bought, sold = told(world, Filled)[:2]
    assert bought.quantity == 0.65
    assert bought.price == pytest.approx((0.3 * 0.1 + 0.1 * 0.101 + 0.25 * 0.103) / 0.65, abs=1e-8)
    assert bought.priced == "the order book, 3 levels, which held no more"
    assert (sold.quantity, sold.held) == (0.65, 0)


def test_without_a_book_an_order_fills_at_the_last_close_with_slippage_and_says_so(
    world: PaperWorld, tmp_path: Path, candles: list[Candle]
) -> None:
    world.levels, world.end_after = [], 500
    world.trade(written(tmp_path, slippage={"ticks": 3}))
    fill = told(world, Filled)[0]
    (close,) = [each.close for each in candles if each.time == fill.candle]
    assert fill.price == pytest.approx(close + 3e-8, abs=1e-12)
    assert fill.priced == "the last close, slippage 3 ticks: no book"


def test_an_order_meets_the_book_as_it_stands_after_its_latency(world: PaperWorld, tmp_path: Path) -> None:
    world.end_after = 800
    world.trade(written(tmp_path), latency="2s")
    assert "the order's way to the exchange" in world.waits
    assert told(world, Filled)[0].priced == "the order book, 1 level, after latency of 2 s"


def test_a_changed_strategy_leaves_its_position_by_the_exits_it_was_opened_with(
    world: PaperWorld, tmp_path: Path
) -> None:
    path = written(tmp_path, stop={"percent": 0.3})
    while not told(world, Filled):
        world.end_after = 20
        world.trade(path)
    world.end_after = None
    world.trade(written(tmp_path, stop={"percent": 5}))
    first, second = told(world, SessionStarted)
    assert (first.session, second.session) == (1, 2)
    leaving = told(world, Filled)[1]
    assert (leaving.session, leaving.held) == (1, 0)
    assert told(world, Filled)[2].session == 2
    assert told(world, SessionEnded)[0].why == "the strategy changed, and its position was left by its own exits"


@pytest.mark.parametrize(
    "changes, why",
    [
        ({"fill": "close"}, "on live bars there is no fill: close"),
        ({"market": {"kind": "perpetual"}}, r"on live bars there is no market: {kind: perpetual}"),
        ({"macd": {"fast": 12, "slow": 900, "signal": 9}}, "asks for more history than there is"),
    ],
)
def test_what_live_bars_cannot_give_is_refused_by_name(
    world: PaperWorld, tmp_path: Path, changes: dict[str, object], why: str
) -> None:
    with pytest.raises(ConfigurationFault, match=why):
        world.trade(written(tmp_path, **changes))


def test_without_an_exchange_it_says_what_to_set(world: PaperWorld, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match=r"no exchange is set.*Set trading\.exchange to binance"):
        world.run(PaperTrader(str(written(tmp_path))))


@pytest.mark.parametrize("latency", ["soon", "5m"])
def test_a_latency_that_is_none_is_refused(world: PaperWorld, tmp_path: Path, latency: str) -> None:
    with pytest.raises(ConfigurationFault, match="latency"):
        world.trade(written(tmp_path), latency=latency)


def test_what_it_reads_is_kept_for_its_chart_also_over_a_restart(
    world: PaperWorld, tmp_path: Path, candles: list[Candle]
) -> None:
    path, folder = written(tmp_path), tmp_path / "bars"
    for beats in (900, 900):
        world.end_after = beats
        world.trade(path, data=str(folder))
    (started,) = told(world, SessionStarted)
    shown = read_charted(path, folder, None, started.version)
    taken = len(world.samples["trading.price:bot"])
    assert shown.label == "live: test"
    assert len(shown.bars) == world.samples["trading.bars:bot"][-1]
    (last,) = [index for index, each in enumerate(candles) if each.time == moment(shown.bars.times[-1])]
    assert last == BEFORE - 2 + taken
    assert shown.bars.closes[-1] == candles[last].close
    assert len(shown.bars) > 20 * 26
    (folder / f"{started.version}.csv").write_text("nonsense\n")
    world.trade(path, data=str(folder))
    assert len(read_charted(path, folder, None, started.version).bars) > 20 * 26


TERMS = {
    "trend": {"kind": "momentum", "bars": 8, "window": 30},
    "mood": {"kind": "sentiment", "window": 6, "full": 0.5},
    "crowd": {"kind": "post_volume", "window": 30, "weight": 0.5},
}
HEARS = {"macd": None, "entry": None, "exit": -0.1, "enter": 0.3, "terms": TERMS, "social_alone": True}


def test_terms_of_posts_hear_what_is_recorded_as_it_comes_and_trade_as_a_backtest_of_that_record_does(
    world: PaperWorld, tmp_path: Path, candles: list[Candle]
) -> None:
    rows = in_order(chatter(candles, Random(4)))
    world.parts = {"posts": lambda: Recording(rows, world.clock)}
    for beats in (4000, 9000, None):
        world.end_after = beats
        world.trade(written(tmp_path, **HEARS))
    result = Backtest(strategy_with(**HEARS), posts_of(rows), warm=BEFORE - 1).run(Bars.of(candles), "recorded")
    assert money(world) == [(f.side.value, round(f.quantity, 3), round(f.price, 8)) for f in result.fills]
    assert len(money(world)) > 5


SURF = "def term(bars):\n    return [0.0] + [1.0 if b > a else -1.0 for a, b in zip(bars.closes, bars.closes[1:])]\n"
STUCK = "def term(bars):\n    while True:\n        pass\n"


def plugged(folder: Path, source: str) -> PluginTerms:
    (folder / "surf.py").write_text(source)
    return PluginTerms(folder, folder / "cache", Versions({"surf.py": digest(source.encode())}), SystemClock())


def by_plugin(deadline: str) -> dict[str, object]:
    surf = {"kind": "plugin", "file": "surf.py", "looks_back": 1, "deadline": deadline}
    return {"macd": None, "entry": None, "exit": -0.5, "enter": 0.5, "terms": {"surf": surf}}


def test_a_term_of_a_plugin_is_asked_at_each_live_bar_and_trades_as_in_a_backtest(
    tmp_path: Path, candles: list[Candle]
) -> None:
    world, changes = PaperWorld(tmp_path, candles[: BEFORE + 10], BAR, BEFORE, TICK), by_plugin("30s")
    world.stride, world.parts = 20.0, {"plugins": plugged(tmp_path, SURF)}
    world.trade(written(tmp_path, **changes), data=str(tmp_path / "bars"))
    strategy, bars = strategy_with(**changes), Bars.of(world.candles)
    series = plugged(tmp_path, SURF).series(strategy, bars)
    result = Backtest(strategy, series=series, warm=BEFORE - 1).run(bars, "recorded")
    assert money(world) == [(f.side.value, round(f.quantity, 3), round(f.price, 8)) for f in result.fills]
    assert len(money(world)) > 3
    shown = read_charted(tmp_path / "s.yaml", tmp_path / "bars", None, told(world, SessionStarted)[0].version)
    surf = series.values["surf"]
    assert shown.terms[0].values.tolist()[1:] == [surf[time] for time in shown.bars.times][1:]


def test_a_plugin_that_does_not_answer_in_time_has_the_strategy_hold(tmp_path: Path, candles: list[Candle]) -> None:
    world = PaperWorld(tmp_path, candles[: BEFORE + 2], BAR, BEFORE, TICK)
    world.stride, world.parts = 20.0, {"plugins": plugged(tmp_path, STUCK)}
    world.trade(written(tmp_path, **by_plugin("500ms")))
    assert world.samples["trading.price:bot"]
    assert not world.acts


class InUse(Recording):
    """Its file is in use for some bars."""

    asked = 0

    def next(self) -> list[Row]:
        self.asked += 1
        if self.asked in range(605, 609):
            raise UserError("its journal cannot be read: database is locked", "dreamscape.db", "Wait")
        return super().next()


def test_a_record_of_posts_that_cannot_be_read_now_is_read_at_a_later_bar(
    world: PaperWorld, tmp_path: Path, candles: list[Candle], caplog: pytest.LogCaptureFixture
) -> None:
    record = InUse(in_order(chatter(candles, Random(4))), world.clock)
    world.stride, world.parts, world.end_after = 20.0, {"posts": lambda: record}, 300
    world.trade(written(tmp_path, **HEARS))
    assert record.asked > 609
    (line,) = [each.message for each in caplog.records if "posts are not heard now" in each.message]
    assert "database is locked" in line


def test_what_a_person_closes_is_sold_at_once_into_the_book_as_it_stands(world: PaperWorld, tmp_path: Path) -> None:
    path = written(tmp_path)
    world.end_after = 40
    while not told(world, Filled) or told(world, Filled)[-1].side is Side.SELL:
        world.trade(path)
    bought, moment = told(world, Filled)[-1], world.now()
    world.end_after = 4
    for _ in range(2):  # told the same again after a restart, it has nothing left to sell
        world.trade(path, close=f"1/{bought.trades}")
    sold = told(world, Filled)[told(world, Filled).index(bought) + 1 :]
    assert [(each.side, each.quantity, each.priced) for each in sold] == [
        (Side.SELL, bought.quantity, "the order book, 1 level")
    ]
    assert world.now() - moment < 2 * BAR
