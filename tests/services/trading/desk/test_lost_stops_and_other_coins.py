"""A stop was lost, and meanwhile the user or another bot does something with coins of their own."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.trading.desk.inbox import asked_of_a_person
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish
from tests.support.lost_stops import STOP, hidden_stop, sent_stops, sold

D = Decimal


def by_hand(floor: Floor, side: str, quantity: str, price: str) -> None:
    """The user's own order, from the exchange's page."""
    fields = {"symbol": "BTCUSDT", "side": side, "type": "LIMIT", "timeInForce": "GTC"}
    amounts = {"quantity": quantity, "price": price, "newClientOrderId": "web_another"}
    floor.venue.engine.accept(floor.venue.engine.asked(fields | amounts, mine=False))


def ours_sold_no_more_than_they_bought(floor: Floor) -> bool:
    trades = [trade for trade in floor.venue.engine.ledger.trades if trade.order.mine]
    return sum((t.quantity if t.order.buys else -t.quantity for t in trades), D(0)) >= 0


@pytest.mark.parametrize("price", ["98000", "49000"])
def test_what_the_user_sells_by_hand_keeps_no_stop_from_being_sent_again(floor: Floor, price: str) -> None:
    floor.venue.wrong = ["", "never"]
    floor.bought()
    by_hand(floor, "SELL", "0.1", price)
    floor.pass_seconds(60, rounds=60)
    assert floor.stops() == STOP


def test_an_older_order_of_the_users_that_is_filled_meanwhile_keeps_no_stop_from_being_sent_again(floor: Floor) -> None:
    floor.ready()
    by_hand(floor, "SELL", "0.1", "52000")
    floor.pass_seconds(120, rounds=12)
    floor.venue.wrong = ["", "never"]
    floor.bought()
    floor.price("52100")
    floor.pass_seconds(60, rounds=60)
    assert floor.stops() == STOP


def test_what_the_user_takes_back_from_the_book_hides_nothing_that_ours_hold_back(floor: Floor) -> None:
    hidden_stop(floor)
    floor.venue.engine.cancel(floor.venue.engine.found("BTCUSDT", client_id="web_by_hand"))
    floor.pass_seconds(120, rounds=120)
    assert floor.stops() == STOP
    floor.price("47400")
    floor.venue.release()
    floor.pass_seconds(5, rounds=5)
    assert ours_sold_no_more_than_they_bought(floor)


@pytest.mark.parametrize("bought", [True, False])
def test_coins_that_came_to_the_user_do_not_stand_for_those_that_a_hidden_stop_has_sold(
    floor: Floor, bought: bool
) -> None:
    hidden_stop(floor)
    floor.pass_seconds(12, rounds=12)
    floor.price("47400")
    if bought:
        by_hand(floor, "BUY", "0.02", "48500")
    else:
        floor.venue.engine.ledger.balances["BTC"].free += D("0.02")
    floor.pass_seconds(10, rounds=10)
    assert sold(floor) == [D("0.00988")]
    floor.venue.release()
    floor.pass_seconds(10, rounds=10)
    assert sold(floor) == [D("0.00988")]
    assert not floor.desk.book.holding(BOT, MARKET).opened


def test_what_another_bot_buys_in_the_same_fall_does_not_stand_for_what_a_hidden_stop_has_sold(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = floor.ready()
    desk.allot("second", "USDT", D(2000))
    desk.enter(replace(wish("08:00", "990", "40000", offset=D("0.05"), times=1, reprice_after=9999.0), bot="second"))
    floor.pass_seconds(12, rounds=12)
    hidden_stop(floor)
    floor.pass_seconds(12, rounds=12)
    ask = floor.desk.prices.ask

    def falls_before_it_is_asked(symbol: str) -> None:
        floor.price("47400")
        ask(symbol)

    monkeypatch.setattr(floor.desk.prices, "ask", falls_before_it_is_asked)
    floor.pass_seconds(5, rounds=5)
    floor.venue.release()
    floor.pass_seconds(10, rounds=10)
    assert sold(floor) == [D("0.00988")]
    assert min(each.quantity for each in floor.desk.book.holdings.values()) >= 0


def test_what_the_user_does_with_coins_of_their_own_is_no_trace_of_ours_once_a_person_says_so(floor: Floor) -> None:
    floor.venue.wrong = ["", "never"]
    desk = floor.bought()
    floor.venue.engine.ledger.balances["BTC"].free -= D("0.2")
    floor.pass_seconds(240, rounds=240)
    (asked,) = asked_of_a_person(desk)
    assert "0.2 BTC are missing" in str(asked.because)
    assert floor.stops() == []
    desk.resolve(sent_stops(floor)[0], False, "I sent them elsewhere", "user")
    floor.pass_seconds(2, rounds=2)
    assert floor.stops() == STOP


def test_a_person_is_asked_at_once_where_coins_that_came_keep_what_is_past_its_stop_from_being_sold(
    floor: Floor,
) -> None:
    floor.venue.wrong = ["", "never"]
    desk = floor.bought()
    floor.price("47400")
    floor.pass_seconds(9, rounds=9)
    assert list(asked_of_a_person(desk)) == [], "it may still arrive"
    floor.venue.engine.ledger.balances["BTC"].free += D("0.02")
    floor.pass_seconds(3, rounds=3)
    (asked,) = asked_of_a_person(desk)
    assert "is past the stop" in str(asked.because)
    floor.venue.unreachable = True
    floor.pass_seconds(1)
    assert list(asked_of_a_person(desk)) == [], "nobody but the exchange is to be waited for"
