"""A stop whose answer was lost: looked for in each round, sent again under its own id, and never standing twice."""

from decimal import Decimal

import pytest

from services.core.faults import arm
from services.trading.desk.states import OrderState, Role
from tests.support.desks import Floor

D = Decimal
STOP = [(D(47500), D("0.00988"))]


def sent_stops(floor: Floor) -> list[str]:
    return [ticket.client_id for ticket in floor.venue.sent if ticket.trigger is not None]


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


def test_one_that_never_arrived_stands_as_soon_as_its_deadline_has_passed(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    floor.bought()
    floor.pass_seconds(10, rounds=10)
    assert floor.stops() == []
    floor.pass_seconds(1)
    assert floor.stops() == STOP
    assert len(set(sent_stops(floor))) == 1


def test_one_that_stands_and_cannot_be_seen_is_refused_the_second_time_and_stands_once(floor: Floor) -> None:
    floor.venue.wrong = ["", "lost, hidden"]
    desk = floor.bought()
    floor.pass_seconds(25, rounds=25)
    assert len(sent_stops(floor)) > 1
    assert floor.stops() == STOP
    assert desk.book.open_orders(role=Role.STOP)[0].state is OrderState.UNKNOWN
    floor.venue.release()
    floor.pass_seconds(1)
    assert floor.stops() == STOP
    assert desk.book.open_orders(role=Role.STOP)[0].state is OrderState.ACCEPTED


def test_where_an_exchange_lets_two_of_one_id_stand_it_is_never_sent_again(floor: Floor) -> None:
    floor.venue.refuses_twins = False
    floor.venue.wrong = ["", "never"]
    floor.bought()
    floor.pass_seconds(39, rounds=39)
    assert len(sent_stops(floor)) == 1
    floor.pass_seconds(12, rounds=12)
    assert floor.stops() == STOP
    assert len(set(sent_stops(floor))) == 2


@pytest.mark.parametrize("answers", [["", "never", "never", "never", "never"], ["", "never", "lost"]])
def test_one_that_is_lost_again_and_again_is_given_up_only_after_the_three_looks(
    floor: Floor, answers: list[str]
) -> None:
    floor.venue.wrong = answers
    floor.bought()
    floor.pass_seconds(120, rounds=120)
    assert floor.stops() == STOP


def test_killed_while_it_is_sent_again_there_is_still_one(floor: Floor) -> None:
    class Dead(BaseException):
        pass

    def die() -> None:
        raise Dead

    floor.venue.wrong = ["", "never"]
    floor.bought()
    arm("desk.sent_again", die)
    try:
        with pytest.raises(Dead):
            floor.pass_seconds(12, rounds=12)
    finally:
        arm("desk.sent_again", None)
    floor.restart()
    floor.pass_seconds(25, rounds=25)
    assert floor.stops() == STOP
