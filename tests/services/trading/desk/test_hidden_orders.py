"""An order that arrived and that nothing shows for minutes: known by the coins that it holds back or has sold."""

from decimal import Decimal

import pytest

from services.trading.desk.events import CancelAsked
from services.trading.desk.inbox import asked_of_a_person
from services.trading.desk.states import OrderState, Role
from services.trading.venue.told import Funds
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish
from tests.support.lost_stops import STOP, hidden_stop, sent_stops, sold

D = Decimal


@pytest.mark.parametrize("restarts", [False, True])
def test_one_that_nothing_shows_for_minutes_stays_alone_by_the_coins_that_it_holds_back(
    floor: Floor, restarts: bool
) -> None:
    hidden_stop(floor)
    if restarts:
        floor.restart()
    floor.pass_seconds(120, rounds=120)
    assert (floor.stops(), len(sent_stops(floor))) == (STOP, 1)
    assert "held back by an order that is not shown" in floor.desk.amiss()
    floor.venue.release()
    floor.pass_seconds(1)
    assert floor.desk.book.open_orders(role=Role.STOP)[0].state is OrderState.ACCEPTED
    assert floor.desk.amiss() == ""


def test_one_that_has_sold_all_and_that_nothing_shows_for_minutes_is_followed_by_no_other(floor: Floor) -> None:
    hidden_stop(floor)
    floor.price("47400")
    floor.price("50000")
    floor.pass_seconds(120, rounds=120)
    assert len(floor.venue.sent) == 2
    assert "are missing that nothing known has paid" in floor.desk.amiss()
    floor.venue.release()
    floor.pass_seconds(3, rounds=3)
    assert not floor.desk.book.holding(BOT, MARKET).opened
    assert floor.users_are_untouched()


@pytest.mark.parametrize("shown_after", [5, 120])
def test_while_one_that_nothing_shows_may_have_sold_the_price_falls_and_nothing_is_sold_twice(
    floor: Floor, shown_after: int
) -> None:
    hidden_stop(floor)
    floor.pass_seconds(12, rounds=12)
    floor.price("47400", volume="0.004")
    floor.pass_seconds(shown_after, rounds=shown_after)
    floor.venue.release()
    floor.pass_seconds(30, rounds=30)
    assert not floor.desk.book.holding(BOT, MARKET).opened
    assert sum(sold(floor)) == D("0.00988")
    assert floor.users_are_untouched()


def test_one_that_only_its_cancelling_finds_is_taken_out_and_what_it_covered_is_sold_at_once(floor: Floor) -> None:
    hidden_stop(floor)
    floor.venue.cancels_see_all = True
    floor.desk.leave(BOT, MARKET, "x", "exit")
    floor.pass_seconds(1)
    assert sold(floor) == [D("0.00988")]
    assert floor.users_are_untouched()


def test_one_that_only_its_cancelling_finds_is_taken_out_before_another_is_sent(floor: Floor) -> None:
    hidden_stop(floor)
    floor.venue.lagging = floor.venue.funds() | {"BTC": Funds(D("0.40988"), D("0.1"))}
    floor.venue.cancels_see_all = True
    floor.pass_seconds(120, rounds=120)
    assert (floor.stops(), len(sent_stops(floor))) == (STOP, 2)
    assert floor.users_are_untouched()


def test_a_person_is_asked_at_once_where_the_price_is_past_a_stop_that_nothing_shows_and_that_may_be_there(
    floor: Floor,
) -> None:
    desk = hidden_stop(floor)
    floor.pass_seconds(12, rounds=12)
    assert list(asked_of_a_person(desk)) == []
    floor.price("47400")
    floor.pass_seconds(1)
    (asked,) = asked_of_a_person(desk)
    assert "is past the stop" in str(asked.because)
    assert "0.00988 BTC are missing" in str(asked.because)
    floor.venue.release()
    floor.pass_seconds(1)
    assert list(asked_of_a_person(desk)) == []


def test_one_that_is_being_left_and_that_nothing_shows_is_asked_to_be_cancelled_less_and_less_often(
    floor: Floor,
) -> None:
    hidden_stop(floor)
    floor.desk.leave(BOT, MARKET, "x", "exit")
    floor.pass_seconds(1800, rounds=360)
    kept = [event for _, event in floor.desk.register.ledger.read() if isinstance(event, CancelAsked)]
    assert 30 <= len(kept) <= 45
    floor.venue.release()
    floor.pass_seconds(5, rounds=5)
    assert sold(floor) == [D("0.00988")]


@pytest.mark.parametrize("fills", [False, True])
def test_a_purchase_that_nothing_shows_for_minutes_is_not_held_to_have_never_arrived(floor: Floor, fills: bool) -> None:
    floor.venue.wrong = ["lost, hidden"]
    desk = floor.ready()
    desk.enter(wish(offset=D("0.01"), times=1, reprice_after=1000.0))
    floor.pass_seconds(3, rounds=3)
    if fills:
        floor.price("49000")
    floor.pass_seconds(120, rounds=120)
    assert [order.state for order in desk.book.open_orders()] == [OrderState.UNKNOWN]
    floor.venue.release()
    floor.pass_seconds(15, rounds=15)
    assert (floor.owned() > 0, len(floor.stops())) == (fills, int(fills))
