from datetime import timedelta

import pytest

from services.core.clock import SystemClock
from services.trading.venue.access import Access
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.exchange_clock import ExchangeClock
from services.trading.venue.limiter import Limiters
from services.trading.venue.venue import VenueRefused
from tests.support.exchange.loopback import CREATE, Loopback
from tests.support.manual_clock import ManualClock
from tests.support.tickets import SYMBOL, identity, resting

HOUR = 3_600_000


@pytest.mark.parametrize("ahead", [-HOUR, HOUR])
def test_an_exchange_whose_clock_is_an_hour_off_is_traded_by_its_own(
    venue: CcxtVenue, exchange: Loopback, ahead: int
) -> None:
    exchange.ctl("clock", ahead=ahead)
    assert abs(venue.offset() - timedelta(milliseconds=ahead)) < timedelta(seconds=5)
    venue.place(resting())
    assert abs(venue.now() - SystemClock().now() - timedelta(milliseconds=ahead)) < timedelta(seconds=5)


def test_a_question_outside_of_the_exchanges_time_is_asked_again_after_measuring(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    venue.funds()
    exchange.ctl("clock", ahead=HOUR)
    assert "BTC" in venue.funds()
    assert abs(venue.now() - SystemClock().now() - timedelta(hours=1)) < timedelta(seconds=5)


def test_an_order_outside_of_the_exchanges_time_is_refused_and_the_next_one_is_in_time(
    venue: CcxtVenue, exchange: Loopback
) -> None:
    venue.funds()
    exchange.ctl("clock", ahead=HOUR)
    with pytest.raises(VenueRefused, match="Timestamp"):
        venue.place(resting(1))
    assert len(exchange.asked(CREATE)) == 1
    venue.place(resting(2))
    assert [each["clientOrderId"] for each in exchange.ledger()["orders"]] == [identity(2)]


def test_a_clock_that_cannot_be_measured_again_does_not_hold_back_an_order(access: Access, exchange: Loopback) -> None:
    clock = ManualClock(SystemClock().now())
    venue = CcxtVenue(access, clock, Limiters(clock), timeout=0.5)
    venue.rules(SYMBOL)
    clock.step_wall(timedelta(0))
    clock.advance(timedelta(minutes=11))
    exchange.ctl("clock", ahead=11 * 60_000)
    exchange.fault("GET /api/v3/time", answer="lost", times=5)
    venue.place(resting())
    venue.close()


def test_the_quickest_of_a_few_measurements_counts() -> None:
    clock = ManualClock()
    times = ExchangeClock(clock)
    slow = iter([2.0, 0.1])

    def ask() -> object:
        told = clock.now() + timedelta(seconds=7)
        clock.advance(next(slow))
        return told

    assert times.due
    times.measure(ask)  # type: ignore[arg-type]
    assert times.offset == timedelta(seconds=7) - timedelta(seconds=0.05)
    assert not times.due
    clock.advance(timedelta(minutes=10))
    assert times.due
