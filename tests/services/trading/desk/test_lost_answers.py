"""An order or a cancel whose answer was lost: looked for until it is known what came of it, and never done twice."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.core.effects import Refused
from services.trading.desk.states import OrderState
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, entry_state, wish

D = Decimal


def test_lost_answer_on_create_is_unknown_then_found_by_its_id_and_never_sent_again(floor: Floor) -> None:
    floor.venue.wrong = ["lost"]
    floor.bought()
    floor.pass_seconds(1)
    assert len([t for t in floor.venue.sent if t.side == "buy"]) == 1
    assert entry_state(floor) is OrderState.FILLED
    assert len(floor.stops()) == 1


def test_order_not_found_just_after_submit_is_not_rejected_by_one_look(floor: Floor) -> None:
    floor.venue.wrong = ["late"]
    floor.bought()
    floor.pass_seconds(12)
    assert entry_state(floor) is OrderState.UNKNOWN
    floor.venue.release()
    floor.pass_seconds(20, rounds=2)
    assert entry_state(floor) is OrderState.FILLED
    assert len(floor.stops()) == 1
    assert len(floor.ours()) == 1


def test_what_never_arrived_is_known_after_the_deadline_and_three_looks_over_thirty_seconds(floor: Floor) -> None:
    floor.venue.wrong = ["never"]
    floor.bought()
    floor.pass_seconds(39, rounds=39)
    assert entry_state(floor) is OrderState.UNKNOWN
    floor.pass_seconds(31, rounds=31)
    assert entry_state(floor) is OrderState.REJECTED
    assert [t.side for t in floor.venue.sent] == ["buy"]


def test_while_an_order_is_unknown_nothing_is_bought_on_its_market_and_its_cost_stays_reserved(floor: Floor) -> None:
    floor.venue.wrong = ["never"]
    desk = floor.bought()
    with pytest.raises(Refused, match="an order on this market is unknown"):
        desk.enter(replace(wish("09:05"), bot="other", capital=D(1000)))
    valuing = desk.measuring.valuing
    assert valuing.free(desk.book, BOT, MARKET) < 510
    assert valuing.exposure(desk.book) > 490


def test_without_a_deadline_of_the_exchange_a_person_decides(floor: Floor) -> None:
    floor.venue.settling = None
    floor.venue.wrong = ["never"]
    desk = floor.bought()
    floor.pass_seconds(3600, rounds=60)
    assert entry_state(floor) is OrderState.UNKNOWN
    unknown = desk.book.open_orders()[0]
    with pytest.raises(Refused, match="does not tell of it now"):
        desk.resolve(unknown.client_id, True, "it must have", "user")
    assert desk.resolve(unknown.client_id, False, "looked at the exchange's page", "user").state is OrderState.REJECTED


def lose_the_stop(floor: Floor) -> str:
    """The exchange forgets our stop, and gives its coins free."""
    ledger = floor.venue.engine.ledger
    stop = next(order for order in ledger.orders if order.mine and order.open)
    ledger.orders.remove(stop)
    ledger.balances["BTC"].free += ledger.balances["BTC"].held - D("0.1")
    ledger.balances["BTC"].held = D("0.1")
    return stop.client_id


def test_a_stop_that_the_exchange_no_longer_knows_is_given_up_and_another_rests(floor: Floor) -> None:
    floor.bought()
    lost = lose_the_stop(floor)
    floor.pass_seconds(15, rounds=15)
    assert floor.stops() == []
    floor.pass_seconds(45, rounds=45)
    assert floor.desk.book.orders[lost].state is OrderState.REJECTED
    assert floor.stops() == [(D(47500), D("0.00988"))]


def test_a_position_whose_stop_is_known_no_more_can_be_left_and_a_person_may_say_so_at_once(floor: Floor) -> None:
    desk = floor.bought()
    lost = lose_the_stop(floor)
    desk.stop_all("test")
    floor.pass_seconds(2, rounds=2)
    assert desk.resolve(lost, False, "it is not on the exchange's page", "user").state is OrderState.REJECTED
    floor.pass_seconds(2, rounds=2)
    assert desk.panic.remaining() == []
    assert floor.users_are_untouched()


def test_a_cancel_whose_answer_was_lost_is_looked_up(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.wrong_cancels = ["lost"]
    desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(2, rounds=2)
    assert not desk.book.holding(BOT, MARKET).opened


def test_a_cancel_that_never_arrived_is_asked_for_again(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.wrong_cancels = ["never"]
    desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(40, rounds=20)
    assert not desk.book.holding(BOT, MARKET).opened
