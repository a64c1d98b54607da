"""A stop whose answer was lost: looked for in each round, never sent again before it is known to have never arrived."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.trading.desk.desk import Desk
from services.trading.desk.events import CancelAsked, OrderAccepted, OrderSentAgain
from services.trading.desk.inbox import asked_of_a_person
from services.trading.desk.news import of_trades
from services.trading.desk.order import applied
from services.trading.desk.states import OrderState, Role
from services.trading.fills import Side
from services.trading.venue.told import Funds, OrderKind, Ticket
from tests.support.desk_facts import AT, MARKET
from tests.support.desks import BOT, Floor, wish

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


def hidden_stop(floor: Floor) -> Desk:
    """The answer of its stop is lost, and nothing shows it: neither order, nor list, nor trades, nor its cancelling."""
    floor.venue.wrong = ["", "lost, hidden"]
    return floor.bought()


def sold(floor: Floor) -> list[Decimal]:
    return [trade.quantity for trade in floor.venue.engine.ledger.trades if not trade.order.buys]


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


def test_a_stop_that_is_watched_from_here_outlives_the_program(floor: Floor) -> None:
    floor.venue.resting = frozenset()
    floor.bought()
    floor.restart()
    assert floor.desk.book.holding(BOT, MARKET).opened
    floor.price("47500")
    floor.pass_seconds(2)
    assert not floor.desk.book.holding(BOT, MARKET).opened
