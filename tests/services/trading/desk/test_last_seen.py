"""What is remembered of the latest list and the latest looks, and which stops prices make due."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.trading.desk.last_seen import LastSeen
from services.trading.desk.order import Order
from services.trading.desk.states import Role
from services.trading.venue.told import Reported, Standing
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal


@pytest.fixture
def stop(floor: Floor) -> Order:
    """One that rests at 47,500."""
    (order,) = floor.bought().book.open_orders(role=Role.STOP)
    return order


@pytest.fixture
def told(floor: Floor, stop: Order) -> Reported:
    """What the exchange tells of it."""
    (found,) = (each for each in floor.venue.open_orders() if each.client_id == stop.client_id)
    return found


@pytest.fixture
def last_seen(floor: Floor, told: Reported) -> LastSeen:
    """With a list that has it, a second after it was sent, and a price of 50,000."""
    made = LastSeen(floor.desk.register)
    made.near({MARKET: D(50_000)})
    floor.clock.advance(timedelta(seconds=1))
    made.listed([told], floor.venue.now())
    return made


def waits(last_seen: LastSeen, order: Order) -> bool:
    return last_seen.may_wait(order, ())


def test_what_the_list_has_may_wait_until_another_lacks_it(floor: Floor, last_seen: LastSeen, stop: Order) -> None:
    assert waits(last_seen, stop)
    last_seen.listed([], floor.venue.now())
    assert not waits(last_seen, stop)


def test_what_is_told_to_be_over_or_partly_filled_or_makes_no_sense_may_not(
    floor: Floor, last_seen: LastSeen, stop: Order, told: Reported
) -> None:
    others = [{"standing": Standing.FILLED}, {"filled": D("0.001")}, {"unread": "no price"}]
    for each in others:
        last_seen.listed([replace(told, **each)], floor.venue.now())  # type: ignore[arg-type]
        assert not waits(last_seen, stop)


def test_an_order_of_the_users_in_the_list_is_nobodys(floor: Floor, last_seen: LastSeen, told: Reported) -> None:
    last_seen.listed([replace(told, client_id="web_1")], floor.venue.now())
    assert last_seen.near({MARKET: D(47_000)}) == []


def test_a_look_without_an_answer_leaves_it_unseen(
    floor: Floor, last_seen: LastSeen, stop: Order, told: Reported
) -> None:
    assert last_seen.ask(stop)
    assert not waits(last_seen, stop)
    assert not last_seen.ask(stop)
    last_seen.answered(told, floor.venue.now())
    assert waits(last_seen, stop)


def test_it_waits_five_seconds_from_the_latest_look(
    floor: Floor, last_seen: LastSeen, stop: Order, told: Reported
) -> None:
    floor.clock.advance(timedelta(seconds=5))
    assert not waits(last_seen, stop)
    last_seen.ask(stop)
    last_seen.answered(told, floor.venue.now())
    floor.clock.advance(timedelta(seconds=4.9))
    assert waits(last_seen, stop)


def test_nothing_waits_while_the_account_is_restless(floor: Floor, stop: Order, told: Reported) -> None:
    restless = LastSeen(floor.desk.register, lambda: True)
    restless.listed([told], floor.venue.now())
    assert not waits(restless, stop)


def test_one_that_was_not_found_or_is_being_left_may_not(floor: Floor, last_seen: LastSeen, stop: Order) -> None:
    assert not last_seen.may_wait(stop, {stop.client_id})
    floor.desk.leave(BOT, MARKET, "10:00", "exit")
    assert not waits(last_seen, stop)


def test_while_something_is_to_be_bought_on_its_market_it_may_not(
    floor: Floor, last_seen: LastSeen, stop: Order
) -> None:
    floor.desk.enter(replace(wish("09:05"), bot="other", capital=D(1000)))
    assert not waits(last_seen, stop)


def test_a_price_that_is_near_names_the_stops_that_were_not_asked_for_in_this_round(
    last_seen: LastSeen, stop: Order, told: Reported, floor: Floor
) -> None:
    last_seen.begin()
    assert last_seen.near({MARKET: D(47_600)}) == [stop]
    last_seen.ask(stop)
    last_seen.answered(told, floor.venue.now())
    assert last_seen.near({MARKET: D(47_600)}) == []
    last_seen.begin()
    assert last_seen.near({MARKET: D(47_600)}) == [stop]


def test_where_a_market_has_no_price_its_stops_are_named(last_seen: LastSeen, stop: Order) -> None:
    assert last_seen.near({MARKET: D(50_000)}) == []
    assert last_seen.near({"ETH/USDT": D(2_000)}) == [stop]


def test_the_move_is_measured_between_the_extremes_since_the_latest_look_and_anew_from_the_next(
    floor: Floor, last_seen: LastSeen, stop: Order, told: Reported
) -> None:
    assert last_seen.near({MARKET: D(50_600)}) == []
    assert last_seen.near({MARKET: D(49_700)}) == [stop]
    last_seen.ask(stop)
    last_seen.answered(told, floor.venue.now())
    last_seen.begin()
    assert last_seen.near({MARKET: D(49_650)}) == []
