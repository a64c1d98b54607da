"""A stop was held to have never arrived: what the user's coins do then keeps nothing from being sold in silence."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.trading.desk.beside import KEPT_EVERY
from services.trading.desk.inbox import asked_of_a_person, still_waits
from services.trading.desk.states import OrderState, Role
from services.trading.desk.waiting import HoldNeverArrived
from tests.services.trading.desk.test_lost_stops_and_other_coins import by_hand
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish
from tests.support.lost_stops import STOP, hidden_stop, sent_stops, sold

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
    floor.pass_seconds(1)
    assert "given up before, has not sold: 0.02 BTC are missing" in desk.amiss()
    for _ in range(600):
        floor.pass_seconds(1)
        asked += list(asked_of_a_person(desk))
        assert floor.stops() == STOP or sold(floor), "it is left where it rests till the sale may be sent"
    assert (sold(floor), asked, desk.amiss()) == ([D("0.00988")], [], "")


def test_where_looks_cannot_tell_a_person_is_asked_and_their_word_has_it_sold(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    desk = floor.bought()
    floor.pass_seconds(61, rounds=61)
    floor.venue.engine.ledger.balances["BTC"].free -= D("0.02")
    floor.venue.wrong_cancels = ["never"] * 1000  # nobody can tell whether it is still in the book
    desk.leave(BOT, MARKET, "10:00", "score -0.5", BOT)
    desk.enter(
        replace(wish("08:00", "495", "40000", offset=D("0.1"), reprice_after=1e6), bot="second", capital=D(1000))
    )
    floor.pass_seconds(110, rounds=110)
    assert list(asked_of_a_person(desk)) == []
    floor.pass_seconds(30, rounds=30)
    (asked,) = asked_of_a_person(desk)
    assert "0.02 BTC are missing" in str(asked.because)
    assert isinstance(asked.effect, HoldNeverArrived)
    assert still_waits(desk, asked.effect)
    assert (floor.stops(), sold(floor)) == (STOP, [])
    floor.venue.wrong_cancels.clear()
    desk.resolve(asked.effect.order, False, "the coins went elsewhere", "user")
    assert not still_waits(desk, asked.effect)
    floor.pass_seconds(5, rounds=5)
    assert sold(floor) == [D("0.00988")]
    assert desk.book.orders[asked.effect.order].state is OrderState.REJECTED


def test_one_that_turns_up_in_the_book_after_all_is_taken_out_before_what_it_covers_is_sold(floor: Floor) -> None:
    desk = hidden_stop(floor)
    desk.resolve(sent_stops(floor)[0], False, "it is not on the exchange's page", "user")
    floor.pass_seconds(61, rounds=61)
    desk.enter(
        replace(wish("08:00", "495", "40000", offset=D("0.1"), reprice_after=1e6), bot="second", capital=D(1000))
    )
    floor.pass_seconds(1)
    floor.venue.cancels_see_all = True
    floor.venue.engine.ledger.balances["BTC"].free -= D("0.02")
    desk.leave(BOT, MARKET, "10:00", "score -0.5", BOT)
    floor.pass_seconds(90, rounds=90)
    assert sold(floor) == [D("0.00988")]
    assert len(floor.ours()) == 1, "the limit alone"


def test_trades_of_which_nobody_can_tell_whose_they_are_are_a_persons_to_judge(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.venue.wrong = ["", "never"]
    desk = floor.bought()
    floor.pass_seconds(61, rounds=61)
    monkeypatch.setattr(floor.venue, "orders", lambda symbol, since: [])
    by_hand(floor, "SELL", "0.1", "49000")
    desk.leave(BOT, MARKET, "10:00", "score -0.5", BOT)
    floor.pass_seconds(140, rounds=140)
    (asked,) = asked_of_a_person(desk)
    assert "nobody can tell whose it is" in str(asked.because)
    assert isinstance(asked.effect, HoldNeverArrived)
    assert floor.stops() == STOP
    desk.resolve(asked.effect.order, False, "I sold them by hand", "user")
    floor.pass_seconds(5, rounds=5)
    assert sold(floor) == [D("0.1"), D("0.00988")]


def test_until_when_coins_are_known_is_kept_now_and_then_while_nobody_moves_them(floor: Floor) -> None:
    floor.bought()
    floor.pass_seconds(3600, rounds=360)
    before = floor.desk.polling.beside.known_at("BTC")
    kept = floor.opened().polling.beside.known_at("BTC")
    assert before is not None
    assert kept is not None
    assert timedelta(0) <= before - kept <= KEPT_EVERY
