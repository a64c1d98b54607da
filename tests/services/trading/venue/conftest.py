from collections.abc import Iterator
from threading import Thread

import pytest

from services.core.clock import SystemClock
from services.trading.venue.access import Access
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.limiter import Limiters
from tests.support.exchange.loopback import KEY, SECRET, Loopback, loopback
from tests.support.stranger import Stranger


@pytest.fixture(scope="session")
def running_exchange() -> Iterator[Loopback]:
    with loopback() as exchange:
        yield exchange


@pytest.fixture
def exchange(running_exchange: Loopback) -> Loopback:
    """An account with 0.5 BTC and 10,000 USDT, at a price of 50,000."""
    running_exchange.ctl("reset")
    running_exchange.ctl("balance", BTC="0.5", USDT="10000")
    running_exchange.ctl("price", symbol="BTCUSDT", price="50000")
    return running_exchange


@pytest.fixture
def access(exchange: Loopback) -> Access:
    return Access("binance", exchange.url, KEY, SECRET)


@pytest.fixture
def venue(access: Access) -> Iterator[CcxtVenue]:
    clock = SystemClock()
    opened = CcxtVenue(access, clock, Limiters(clock), timeout=0.5)
    yield opened
    opened.close()


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with Stranger() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
