"""Paper trading on the loopback exchange: real requests and a real stream, by ccxt and without a key."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.core.clock import Clock, SystemClock
from services.core.process.context import Order
from services.core.process.running import Progress, Waiting
from services.trading.events import Filled, SessionStarted
from services.trading.live_feed import LiveMarkets
from services.trading.paper.live_trader import PaperTrader
from services.trading.paper.orders import PlaceOrder
from services.trading.paper.placing import PlaceOnPaper
from services.trading.venue.access import Access
from services.trading.venue.bar_stream import BarStream
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.limiter import Limiters
from services.trading.venue.reading import EPOCH, milliseconds
from tests.support.exchange.loopback import Loopback
from tests.support.host import MemoryHost, told
from tests.support.manual_clock import ManualClock
from tests.support.strategies import strategy_text

MINUTE = timedelta(minutes=1)
PAST = 200
STRATEGY = {
    "market": {"symbol": "BTC/USDT", "tick": 0.01, "step": 0.00001, "min_notional": 10},
    "timeframe": "1m",
    "data": "live",
    "macd": {"fast": 2, "slow": 4, "signal": 2},
    "capital": 1000,
}


class Market:
    """Bars of the exchange whose closes go up and down; the running one opens at ``start``."""

    def __init__(self, exchange: Loopback) -> None:
        self.exchange = exchange
        self.start = exchange.ctl("clock")["now"] // 60_000 * 60_000
        exchange.ctl("clock", at=self.start + 20_000)
        self.put(*range(-PAST, 0))

    def time(self, number: int) -> datetime:
        return EPOCH + timedelta(milliseconds=self.start) + number * MINUTE

    def bar(self, number: int) -> dict[str, object]:
        close = self.close(number)
        prices = {"open": "50000", "high": "50200", "low": "49800", "close": str(close), "volume": "10"}
        return {"symbol": "BTCUSDT", "interval": "1m", "time": milliseconds(self.time(number)), **prices}

    @staticmethod
    def close(number: int) -> float:
        return 50_000.0 + 100 * ((number // 3) % 2) + number % 7

    def put(self, *numbers: int) -> None:
        for number in numbers:
            self.exchange.ctl("candle", still=True, **self.bar(number))

    def tell(self, number: int, times: int = 1) -> None:
        """By the stream alone."""
        self.exchange.ctl("tell", times=times, **self.bar(number))


@pytest.fixture
def market(exchange: Loopback) -> Market:
    return Market(exchange)


@pytest.fixture
def strategy(tmp_path: Path) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(strategy_text(**STRATEGY), encoding="utf-8")
    return path


class Host(MemoryHost):
    """Each time the bot waits, the next step of a script is taken; after the last one it is told to end."""

    def __init__(self, folder: Path, clock: Clock, script: Iterator[object]) -> None:
        super().__init__({PlaceOrder: PlaceOnPaper(folder / "paper.db")}, clock=clock)
        self.script = script

    def pause_for(self, timeout: float) -> None:
        self.step()

    def step(self) -> None:
        if next(self.script, "over") == "over":
            self.order = Order.CANCEL


class Streamed(Host):
    """The stream is what waits: a step is taken at each of the bot's beats."""

    def beat(self, progress: Progress, waiting: Waiting | None) -> None:
        super().beat(progress, waiting)
        self.step()


def markets_of(access: Access, clock: Clock, opened: list[CcxtVenue], *, streams: bool) -> LiveMarkets:
    limiters = Limiters(clock)

    def market() -> CcxtVenue:
        opened.append(CcxtVenue(access.public(), clock, limiters, timeout=2.0))
        return opened[-1]

    def stream(symbol: str, bar: timedelta) -> BarStream:
        return BarStream(access, clock, limiters, symbol, bar)

    return LiveMarkets(access.account, market, stream, streams)


def trade(host: Host, strategy: Path, markets: LiveMarkets) -> None:
    trader = PaperTrader(str(strategy))
    trader.equip(markets)
    host.run(trader, "bot")


def passing(market: Market, clock: ManualClock, at: dict[int, Callable[[], object]]) -> Iterator[object]:
    """Ten seconds pass at each step, there and here; bars are there as they close, and things happen ``at`` steps."""
    for step in range(90):
        clock.advance(10)
        now = milliseconds(clock.now())
        market.exchange.ctl("clock", at=now)
        market.put((now - market.start) // 60_000 - 1)
        yield at.get(step, lambda: None)()


def test_bars_are_asked_for_as_they_close_and_an_outage_is_told_once_and_filled_in(
    market: Market, strategy: Path, access: Access, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="process.bot")
    clock = ManualClock(market.time(0) + timedelta(seconds=20))
    exchange = market.exchange
    at = {30: lambda: exchange.ctl("unreachable"), 50: lambda: exchange.ctl("calm")}
    host = Host(tmp_path, clock, passing(market, clock, at))
    trade(host, strategy, markets_of(access, clock, [], streams=False))
    (started,) = told(host, SessionStarted)
    assert started.label == f"live: binance at {exchange.url}"
    prices = host.samples["trading.price:bot"]
    assert len(prices) >= 14
    assert prices == [market.close(number) for number in range(-1, len(prices) - 1)]
    lines = [record.message for record in caplog.records if "exchange" in record.message]
    assert lines[0].startswith("the exchange cannot be asked: ")
    assert lines[1].startswith("the exchange answers again, after ")
    assert len(lines) == 2
    assert any("late: nothing is sent by it" in record.message for record in caplog.records)
    assert told(host, Filled)
    assert {fill.priced.partition(",")[0] for fill in told(host, Filled)} == {"the order book"}
    assert {each["request"] for each in exchange.asked()} <= {
        f"GET /api/v3/{path}" for path in ("time", "exchangeInfo", "klines", "depth")
    }


def streaming(market: Market, opened: list[CcxtVenue], host_prices: Callable[[], int]) -> Iterator[object]:
    """What a stream may do: tell a bar three times, tell two in the wrong order, and leave one out."""
    exchange = market.exchange

    def until(number: int) -> None:
        exchange.ctl("clock", at=milliseconds(market.time(number)) + 1_000)
        opened[0].offset()

    while exchange.ctl("streams") != [["btcusdt@kline_1m"]]:
        yield "not yet"
    until(1)
    market.tell(0, times=3)
    while host_prices() < 2:
        yield "not yet"
    until(3)
    market.tell(2)
    market.tell(1)
    while host_prices() < 4:
        yield "not yet"
    until(5)
    market.put(3)
    market.tell(4)
    while host_prices() < 6:
        yield "not yet"


def test_a_stream_that_repeats_mixes_up_and_leaves_out_bars_gives_each_once_and_in_order(
    market: Market, strategy: Path, access: Access, tmp_path: Path
) -> None:
    opened: list[CcxtVenue] = []
    host = Streamed(tmp_path, SystemClock(), iter(()))
    host.script = streaming(market, opened, lambda: len(host.samples.get("trading.price:bot", ())))
    trade(host, strategy, markets_of(access, host.clock, opened, streams=True))
    assert host.samples["trading.price:bot"] == [market.close(number) for number in range(-1, 5)]
    assert len({effect.key for effect in host.acts}) == len(host.acts)
