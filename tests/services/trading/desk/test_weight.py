"""What a position costs of the requests that an exchange allows in a minute, counted at the exchange itself."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.trading.desk.desk import Desk, Opening
from services.trading.desk.entering import Enter
from services.trading.desk.ledger import Ledger
from services.trading.venue.access import Access
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.limiter import Limiter, Limiters
from services.trading.venue.reading import milliseconds
from tests.support.desk_facts import INSTANCE
from tests.support.exchange.loopback import KEY, LOOK, SECRET, Loopback, loopback
from tests.support.exchange.weights import by_request
from tests.support.manual_clock import ManualClock

D = Decimal
COINS = ("BTC", "ETH", "SOL", "XRP", "ADA")
HALF = 30
"""Rounds, one each second: half a minute."""
SHARE = 450
"""Of a minute's weight, what a position may cost beside what the account costs anyhow."""
LIST, ACCOUNT, TIME = "GET /api/v3/openOrders", "GET /api/v3/account", "GET /api/v3/time"
DEPTH, TRADES = "GET /api/v3/depth", "GET /api/v3/myTrades"
FIXED = (LIST, ACCOUNT, TIME)


class Roomy(Limiters):
    """Nobody waits for a turn: a desk that asks for too much is to be counted, not held up."""

    def of(self, account: str, limit: int, header: str) -> Limiter:
        return super().of(account, 100 * limit, header)


@pytest.fixture(scope="module")
def running() -> Iterator[Loopback]:
    with loopback() as exchange:
        yield exchange


class Holder:
    """A desk by ccxt at that exchange, whose clock goes with the test's: one round each second."""

    def __init__(self, exchange: Loopback, ledger: Ledger, positions: int) -> None:
        self.exchange, self.coins = exchange, COINS[:positions]
        exchange.ctl("reset")
        exchange.ctl("weights", most=10**6)
        exchange.ctl("balance", USDT="100000")
        for coin in COINS:
            exchange.ctl("market", base=coin, quote="USDT", tick="0.01", step="0.00001", min_quantity="0.00001",
                         min_notional="10")  # fmt: skip
            exchange.ctl("price", symbol=f"{coin}USDT", price="50000")
        self.clock = ManualClock(datetime.fromtimestamp(exchange.ctl("clock")["now"] // 1000, UTC))
        self.tell_time()
        access = Access("binance", exchange.url, KEY, SECRET)
        self.venue = CcxtVenue(access, self.clock, Roomy(self.clock), timeout=10)
        self.desk = Desk(self.venue, ledger, self.clock, Opening(INSTANCE))

    def tell_time(self) -> None:
        self.exchange.ctl("clock", stands=milliseconds(self.clock.now()))

    def buy(self) -> None:
        """One position of each bot on a market of its own, with a stop five per cent below."""
        self.desk.round()
        for coin in self.coins:
            self.desk.allot(f"bot of {coin}", "USDT", D(1000))
            self.desk.enter(Enter(f"bot of {coin}", f"{coin}/USDT", "09:00", D(500), D(47_500)))

    def rounds(self, count: int) -> list[dict[str, Any]]:
        """What was asked for in so many."""
        before = len(self.exchange.asked())
        for _ in range(count):
            self.clock.advance(1.0)
            self.tell_time()
            self.desk.round()
        return self.exchange.asked()[before:]

    def is_well(self) -> bool:
        """Each position has its stop, and nothing was withheld."""
        stops = [each for each in self.exchange.ledger()["orders"] if each["status"] == "NEW"]
        return len(stops) == len(self.coins) and not self.desk.amiss() and not self.desk.bulkheads.withheld


@pytest.fixture
def holder(running: Loopback, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Holder]:
    ledger = Ledger(tmp_path / "account.db")
    made = Holder(running, ledger, request.param)
    made.buy()
    made.rounds(19)
    assert made.is_well()
    yield made
    made.venue.close()
    ledger.close()


def counted(asked: list[dict[str, Any]]) -> Counter[str]:
    return Counter(each["request"] for each in asked)


@pytest.mark.parametrize("holder", [1, 5], indirect=True)
def test_what_a_position_weighs_in_a_minute_leaves_room_for_more_than_five(holder: Holder) -> None:
    weight = by_request(asked := holder.rounds(HALF))
    assert holder.is_well()
    shares = sum(told for request, told in weight.items() if request not in FIXED)
    assert 2 * shares < SHARE * len(holder.coins), counted(asked)
    assert weight[LIST] + weight[ACCOUNT] == 3 * (80 + 20)
    assert 2 * weight.total() < 2_900


@pytest.mark.parametrize("holder", [1, 5], indirect=True)
def test_while_a_position_rests_its_price_is_asked_for_once_a_round_and_its_stop_and_trades_now_and_then(
    holder: Holder,
) -> None:
    asked = holder.rounds(HALF)
    each = len(holder.coins)
    assert counted(asked) == {DEPTH: 30 * each, LOOK: 3 * each, TRADES: 3 * each, LIST: 3, ACCOUNT: 3, TIME: 3}


@pytest.mark.parametrize("holder", [1], indirect=True)
def test_a_stop_that_the_price_has_come_near_to_is_asked_for_in_each_round(holder: Holder) -> None:
    holder.exchange.ctl("price", symbol="BTCUSDT", price="47600")
    assert counted(holder.rounds(HALF))[LOOK] == HALF
    assert holder.is_well()


@pytest.mark.parametrize("holder", [1], indirect=True)
def test_a_stop_that_a_fast_price_moves_towards_is_asked_for_before_it_is_there(holder: Holder) -> None:
    holder.exchange.ctl("price", symbol="BTCUSDT", price="49400")
    assert LOOK not in counted(holder.rounds(1))
    holder.exchange.ctl("price", symbol="BTCUSDT", price="49000")
    assert counted(holder.rounds(1))[LOOK] == 1


@pytest.mark.parametrize("holder", [1], indirect=True)
def test_an_entry_that_works_in_the_book_is_asked_for_in_each_round_and_what_rests_elsewhere_is_not(
    holder: Holder,
) -> None:
    limit = Enter("waits", "ETH/USDT", "09:00", D(500), D(40_000), offset=D("0.01"), times=1, reprice_after=1e6)
    holder.desk.allot("waits", "USDT", D(1000))
    holder.desk.enter(limit)
    holder.rounds(1)
    working = [o for o in holder.exchange.ledger()["orders"] if (o["side"], o["status"]) == ("BUY", "NEW")]
    (entry,) = (each["clientOrderId"] for each in working)
    looked = [each["fields"]["origClientOrderId"] for each in holder.rounds(9) if each["request"] == LOOK]
    assert looked.count(entry) == 9
    assert len(looked) == 10
