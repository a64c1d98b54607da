"""How many requests an account's trades take: one, where one page has them all."""

from datetime import timedelta

from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.paging import AHEAD, WINDOW
from tests.support.exchange.loopback import Loopback
from tests.support.tickets import SYMBOL, buy, identity, resting

TRADES, ORDERS = "GET /api/v3/myTrades", "GET /api/v3/allOrders"


def test_a_page_that_is_not_full_and_reaches_beyond_now_is_the_only_one(venue: CcxtVenue, exchange: Loopback) -> None:
    venue.place(buy())
    since = venue.now() - timedelta(minutes=11)
    assert len(venue.trades(SYMBOL, since)) == len(venue.orders(SYMBOL, since)) == 1
    assert (len(exchange.asked(TRADES)), len(exchange.asked(ORDERS))) == (1, 1)


def test_what_is_later_than_the_page_reaches_is_asked_for_by_number(venue: CcxtVenue, exchange: Loopback) -> None:
    venue.place(resting())
    exchange.ctl("fill", client_id=identity(1), quantity="0.0002")
    exchange.ctl("clock", ahead=int(WINDOW.total_seconds() * 1000))
    venue.offset()
    exchange.ctl("fill", client_id=identity(1), quantity="0.0003")
    told = venue.trades(SYMBOL, venue.now() - WINDOW - timedelta(minutes=1))
    assert [each.trade_id for each in told] == ["1", "2"]
    assert ["fromId" in each["fields"] for each in exchange.asked(TRADES)] == [False, True]


def test_a_page_that_reaches_hardly_beyond_now_may_lack_what_a_clock_ahead_of_ours_has(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    venue.place(buy())
    venue.trades(SYMBOL, venue.now() - WINDOW + AHEAD / 2)
    assert len(exchange.asked(TRADES)) == 2


def test_a_full_page_is_followed_by_the_next_one(venue: CcxtVenue, exchange: Loopback) -> None:
    venue.place(resting(1, quantity="0.1"))
    exchange.ctl("fill", client_id=identity(1), quantity="0.00002", times=1000)
    assert len(venue.trades(SYMBOL, venue.now() - timedelta(minutes=1))) == 1000
    assert len(exchange.asked(TRADES)) == 2
