"""What a desk buys is protected at once, and left again without a touch to what is the user's."""

from decimal import Decimal

import pytest

from services.core.effects import Refused
from services.trading.desk.entering import Enter
from services.trading.desk.states import OrderState
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, entry_state, wish

D = Decimal


def test_what_is_bought_is_protected_in_the_same_round_by_one_stop_for_all_that_is_owned(floor: Floor) -> None:
    floor.bought()
    assert entry_state(floor) is OrderState.FILLED
    bought = floor.venue.engine.ledger.trades[0].quantity
    assert floor.owned() == bought * D("0.999")
    assert floor.stops() == [(D(47500), D("0.00988"))]


def test_the_same_cause_is_sent_once(floor: Floor) -> None:
    desk = floor.bought()
    floor.pass_seconds(1)
    with pytest.raises(Refused, match="done before"):
        desk.enter(wish())
    floor.pass_seconds(60, rounds=5)
    assert len(floor.venue.sent) == 2


def test_a_stop_that_is_hit_ends_the_trade(floor: Floor) -> None:
    desk = floor.bought()
    floor.price("47400")
    floor.pass_seconds(1)
    assert floor.ours() == []
    assert desk.book.closed[0].result < 0
    assert not desk.book.holding(BOT, MARKET).opened


def test_a_position_is_left_by_cancelling_its_stop_and_selling_within_the_collar(floor: Floor) -> None:
    desk = floor.bought()
    assert desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(1)
    assert floor.ours() == []
    assert len(desk.book.closed) == 1
    assert desk.book.closed[0].left < D("0.00001")
    assert floor.users_are_untouched()


def test_an_exit_that_finds_no_buyers_keeps_trying_and_then_protects_nothing_it_does_not_own(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.engine.book("BTCUSDT").set([["49000", "0.004"]], [["50001", "1"]])
    desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(10, rounds=5)
    assert floor.owned() < D("0.0060")
    floor.price("49000")
    floor.pass_seconds(3)
    assert floor.ours() == []
    assert not desk.book.holding(BOT, MARKET).opened


def test_where_stops_cannot_rest_the_price_is_watched_from_here(floor: Floor) -> None:
    floor.venue.resting = frozenset()
    desk = floor.bought()
    assert floor.stops() == []
    floor.price("47500")
    floor.pass_seconds(2)
    assert not desk.book.holding(BOT, MARKET).opened


def test_a_stop_that_the_price_jumped_over_is_replaced_by_a_sale(floor: Floor) -> None:
    desk = floor.bought()
    floor.price("40000")
    floor.pass_seconds(3, rounds=2)
    assert not desk.book.holding(BOT, MARKET).opened
    assert floor.ours() == []


def test_what_fills_is_protected_although_another_market_cannot_be_read(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.engine.jump("ETHUSDT", D(2000))
    desk.allot("other", "USDT", D(1000))
    desk.enter(Enter("other", "ETH/USDT", "09:00", D(100), D(1900)))
    desk.enter(wish(offset=D("0.01"), reprice_after=3600.0))
    desk.round()
    floor.venue.nonsense = {"ETH/USDT"}
    floor.price("49400")
    floor.pass_seconds(2, rounds=2)
    assert floor.owned() > 0
    assert D(47500) in [trigger for trigger, _ in floor.stops()]


def test_a_stop_that_is_refused_is_tried_ever_more_rarely_and_told_once_it_was_refused_often(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish())
    floor.venue.wrong = ["", *["refused"] * 100]
    desk.round()
    floor.pass_seconds(2, rounds=2)
    assert desk.caring.refused_often() == {}
    floor.pass_seconds(298, rounds=298)
    assert len(floor.venue.sent) < 14
    assert "stop" in desk.caring.refused_often()[BOT, MARKET]
    floor.venue.wrong = []
    floor.pass_seconds(60, rounds=60)
    assert len(floor.stops()) == 1
    assert desk.caring.refused_often() == {}


def test_a_balance_below_what_is_ours_halts_that_market_and_says_so(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.engine.ledger.balances["BTC"].free = D(0)
    floor.venue.engine.ledger.balances["BTC"].held = D("0.005")
    floor.pass_seconds(36, rounds=3)
    assert [latch.guard for latch in desk.standing.against(MARKET)] == ["balance"]


def test_two_bots_on_one_market_keep_separate_positions_and_a_stop_each(floor: Floor) -> None:
    desk = floor.bought()
    desk.allot("other", "USDT", D(1000))
    desk.enter(Enter("other", MARKET, "09:00", D(300), D(47000)))
    floor.pass_seconds(1)
    assert sorted(trigger for trigger, _ in floor.stops()) == [D(47000), D(47500)]
    desk.leave("other", MARKET, "10:00", "exit")
    floor.pass_seconds(2)
    assert [trigger for trigger, _ in floor.stops()] == [D(47500)]
    assert desk.book.holding(BOT, MARKET).opened
    assert floor.users_are_untouched()
