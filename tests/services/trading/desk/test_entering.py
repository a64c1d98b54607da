"""How a position is entered: part by part, at another price, again while it is in time, and within a bot's capital."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.core.effects import Refused
from services.trading.desk.entering import Enter
from services.trading.desk.events import EntryEnded
from services.trading.desk.shown import book_of, unbought
from services.trading.desk.states import OrderState, Role
from services.trading.venue.told import OrderKind
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal


def ends(floor: Floor) -> list[EntryEnded]:
    return [event for _, event in floor.desk.register.ledger.read() if isinstance(event, EntryEnded)]


def test_partial_fills_of_a_limit_are_protected_one_after_another_by_one_stop_of_the_right_size(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish(offset=D("0.001"), times=3))
    desk.round()
    engine = floor.venue.engine
    limit = next(order for order in engine.ledger.orders if order.open and order.mine)
    for part in ("0.003", "0.004"):
        engine.fill(limit, D(part))
        floor.pass_seconds(1)
        assert [rest for _, rest in floor.stops()] == [floor.owned() // D("0.00001") * D("0.00001")]
    assert limit.open


def test_a_limit_that_does_not_fill_is_replaced_for_the_rest_and_then_taken_at_once(floor: Floor) -> None:
    desk = floor.ready()
    asked = desk.enter(wish(offset=D("0.001"), times=1, reprice_after=10, then="market"))
    desk.round()
    engine = floor.venue.engine
    engine.fill(next(order for order in engine.ledger.orders if order.open and order.mine), D("0.003"))
    floor.pass_seconds(40, rounds=8)
    entries = [order for order in desk.book.orders.values() if order.role == "entry"]
    assert [(order.kind, order.state) for order in entries] == [
        ("limit", OrderState.CANCELLED),
        ("limit", OrderState.CANCELLED),
        ("marketable", OrderState.FILLED),
    ]
    assert sum(order.filled for order in entries) == asked.quantity
    assert len(floor.stops()) == 1


def test_two_bots_that_decide_on_one_market_at_once_both_buy(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish())
    desk.enter(replace(wish(), bot="other", capital=D(1000)))
    desk.round()
    assert [order.bot for order in desk.book.orders.values() if order.role is Role.ENTRY] == [BOT, "other"]
    assert len(floor.stops()) == 2
    assert [(event.why, event.bought) for event in ends(floor)] == [("done", True)] * 2


def test_a_wish_that_waits_for_another_order_in_vain_ends_and_says_what_it_waited_for(floor: Floor) -> None:
    floor.venue.wrong = ["never"]
    desk = floor.ready()
    desk.enter(wish())
    desk.enter(replace(wish(), bot="other", capital=D(1000)))
    floor.pass_seconds(31, rounds=31)
    assert [(event.bot, event.bought, event.why) for event in ends(floor)] == [
        (
            "other",
            False,
            "it was decided on a market that has moved on; until then unknown: an order on this market is unknown: "
            "nobody can tell whether it arrived",
        )
    ]
    assert [ticket.side for ticket in floor.venue.sent] == ["buy"]
    (told,) = unbought(book_of(desk.register.ledger))
    assert (told["bot"], told["market"], told["cause"]) == ("other", MARKET, "09:00")


def test_a_bots_capital_is_reserved_before_its_order_so_that_it_cannot_spend_it_twice(floor: Floor) -> None:
    desk = floor.bought(budget="700")
    floor.venue.engine.jump("ETHUSDT", D(3000))
    with pytest.raises(Refused, match="bot's capital"):
        desk.enter(Enter(BOT, "ETH/USDT", "09:05", D(700), D(2800)))


def test_a_trade_told_long_after_its_order_rests_is_still_booked(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish(offset=D("0.001"), times=3, reprice_after=1e6))
    desk.round()
    floor.pass_seconds(7200, rounds=60)
    floor.venue.engine.fill(next(o for o in floor.venue.engine.ledger.orders if o.open and o.mine), D("0.004"))
    floor.pass_seconds(2)
    assert floor.owned() > D("0.0039")
    assert len(floor.stops()) == 1


def test_an_order_that_never_went_out_takes_no_turn_of_its_entry(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.wrong = ["not sent"]
    desk.enter(wish(offset=D("0.01"), times=0, reprice_after=60.0, then="market"))
    floor.pass_seconds(1)
    assert floor.owned() == 0
    floor.pass_seconds(6, rounds=6)
    assert [(ticket.kind, ticket.price) for ticket in floor.venue.sent] == [(OrderKind.LIMIT, D("49500.00"))] * 2
    assert len({ticket.client_id for ticket in floor.venue.sent}) == 2
    floor.pass_seconds(55, rounds=5)
    assert (floor.owned(), len(floor.venue.sent)) == (0, 2)
    floor.pass_seconds(8, rounds=4)
    assert floor.owned() == D("0.00998001")


def test_an_entry_at_once_that_could_not_be_sent_is_tried_again_while_it_is_in_time(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.wrong = ["not sent", "not sent"]
    desk.enter(wish())
    floor.pass_seconds(14, rounds=14)
    assert floor.owned() == D("0.00988011")


def test_one_that_is_in_time_for_long_is_tried_again_less_and_less_often(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.wrong = ["not sent"] * 720
    desk.enter(wish(until=floor.venue.now() + timedelta(hours=1)))
    floor.pass_seconds(3600, rounds=3600)
    assert 60 <= len(floor.venue.sent) <= 75
    at = [order.at for order in desk.book.orders.values()]
    assert (at[1] - at[0], at[-1] - at[-2]) == (timedelta(seconds=5), timedelta(minutes=1))


def test_an_entry_that_cannot_be_sent_in_time_ends_and_says_so(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.wrong = ["not sent"] * 20
    desk.enter(wish())
    floor.pass_seconds(40, rounds=40)
    assert [event.why for event in ends(floor)] == [
        "it could not be sent in time: not sent: the minute's requests are used up"
    ]
    assert len(floor.venue.sent) < 10
