"""A stop whose answer was lost: looked for in each round, never sent again before it is known to have never arrived."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.trading.desk.events import OrderAccepted, OrderSentAgain
from services.trading.desk.news import of_trades
from services.trading.desk.order import applied
from services.trading.desk.states import OrderState, Role
from services.trading.fills import Side
from services.trading.venue.told import Funds, OrderKind, Ticket
from tests.support.desk_facts import AT, MARKET
from tests.support.desks import BOT, Floor
from tests.support.lost_stops import STOP, sent_stops, sold

D = Decimal


def test_one_that_arrived_is_found_in_the_very_round(floor: Floor) -> None:
    floor.venue.wrong = ["", "lost"]
    desk = floor.bought()
    (order,) = desk.book.open_orders(role=Role.STOP)
    assert order.state is OrderState.ACCEPTED
    assert floor.stops() == STOP


def test_one_that_cannot_be_seen_is_found_within_a_second_of_being_seen(floor: Floor) -> None:
    floor.venue.wrong = ["", "lost, hidden"]
    desk = floor.bought()
    floor.pass_seconds(3, rounds=3)
    floor.venue.release()
    floor.pass_seconds(1)
    assert desk.book.open_orders(role=Role.STOP)[0].state is OrderState.ACCEPTED


def test_one_that_never_arrived_is_replaced_once_three_looks_after_its_deadline_have_proved_it(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    floor.bought()
    floor.pass_seconds(39, rounds=39)
    assert len(sent_stops(floor)) == 1
    floor.pass_seconds(20, rounds=20)
    assert floor.stops() == STOP
    assert len(set(sent_stops(floor))) == len(sent_stops(floor)) == 2


def test_one_that_sold_all_before_it_could_be_seen_is_never_followed_by_another_that_sells_the_users(
    floor: Floor,
) -> None:
    floor.venue.wrong = ["", "lost, hidden"]
    floor.bought()
    floor.pass_seconds(2, rounds=2)
    floor.price("47400")
    floor.price("50000")
    floor.pass_seconds(25, rounds=25)
    assert floor.stops() == []
    floor.venue.release()
    floor.pass_seconds(60, rounds=60)
    assert (floor.owned() < D("0.00001"), len(sent_stops(floor))) == (True, 1)
    floor.price("47400")
    floor.pass_seconds(5, rounds=5)
    assert floor.users_are_untouched()


def test_one_that_stands_and_cannot_be_seen_stands_alone(floor: Floor) -> None:
    floor.venue.wrong = ["", "lost, hidden"]
    floor.bought()
    floor.pass_seconds(25, rounds=25)
    assert len(sent_stops(floor)) == 1
    assert floor.stops() == STOP
    floor.venue.release()
    floor.pass_seconds(1)
    assert floor.desk.book.open_orders(role=Role.STOP)[0].state is OrderState.ACCEPTED


def test_while_nobody_can_tell_the_price_is_watched_from_here_and_what_is_surely_held_is_sold(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    desk = floor.bought()
    floor.price("47400")
    floor.pass_seconds(1)
    assert "nobody can tell" in desk.book.exits[BOT, MARKET].why
    floor.price("48000")
    floor.pass_seconds(60, rounds=60)
    assert not desk.book.holding(BOT, MARKET).opened
    assert [trade.quantity for trade in floor.venue.engine.ledger.trades if not trade.order.buys] == [D("0.00988")]
    assert floor.users_are_untouched()


def test_one_that_sells_while_the_price_is_watched_from_here_leaves_nothing_to_be_sold_twice(floor: Floor) -> None:
    floor.venue.wrong = ["", "lost, hidden"]
    desk = floor.bought()
    floor.price("47400")
    floor.pass_seconds(20, rounds=20)
    floor.venue.release()
    floor.pass_seconds(60, rounds=60)
    assert not desk.book.holding(BOT, MARKET).opened
    assert [trade.quantity for trade in floor.venue.engine.ledger.trades if not trade.order.buys] == [D("0.00988")]
    assert floor.users_are_untouched()


def test_what_was_given_up_is_looked_for_once_more_right_before_what_it_may_have_sold_is_sold(floor: Floor) -> None:
    floor.venue.wrong = ["", "lost, hidden"]
    desk = floor.bought()
    (lost,) = sent_stops(floor)
    desk.resolve(lost, False, "it is not on the exchange's page", "user")
    floor.price("47400")
    floor.venue.release()
    floor.desk.caring.look_after((BOT, MARKET))
    assert len(floor.venue.sent) == 2
    floor.pass_seconds(3, rounds=3)
    assert not desk.book.holding(BOT, MARKET).opened
    assert floor.users_are_untouched()


def test_what_the_account_has_less_of_than_is_ours_is_not_sold_after_a_lost_stop(floor: Floor) -> None:
    floor.venue.wrong = ["", "lost, hidden"]
    desk = floor.bought()
    desk.resolve(sent_stops(floor)[0], False, "it is not on the exchange's page", "user")
    floor.venue.lagging = {"BTC": Funds(D("0.005"), D(0)), "USDT": Funds(D(9_000), D(0))}
    floor.pass_seconds(3, rounds=3)
    assert len(floor.venue.sent) == 2


@pytest.mark.parametrize("answers", [["", "never", "never", "never", "never"], ["", "never", "lost"]])
def test_one_that_is_lost_again_and_again_is_given_up_only_after_the_three_looks(
    floor: Floor, answers: list[str]
) -> None:
    floor.venue.wrong = answers
    floor.bought()
    floor.pass_seconds(240, rounds=240)
    assert floor.stops() == STOP


def test_the_list_of_open_orders_is_a_part_of_each_look(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    desk = floor.bought()
    floor.venue.nonsense.add("orders")
    floor.pass_seconds(120, rounds=120)
    assert desk.book.open_orders(role=Role.STOP)[0].state is OrderState.UNKNOWN
    floor.venue.nonsense.clear()
    floor.pass_seconds(60, rounds=60)
    assert floor.stops() == STOP


def test_another_order_of_its_client_id_takes_no_trades_away_from_it(floor: Floor) -> None:
    desk = floor.bought()
    (order,) = desk.book.open_orders(role=Role.STOP)
    twin = applied(OrderAccepted(order.client_id, "another", AT), order)
    assert twin.exchange_ids == (order.exchange_id, "another")
    assert applied(OrderAccepted(order.client_id, "another", AT), twin) == twin
    (bought,) = floor.venue.trades(MARKET, AT)
    told = [replace(bought, trade_id=each, exchange_id=each) for each in (order.exchange_id, "another", "a stranger")]
    assert [filled.trade_id for filled in of_trades([twin], told)] == [order.exchange_id, "another"]


def test_an_older_ledger_that_sent_one_again_is_waited_for_till_the_later_deadline(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    desk = floor.bought()
    (order,) = desk.book.open_orders(role=Role.STOP)
    assert order.deadline is not None
    later = OrderSentAgain(order.client_id, AT, order.deadline + (order.deadline - order.at))
    assert applied(later, order).deadline == later.deadline


def test_coins_of_the_users_that_an_order_of_ours_sells_are_seen_to_be_touched(floor: Floor) -> None:
    floor.bought()
    assert floor.users_are_untouched()
    floor.venue.place(Ticket("0a1b2c3d", MARKET, Side.SELL, OrderKind.MARKETABLE, D("0.00988"), D(49_000)))
    assert not floor.users_are_untouched()


def test_one_that_never_arrived_keeps_nothing_from_being_sold_once_its_deadline_is_past(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    floor.bought()
    floor.pass_seconds(12, rounds=12)
    floor.price("47400")
    floor.pass_seconds(1)
    assert sold(floor) == [D("0.00988")]
    floor.pass_seconds(60, rounds=60)
    assert floor.users_are_untouched()


def test_before_its_deadline_one_that_may_still_arrive_is_waited_for(floor: Floor) -> None:
    floor.venue.wrong = ["", "late"]
    floor.bought()
    floor.price("47400")
    floor.pass_seconds(9, rounds=9)
    assert sold(floor) == []
    floor.pass_seconds(2, rounds=2)
    assert sold(floor) == [D("0.00988")]
