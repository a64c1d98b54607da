from datetime import timedelta
from threading import Thread

import pytest

from services.core.clock import SystemClock
from services.trading.venue.access import Access
from services.trading.venue.ccxt_venue import CcxtVenue
from services.trading.venue.limiter import Limiter, Limiters, TurnedAway
from services.trading.venue.venue import VenueRefused, VenueUnsure
from tests.support.exchange.loopback import CREATE, Loopback
from tests.support.manual_clock import ManualClock
from tests.support.tickets import SYMBOL, resting

HEADER = "X-MBX-USED-WEIGHT-1M"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def test_all_who_ask_one_exchange_at_one_address_share_its_limiter(clock: ManualClock) -> None:
    limiters = Limiters(clock)
    assert limiters.of("binance", 6000, HEADER) is limiters.of("binance", 6000, HEADER)
    assert limiters.of("binance at http://127.0.0.1:1", 6000, HEADER) is not limiters.of("binance", 6000, HEADER)


def test_the_weight_that_the_exchange_tells_counts_with_that_of_others(clock: ManualClock) -> None:
    limiter = Limiter("binance", clock, 100, HEADER)
    limiter.turn(10)
    limiter.told(200, {HEADER.lower(): "75"})
    limiter.turn(5)
    with pytest.raises(TurnedAway, match="used up"):
        limiter.turn(5)
    clock.advance(timedelta(minutes=1))
    limiter.turn(5)
    assert limiter.standing.used == 5


def test_a_turn_that_comes_soon_is_waited_for(clock: ManualClock) -> None:
    limiter = Limiter("binance", clock, 100, HEADER)
    clock.advance(timedelta(seconds=57))
    limiter.turn(70)
    waiting = clock.now()
    done: list[float] = []

    def ask() -> None:
        with clock.work():
            limiter.turn(70)
            done.append((clock.now() - waiting).total_seconds())

    thread = Thread(target=ask)
    with clock.work():
        thread.start()
    clock.advance(timedelta(seconds=4))
    thread.join()
    assert done == [3.0]


@pytest.mark.parametrize("status, words", [(429, "asks to be left alone"), (418, "has banned this address")])
def test_a_pause_that_is_asked_for_is_kept_by_all_and_ends(clock: ManualClock, status: int, words: str) -> None:
    limiter = Limiter("binance", clock, 100, HEADER)
    limiter.told(status, {"Retry-After": "30"})
    for _ in range(2):
        with pytest.raises(TurnedAway, match=words):
            limiter.turn(1)
    assert limiter.standing.until == clock.now() + timedelta(seconds=30)
    assert words in limiter.standing.why
    clock.advance(timedelta(seconds=30))
    limiter.turn(1)
    assert limiter.standing.until is None


def test_a_refusal_without_a_time_holds_for_a_minute_and_a_shorter_one_does_not_end_it(
    clock: ManualClock,
) -> None:
    limiter = Limiter("binance", clock, 100, HEADER)
    limiter.told(418, {})
    limiter.told(429, {"Retry-After": "1"})
    clock.advance(timedelta(seconds=50))
    with pytest.raises(TurnedAway, match="418"):
        limiter.turn(1)
    clock.advance(timedelta(seconds=10))
    limiter.turn(1)


@pytest.mark.parametrize("status", [418, 429])
def test_a_banned_address_is_left_alone_by_every_bot_and_an_order_is_refused_as_not_sent(
    exchange: Loopback, access: Access, status: int
) -> None:
    clock = SystemClock()
    limiters = Limiters(clock)
    one, other = CcxtVenue(access, clock, limiters), CcxtVenue(access, clock, limiters)
    other.rules(SYMBOL)
    answer = {"status": status, "headers": {"Retry-After": "60"}, "body": {"code": -1003, "msg": "Way too much."}}
    exchange.fault(CREATE, commit="never", answer=answer)
    with pytest.raises(VenueUnsure):
        one.place(resting(1))
    asked = len(exchange.asked())
    with pytest.raises(VenueRefused, match="not sent: binance at"):
        other.place(resting(2))
    with pytest.raises(VenueUnsure, match=str(status)):
        other.funds()
    assert len(exchange.asked()) == asked
    one.close()
    other.close()


def test_the_limiter_knows_what_the_exchange_counts(exchange: Loopback, access: Access) -> None:
    clock = SystemClock()
    limiters = Limiters(clock)
    venue = CcxtVenue(access, clock, limiters)
    venue.funds()
    (standing,) = limiters.standing().values()
    assert standing.used >= exchange.ctl("weights")["used"] > 20
    venue.close()


def test_an_order_goes_out_where_questions_have_used_up_the_minute(clock: ManualClock) -> None:
    limiter = Limiter("binance", clock, 100, HEADER)
    limiter.turn(80)
    with pytest.raises(TurnedAway):
        limiter.turn(1)
    limiter.turn(10, urgent=True)
    with pytest.raises(TurnedAway):
        limiter.turn(1, urgent=True)
