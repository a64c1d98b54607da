"""A strategy that trades on an exchange, from the user's files to orders at the loopback exchange, through ccxt."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from app.control.account import told
from app.control.protocol import Request
from app.wiring.account import instance_of
from app.wiring.live_bots import absent_bots, live_bots
from app.wiring.plans.kinds import path_of
from services.core.decisions.inbox import Decisions
from services.core.effects import Refused
from services.core.process import State
from services.orchestrator.commands import CancelProcess, PauseProcess, ResumeProcess
from services.trading.desk.client_ids import is_ours
from services.trading.desk.commands import StopAccount
from services.trading.desk.presence import Absent
from services.trading.live.trader import LiveTrader
from services.trading.live.trading import Trading
from services.trading.venue.live_bar import LiveBar
from tests.support.exchange.loopback import KEY, SECRET, Loopback, loopback
from tests.support.own import PATIENCE, Mine

STRATEGY = """
name: eager
market: {symbol: BTC/USDT, tick: 0.01, step: 0.00001, min_notional: 10}
timeframe: 1s
data: live
terms: {up: {kind: momentum, bars: 2, window: 5}}
enter: 0.01
exit: -1
stop: {percent: 5}
sizing: {fixed: 400}
capital: 1000
max_signal_age: 20s
"""
PAST, TO_COME = 300, 100
"""Bars of a second, told ahead: the ones to come are taken as they close."""


@pytest.fixture
def exchange() -> Iterator[Loopback]:
    with loopback() as running:
        running.ctl("balance", USDT="10000", BTC="0.5")
        running.ctl("price", symbol="BTCUSDT", price="50000")
        begun = running.ctl("clock")["now"] // 1000 - PAST
        for number in range(PAST + TO_COME):
            opened, close = (50_000 + step + step % 3 / 2 for step in (number, number + 1))
            prices = {"open": opened, "high": close + 2, "low": opened - 2, "close": close, "volume": 1}
            told = {name: str(price) for name, price in prices.items()}
            running.ctl("candle", still=True, symbol="BTCUSDT", interval="1s", time=(begun + number) * 1000, **told)
        yield running


def standing(exchange: Loopback) -> list[tuple[str, str, str]]:
    return [(each["side"], each["type"], each["status"]) for each in exchange.ledger()["orders"]]


BOUGHT = [("BUY", "LIMIT", "FILLED"), ("SELL", "STOP_LOSS_LIMIT", "NEW")]


def buying(mine: Mine, exchange: Loopback) -> Path:
    """Start the program with a bot of a file, until it has bought; gives the file."""
    mine.env |= {"DREAMSCAPE_TRADING__API_KEY": KEY, "DREAMSCAPE_TRADING__API_SECRET": SECRET}
    settings = f'[trading]\nexchange = "binance"\napi_url = "{exchange.url}"\nplay_money = true\n'
    mine.write("settings.toml", settings)
    mine.write("strategies/trading/eager.yaml", STRATEGY)
    definition = mine.write("processes/live.yaml", "kind: trading.live\nwith: {strategy: eager.yaml}\n")
    mine.start()
    mine.sees("live", State.RUNNING)
    mine.until(lambda: standing(exchange) == BOUGHT, "it buys, and its stop rests")
    return definition


def test_a_bot_of_a_file_buys_with_its_stop_and_once_its_file_is_gone_the_account_keeps_both_and_tells_it(
    mine: Mine, exchange: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.trading.desk.left_behind.GONE", timedelta(0))
    definition = buying(mine, exchange)
    mark = instance_of(mine.home.accounts / "instance")
    assert all(is_ours(mark, each["clientOrderId"]) for each in exchange.ledger()["orders"])
    definition.unlink()
    mine.until(lambda: not mine.knows("live"), "the bot is gone with its file")
    assert standing(exchange) == BOUGHT
    told_so = "live is gone and left 0.0079"
    mine.until(lambda: [what for what in waiting(mine) if what.startswith(told_so)], "the Inbox tells of it")
    stopped = mine.tell(StopAccount("test"))
    assert stopped["remaining"] == []
    assert standing(exchange) == [BOUGHT[0], ("SELL", "STOP_LOSS_LIMIT", "CANCELED"), ("SELL", "LIMIT", "FILLED")]
    mine.until(lambda: not waiting(mine), "it is flat, and nothing waits any more")
    mine.stop()


def waiting(mine: Mine) -> list[str]:
    """What the Inbox shows."""
    engine = mine.running.engine
    engine.ask(engine.projections.show)
    return [row.what for row in engine.view.value(Decisions).waiting]


def test_the_emergency_stop_sells_while_the_strategys_thread_hangs(
    mine: Mine, exchange: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_to_hang, hangs, over, take = Event(), Event(), Event(), Trading.take

    def taken(trading: Trading, bar: LiveBar) -> None:
        if told_to_hang.is_set():
            hangs.set()
            over.wait(PATIENCE)
        take(trading, bar)

    monkeypatch.setattr(Trading, "take", taken)
    buying(mine, exchange)
    told_to_hang.set()
    try:
        assert hangs.wait(PATIENCE), "its thread is in the middle of a bar, and answers nobody"
        assert mine.tell(StopAccount("test"))["remaining"] == []
        sold = [BOUGHT[0], ("SELL", "STOP_LOSS_LIMIT", "CANCELED"), ("SELL", "LIMIT", "FILLED")]
        assert standing(exchange) == sold
        assert not over.is_set()
    finally:
        over.set()


SOLD = ("SELL", "LIMIT", "FILLED")


def to_paper(mine: Mine) -> None:
    mine.write("processes/live.yaml", "kind: trading.paper\nwith: {strategy: eager.yaml}\n")


def namesake(mine: Mine) -> None:
    mine.write("strategies/trading/live.yaml", STRATEGY)


@pytest.fixture(params=[to_paper, namesake])
def turned(request: pytest.FixtureRequest, mine: Mine, exchange: Loopback, monkeypatch: pytest.MonkeyPatch) -> Mine:
    """A bot whose position lies at the exchange, and whose name is from now on one of a process on paper."""
    change: Callable[[Mine], None] = request.param
    monkeypatch.setattr("services.trading.desk.left_behind.GONE", timedelta(0))
    buying(mine, exchange)
    change(mine)
    mine.until(lambda: mine.unit("live").plan.path != path_of(LiveTrader), "it trades at the exchange no more")
    assert standing(exchange) == BOUGHT
    return mine


def test_its_position_comes_before_a_person(turned: Mine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.own.PATIENCE", 10.0)
    turned.until(lambda: [what for what in waiting(turned) if what.startswith("live is gone")], "the Inbox tells of it")


def test_close_sells_what_it_holds_at_the_exchange(turned: Mine, exchange: Loopback) -> None:
    try:
        answer = told(turned.running.engine, Request("close", {"bot": "live", "symbol": ""}), True)
    except Refused as no:
        pytest.fail(str(no))
    assert (answer["markets"], "paper" in answer) == (["BTC/USDT"], False)
    turned.until(lambda: SOLD in standing(exchange), "it is sold")


def test_a_live_bot_whose_strategy_is_gone_says_so_and_goes_on_looking_after_what_it_holds(
    mine: Mine, exchange: Loopback
) -> None:
    buying(mine, exchange)
    (mine.home.root / "strategies/trading/eager.yaml").unlink()
    mine.until(lambda: "nothing is entered: " in mine.unit("live").doing, "it says what is wrong")
    assert mine.unit("live").state is State.RUNNING
    assert "leaving by the strategy that it was opened with" in mine.unit("live").doing
    assert standing(exchange) == BOUGHT


def test_while_a_live_bot_is_paused_the_account_knows_that_nothing_more_is_to_be_bought_for_it(
    mine: Mine, exchange: Loopback
) -> None:
    buying(mine, exchange)
    engine = mine.running.engine
    assert (live_bots(engine), absent_bots(engine)) == (("live",), {})
    mine.tell(PauseProcess("live"))
    assert absent_bots(engine) == {"live": Absent("its bot is paused by user", for_good=True)}
    mine.tell(ResumeProcess("live"))
    mine.until(lambda: absent_bots(engine) == {}, "it goes on")
    mine.tell(CancelProcess("live"))
    mine.until(lambda: absent_bots(engine).get("live") == Absent("its bot is stopped: cancelled"), "it is ended")
