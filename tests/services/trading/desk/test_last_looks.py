"""What becomes of a stop that is not asked for in each second: learnt in the next round, or within five seconds."""

import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.trading.desk.desk import Desk
from services.trading.desk.states import OrderState, Role
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish
from tests.support.exchange.ledger import Order
from tests.support.lost_stops import sold

D = Decimal
ALL_SOLD = [D("0.00988")]


def rested(floor: Floor) -> Desk:
    """With a stop at 47,500, below a price of 50,000, that a whole poll has listed just now: the one of second 20."""
    desk = floor.bought()
    floor.pass_seconds(20, rounds=20)
    assert floor.stops() == [(D(47_500), D("0.00988"))]
    return desk


def stop_of(floor: Floor) -> Order:
    return next(each for each in reversed(floor.venue.engine.ledger.orders) if each.trigger)


def is_closed(floor: Floor) -> bool:
    return not floor.desk.book.holding(BOT, MARKET).opened


def test_one_that_is_executed_by_a_price_that_jumps_there_is_known_to_be_in_the_next_round(floor: Floor) -> None:
    desk = rested(floor)
    floor.price("47400")
    floor.pass_seconds(1)
    assert (is_closed(floor), desk.book.exits, floor.venue.cancels) == (True, {}, [])
    assert sold(floor) == ALL_SOLD


def test_one_that_is_executed_before_the_price_falls_further_is_not_held_to_have_been_passed_by(floor: Floor) -> None:
    desk = rested(floor)
    floor.price("47400")
    floor.price("46000")  # below what it would have been sold for at the least
    floor.pass_seconds(1)
    assert (is_closed(floor), desk.book.exits, floor.venue.cancels) == (True, {}, [])
    assert sold(floor) == ALL_SOLD
    assert floor.users_are_untouched()


def test_one_that_the_price_jumps_past_is_replaced_by_a_sale_in_the_next_round(floor: Floor) -> None:
    rested(floor)
    floor.price("46000")
    floor.pass_seconds(1)
    assert sold(floor) == ALL_SOLD


@pytest.mark.parametrize("second", range(10))
def test_one_that_is_executed_by_a_spike_that_no_price_told_of_is_known_to_be_within_five_seconds(
    floor: Floor, second: int
) -> None:
    desk = rested(floor)
    if second:
        floor.pass_seconds(second, rounds=second)
    floor.price("47400")
    floor.price("50000")
    floor.pass_seconds(5, rounds=5)
    assert (is_closed(floor), desk.book.exits, floor.venue.cancels) == (True, {}, [])
    assert sold(floor) == ALL_SOLD


def test_one_that_no_list_has_told_of_yet_is_asked_for_in_each_round(floor: Floor) -> None:
    floor.bought()
    floor.pass_seconds(3, rounds=3)
    floor.price("47400")
    floor.price("50000")
    floor.pass_seconds(1)
    assert is_closed(floor)


@pytest.mark.parametrize("second", range(0, 10, 3))
def test_a_part_of_it_that_is_executed_by_a_spike_is_known_within_five_seconds(floor: Floor, second: int) -> None:
    desk = rested(floor)
    if second:
        floor.pass_seconds(second, rounds=second)
    floor.venue.engine.fill(stop_of(floor), D("0.004"))
    floor.pass_seconds(5, rounds=5)
    (order,) = desk.book.open_orders(role=Role.STOP)
    assert (order.state, order.filled) == (OrderState.PARTIALLY_FILLED, D("0.004"))
    floor.venue.engine.fill(stop_of(floor), D("0.00588"))
    floor.pass_seconds(1)
    assert is_closed(floor)


def test_one_that_is_being_filled_when_it_is_to_be_moved_is_known_to_be_in_the_next_round(floor: Floor) -> None:
    floor.ready().enter(wish(stop=None, trailing_share=D("0.05")))
    floor.pass_seconds(21, rounds=21)
    ((_, whole),) = floor.stops()
    floor.venue.engine.fill(stop_of(floor), D("0.004"))
    floor.desk.saw_high(BOT, MARKET, D(52_000), floor.clock.now())
    floor.pass_seconds(1)
    assert len(floor.venue.moved) == 1
    floor.pass_seconds(1)
    assert floor.stops() == [(D("49400.00"), whole - D("0.004"))]


def test_one_of_which_more_is_told_than_its_trades_is_asked_for_until_they_come(floor: Floor) -> None:
    desk = rested(floor)
    trades = floor.venue.engine.ledger.trades
    floor.venue.engine.fill(stop_of(floor), D("0.004"))
    late = trades.pop()
    floor.pass_seconds(5, rounds=5)
    assert desk.book.open_orders(role=Role.STOP)[0].state is OrderState.ACCEPTED
    trades.append(late)
    floor.pass_seconds(1)
    assert desk.book.open_orders(role=Role.STOP)[0].state is OrderState.PARTIALLY_FILLED


@pytest.mark.parametrize("seconds", [1, 4])
def test_what_somebody_takes_out_is_sold_at_once_where_the_price_jumps_there(floor: Floor, seconds: int) -> None:
    rested(floor)
    floor.venue.engine.cancel(stop_of(floor))
    if seconds > 1:
        floor.pass_seconds(seconds - 1, rounds=seconds - 1)
    floor.price("47400")
    floor.pass_seconds(1)
    assert sold(floor) == ALL_SOLD
    assert floor.users_are_untouched()


def test_what_somebody_takes_out_is_seen_to_be_gone_before_the_price_is_there(floor: Floor) -> None:
    rested(floor)
    floor.venue.engine.cancel(stop_of(floor))
    floor.price("47700")
    floor.pass_seconds(1)
    assert floor.stops() == [(D(47_500), D("0.00988"))]


def test_after_hours_of_sleep_each_order_is_asked_for_in_the_first_round(floor: Floor) -> None:
    rested(floor)
    floor.price("47400")
    floor.price("50000")
    floor.pass_seconds(1)
    assert not is_closed(floor)
    floor.clock.sleep_machine(floor.clock.now().replace(hour=12) - floor.clock.now())
    floor.pass_seconds(1)
    assert is_closed(floor)


def test_in_an_emergency_stop_no_order_waits(floor: Floor) -> None:
    desk = rested(floor)
    desk.panic.begin("test")
    floor.price("47400")
    floor.price("50000")
    floor.pass_seconds(1)
    assert (is_closed(floor), floor.venue.cancels) == (True, [])


def test_while_ledger_and_exchange_are_not_one_no_order_waits(floor: Floor) -> None:
    desk = rested(floor)
    desk.measuring.reconciled = False
    floor.price("47400")
    floor.price("50000")
    floor.pass_seconds(1)
    assert is_closed(floor)


MOVES = st.tuples(st.sampled_from([0, 0, 0, 47_400, 46_900]), st.sampled_from([50_000, 49_000, 47_900, 47_600, 47_450]))
"""In each second where a spike goes, 0 for none, and where the price stands at its end."""


@settings(max_examples=30, deadline=None)
@given(st.lists(MOVES, min_size=1, max_size=14))
def test_wherever_the_price_goes_what_is_executed_is_known_in_time_and_nothing_is_sold_twice(
    moves: list[tuple[int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        floor = Floor(Path(folder) / "account.db")
        try:
            rested(floor)
            executed = 0
            for spike, price in moves:
                for each in filter(None, (spike, price)):
                    floor.price(str(each))
                floor.pass_seconds(1)
                executed += not stop_of(floor).open
                assert is_closed(floor) or executed < 5
                assert is_closed(floor) or not executed or price > 47_738
                assert sum(sold(floor)) <= ALL_SOLD[0]
            floor.pass_seconds(5, rounds=5)  # until then the book may not know what has just been sold
            assert floor.users_are_untouched()
        finally:
            floor.close()
