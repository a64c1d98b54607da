"""Bars by asking and by stream, from the loopback exchange."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from services.core.clock import SystemClock
from services.trading.venue.access import Access
from services.trading.venue.addresses import origins, replaced
from services.trading.venue.bar_reading import words
from services.trading.venue.bar_stream import BarStream, Heard
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.limiter import Limiters
from services.trading.venue.live_bar import By, LiveBar
from services.trading.venue.polled_bars import PolledBars
from services.trading.venue.reading import EPOCH, milliseconds
from services.trading.venue.streamed_bars import StreamedBars
from services.trading.venue.venue import VenueRefused, VenueUnsure
from tests.support.exchange.loopback import Loopback
from tests.support.stranger import Stranger
from tests.support.tickets import SYMBOL

MINUTE = timedelta(minutes=1)
KLINES = "GET /api/v3/klines"
Minutes = Callable[[int], datetime]


@pytest.fixture
def market(access: Access) -> Iterator[CcxtVenue]:
    clock = SystemClock()
    opened = CcxtVenue(access.public(), clock, Limiters(clock), timeout=2.0)
    yield opened
    opened.close()


@pytest.fixture
def minute(exchange: Loopback) -> Minutes:
    """The opening time of the bar so many before the running one; the exchange is 20 s into that."""
    now = exchange.ctl("clock")["now"]
    start = now // 60_000 * 60_000
    exchange.ctl("clock", at=start + 20_000)
    return lambda before: EPOCH + timedelta(milliseconds=start - before * 60_000)


def numbers(at: datetime, **more: object) -> dict[str, object]:
    prices = {"open": "50000.5", "high": "50010", "low": "49990", "close": "50001", "volume": "1.25"}
    return {"symbol": "BTCUSDT", "interval": "1m", "time": milliseconds(at), **prices, **more}


def put(exchange: Loopback, *times: datetime) -> None:
    for at in times:
        exchange.ctl("candle", still=True, **numbers(at))


def opens(bars: list[LiveBar]) -> list[datetime]:
    return [bar.candle.time for bar in bars]


def test_only_closed_bars_are_told_however_many_pages_they_take(
    market: CcxtVenue, exchange: Loopback, minute: Minutes
) -> None:
    exchange.ctl("candles", count=1500, **numbers(minute(1500)))
    put(exchange, minute(0))
    bars = market.bars(SYMBOL, MINUTE, minute(1200))
    assert [bar.time for bar in bars] == [minute(before) for before in range(1200, 0, -1)]
    assert (bars[0].open, bars[0].volume) == (50000.5, 1.25)


def test_polling_passes_each_bar_on_once_and_what_was_missed_is_marked_as_late(
    market: CcxtVenue, exchange: Loopback, minute: Minutes
) -> None:
    put(exchange, minute(3), minute(2), minute(1), minute(0))
    feed = PolledBars(market, SYMBOL, MINUTE, minute(4))
    bars = feed.poll()
    assert opens(bars) == [minute(3), minute(2), minute(1)]
    assert [bar.late() for bar in bars] == [True, True, False]
    assert feed.poll() == []
    assert timedelta(seconds=30) < feed.due() < timedelta(seconds=42)
    assert not feed.stale()


def test_a_market_whose_bars_stop_coming_is_found_stale_by_the_exchanges_clock(
    market: CcxtVenue, exchange: Loopback, minute: Minutes
) -> None:
    put(exchange, minute(1))
    feed = PolledBars(market, SYMBOL, MINUTE, minute(2))
    feed.poll()
    exchange.ctl("clock", at=milliseconds(minute(-3)))
    market.offset()
    assert feed.poll() == []
    assert feed.stale()


ROWS = (
    '"x", "2", "1", "1", "1"',
    '"1", "0.5", "1", "1", "1"',
    '"NaN", "NaN", "NaN", "NaN", "1"',
    '"0", "0", "0", "0", "1"',
    '"1", "2", "1", "1", "-1"',
    "null, 2, 1, 1, 1",
)


@pytest.mark.parametrize("row", ROWS)
def test_bars_that_make_no_sense_are_not_passed_on(
    market: CcxtVenue, exchange: Loopback, minute: Minutes, row: str
) -> None:
    exchange.fault(KLINES, answer={"body": f"[[{milliseconds(minute(1))}, {row}]]"})
    with pytest.raises(VenueUnsure):
        PolledBars(market, SYMBOL, MINUTE, minute(2)).poll()


@pytest.mark.parametrize("body", ["<html>", '{"a": 1}', "", "[["])
def test_what_is_no_list_of_bars_is_not_taken_for_none(
    market: CcxtVenue, exchange: Loopback, minute: Minutes, body: str
) -> None:
    exchange.fault(KLINES, answer={"body": body})
    with pytest.raises(VenueUnsure):
        PolledBars(market, SYMBOL, MINUTE, minute(2)).poll()


def test_a_length_that_no_exchange_has_is_refused() -> None:
    assert [words(timedelta(seconds=each)) for each in (60, 300, 14_400, 86_400)] == ["1m", "5m", "4h", "1d"]
    with pytest.raises(VenueRefused):
        words(timedelta(seconds=0.5))


@pytest.fixture
def stream(access: Access) -> Iterator[BarStream]:
    clock = SystemClock()
    opened = BarStream(access, clock, Limiters(clock), SYMBOL, MINUTE)
    yield opened
    opened.close()


@pytest.fixture
def feed(market: CcxtVenue, stream: BarStream, exchange: Loopback, minute: Minutes) -> StreamedBars:
    """Opened and subscribed, with the bar before the running one already passed on."""
    put(exchange, minute(1))
    opened = StreamedBars(market, stream, SYMBOL, MINUTE, minute(2))
    assert opens(hear(opened, 1)) == [minute(1)]
    while exchange.ctl("streams") != [["btcusdt@kline_1m"]]:
        opened.wait(0.05)
    return opened


def hear(feed: StreamedBars, count: int) -> list[LiveBar]:
    """Wait for so many bars."""
    bars: list[LiveBar] = []
    while len(bars) < count:
        bars += feed.wait(0.5)
    return bars


def test_a_streamed_bar_is_passed_on_when_it_is_closed_and_only_once(
    feed: StreamedBars, exchange: Loopback, minute: Minutes
) -> None:
    exchange.ctl("tell", closed=False, **numbers(minute(0)))
    exchange.ctl("tell", times=3, **numbers(minute(0), close="50002"))
    exchange.ctl("tell", **numbers(minute(-1)))
    bars = hear(feed, 2)
    assert opens(bars) == [minute(0), minute(-1)]
    assert [bar.by for bar in bars] == [By.STREAM, By.STREAM]
    assert bars[0].candle.close == 50002.0


def test_what_the_stream_missed_is_asked_for_and_comes_first(
    feed: StreamedBars, exchange: Loopback, minute: Minutes
) -> None:
    exchange.ctl("clock", at=milliseconds(minute(-3)) + 1_000)
    feed._source.offset()  # type: ignore[attr-defined]
    put(exchange, minute(0), minute(-1))
    exchange.ctl("tell", **numbers(minute(-2)))
    bars = hear(feed, 3)
    assert opens(bars) == [minute(0), minute(-1), minute(-2)]
    assert [bar.by for bar in bars[:2]] == [By.FILL_IN, By.FILL_IN]
    assert [bar.late() for bar in bars] == [True, True, False]


def test_bars_out_of_order_are_put_in_order(feed: StreamedBars, exchange: Loopback, minute: Minutes) -> None:
    exchange.ctl("tell", **numbers(minute(-1)))
    exchange.ctl("tell", **numbers(minute(0)))
    assert opens(hear(feed, 2)) == [minute(0), minute(-1)]


def test_a_broken_stream_is_opened_anew_and_what_it_missed_is_filled_in(
    feed: StreamedBars, stream: BarStream, exchange: Loopback, minute: Minutes
) -> None:
    exchange.ctl("break_streams")
    while not stream.fault:
        feed.wait(0.05)
    exchange.ctl("clock", at=milliseconds(minute(-1)) + 1_000)
    feed._source.offset()  # type: ignore[attr-defined]
    put(exchange, minute(0))
    assert opens(hear(feed, 1)) == [minute(0)]
    while stream.opened < 2:
        feed.wait(0.05)


def test_a_stream_that_merely_falls_silent_is_found_by_the_exchanges_timestamps(
    feed: StreamedBars, stream: BarStream, exchange: Loopback, minute: Minutes
) -> None:
    exchange.ctl("tell", closed=False, **numbers(minute(0)))
    exchange.ctl("clock", at=milliseconds(minute(-2)))
    feed._source.offset()  # type: ignore[attr-defined]
    put(exchange, minute(0), minute(-1))
    assert opens(hear(feed, 2)) == [minute(0), minute(-1)]
    feed.wait(0.05)
    assert stream.opened == 2


class NeverOpen:
    """A stream that cannot be opened."""

    opened = 0

    def wait(self, seconds: float) -> list[Heard]:
        return []

    def reopen(self) -> None:
        """It is still not open."""

    def close(self) -> None:
        """There is nothing to close."""


def test_where_the_stream_cannot_be_opened_bars_are_asked_for_as_they_come_due(
    market: CcxtVenue, exchange: Loopback, minute: Minutes
) -> None:
    market.offset()
    feed = StreamedBars(market, NeverOpen(), SYMBOL, MINUTE, minute(1))
    put(exchange, minute(0))
    exchange.ctl("clock", at=milliseconds(minute(-1)) + 1_000)
    market.offset()
    assert feed.wait(0) == []
    exchange.ctl("clock", at=milliseconds(minute(-1)) + 4_000)
    market.offset()
    (bar,) = feed.wait(0)
    assert (bar.candle.time, bar.by, bar.late()) == (minute(0), By.FILL_IN, False)
    asked = len(exchange.asked(KLINES))
    assert feed.wait(0) == feed.wait(0) == []
    assert len(exchange.asked(KLINES)) == asked


def test_messages_that_make_no_sense_are_counted_and_the_stream_goes_on(
    feed: StreamedBars, stream: BarStream, exchange: Loopback, minute: Minutes
) -> None:
    for instead in ({"e": "kline"}, {"e": "kline", "E": 5, "k": {"t": "x"}}, {"e": "kline", "E": "soon", "k": []}):
        exchange.ctl("tell", instead=instead, **numbers(minute(0)))
    exchange.ctl("tell", **numbers(minute(0)))
    assert opens(hear(feed, 1)) == [minute(0)]
    assert stream.nonsense == 3


def test_an_address_in_the_stream_of_another_host_is_refused_before_it_is_asked(
    access: Access, stream: BarStream, exchange: Loopback
) -> None:
    stream._loop.run_until_complete(stream._open())
    stream._exchange.urls["api"]["ws"]["spot"] = "ws://127.0.0.1:9/ws"
    assert stream._watch is not None
    stream._watch.cancel()
    with pytest.raises(Exception, match=r"ws://127\.0\.0\.1:9 was refused|Jailed"):
        stream._loop.run_until_complete(stream._exchange.watch_ohlcv(SYMBOL, "5m"))


def test_a_redirect_of_the_streams_own_questions_is_not_followed(
    stream: BarStream, exchange: Loopback, stranger: Stranger
) -> None:
    away = {"Location": f"http://127.0.0.1:{stranger.server_port}/api/v3/exchangeInfo"}
    exchange.fault("GET /api/v3/exchangeInfo", answer={"status": 302, "headers": away})
    assert stream.wait(0.05) == []
    assert (stream.fault, stream.opened, stranger.connections) == ("Jailed", 0, 0)


def test_a_redirect_of_the_stream_within_the_exchange_is_not_followed_either(
    stream: BarStream, exchange: Loopback
) -> None:
    away = {"Location": f"{exchange.url}/api/v3/openOrders"}
    exchange.fault("GET /api/v3/exchangeInfo", answer={"status": 302, "headers": away})
    assert stream.wait(0.05) == []
    assert (stream.fault, stream.opened) == ("Jailed", 0)
    assert exchange.asked("GET /api/v3/openOrders") == []


def test_every_address_is_replaced_nested_streams_too() -> None:
    import ccxt.pro

    for name in ("binance", "kraken", "okx", "bybit"):
        moved = replaced(getattr(ccxt.pro, name)().urls, "http://127.0.0.1:7000/x")
        assert origins(moved) == {"http://127.0.0.1:7000", "ws://127.0.0.1:7000"}
    assert replaced({"ws": {"spot": "wss://a.b:9/ws?c"}}, "https://h")["ws"]["spot"] == "wss://h/ws?c"
