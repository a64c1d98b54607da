"""A stop was held to have never arrived: what the user's coins do then keeps nothing from being sold in silence."""

from decimal import Decimal

import pytest

from services.trading.desk.inbox import asked_of_a_person
from services.trading.desk.states import OrderState, Role
from tests.services.trading.desk.test_lost_stops_and_other_coins import by_hand
from tests.support.desks import Floor
from tests.support.lost_stops import STOP, sold

D = Decimal


@pytest.mark.xfail(strict=True, reason="coins that go elsewhere speak against an order that nobody can be asked about")
def test_while_the_user_sells_coins_elsewhere_bit_by_bit_it_is_sold_or_a_person_is_asked(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    desk = floor.bought()
    floor.pass_seconds(60, rounds=60)
    stops = [order for order in desk.book.orders.values() if order.role is Role.STOP]
    assert [order.state for order in stops] == [OrderState.REJECTED, OrderState.ACCEPTED]
    assert floor.stops() == STOP
    asked = []
    for second in range(300):
        floor.venue.engine.ledger.balances["BTC"].free -= D("0.0001")  # on another market, or to another account
        floor.pass_seconds(1)
        if second == 30:
            desk.stop_all("test")
        asked += list(asked_of_a_person(desk))
    assert sold(floor) or asked, desk.reach.told()


@pytest.mark.xfail(strict=True, reason="until when the coins of a kept reading are known is kept nowhere")
def test_what_the_user_sells_by_hand_while_no_program_runs_keeps_no_stop_from_being_sent_again(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    floor.bought()
    by_hand(floor, "SELL", "0.1", "49000")
    floor.clock.advance(60)
    floor.restart()
    floor.pass_seconds(120, rounds=120)
    assert floor.stops() == STOP
