"""A stop was held to have never arrived: what the user's coins do then keeps nothing from being sold in silence."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.trading.desk.inbox import asked_of_a_person
from services.trading.desk.states import OrderState, Role
from tests.services.trading.desk.test_lost_stops_and_other_coins import by_hand
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish
from tests.support.lost_stops import STOP, sold

D = Decimal


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


def test_what_the_user_sells_by_hand_while_no_program_runs_keeps_no_stop_from_being_sent_again(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    floor.bought()
    by_hand(floor, "SELL", "0.1", "49000")
    floor.clock.advance(60)
    floor.restart()
    floor.pass_seconds(120, rounds=120)
    assert floor.stops() == STOP


@pytest.mark.parametrize("restarts", [False, True])
def test_what_the_user_took_out_once_while_a_limit_of_another_bot_rests_holds_up_no_sale_in_silence(
    floor: Floor, restarts: bool
) -> None:
    floor.venue.wrong = ["", "never"]
    desk = floor.bought()
    floor.pass_seconds(61, rounds=61)
    assert floor.stops() == STOP
    desk.enter(
        replace(wish("08:00", "495", "40000", offset=D("0.1"), reprice_after=1e6), bot="second", capital=D(1000))
    )
    floor.pass_seconds(5, rounds=5)
    floor.venue.engine.ledger.balances["BTC"].free -= D("0.02")
    asked = []
    if restarts:
        desk = floor.restart()
    desk.leave(BOT, MARKET, "10:00", "score -0.5", BOT)
    for _ in range(600):
        floor.pass_seconds(1)
        asked += list(asked_of_a_person(desk))
    assert sold(floor) or asked, (floor.stops(), desk.amiss(), desk.reach.told())
