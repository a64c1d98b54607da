"""What a desk does that is opened anew: nothing twice, nothing late, and what is held stays protected."""

from datetime import timedelta
from decimal import Decimal

import pytest

from services.core.effects import Refused
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal


def test_a_second_restart_sends_nothing(floor: Floor) -> None:
    floor.bought()
    sent = len(floor.venue.sent)
    floor.restart()
    floor.restart()
    assert len(floor.venue.sent) == sent
    assert len(floor.stops()) == 1


def test_while_the_exchange_is_unreachable_at_start_nothing_new_begins(floor: Floor) -> None:
    floor.venue.unreachable = True
    floor.desk.round()
    with pytest.raises(Refused, match="not reconciled"):
        floor.desk.enter(wish())
    floor.venue.unreachable = False
    floor.desk.round()
    assert floor.desk.reconciled


def test_a_fill_while_the_program_was_down_is_protected_at_the_next_start(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish(offset=D("0.001"), times=3))
    desk.round()
    floor.price("49000")
    floor.clock.advance(timedelta(hours=3).total_seconds())
    floor.restart()
    assert len(floor.stops()) == 1
    assert floor.owned() > 0


def test_reconcile_on_restart_a_stop_hit_while_down_ends_the_trade_and_sells_nothing_more(floor: Floor) -> None:
    floor.bought()
    floor.price("47400")
    floor.clock.advance(3 * 3600)
    sent = len(floor.venue.sent)
    floor.restart()
    floor.pass_seconds(1)
    assert len(floor.venue.sent) == sent
    assert floor.desk.book.closed[0].result < 0


def test_sleep_of_hours_and_a_restart_mid_position_send_no_late_order_and_the_stop_is_still_there(floor: Floor) -> None:
    floor.bought()
    stops = floor.stops()
    floor.clock.advance(3 * 3600)
    floor.restart()
    floor.pass_seconds(30, rounds=3)
    assert floor.stops() == stops
    assert len(floor.venue.sent) == 2


def test_a_position_whose_strategy_is_gone_keeps_the_stop_it_was_opened_with(floor: Floor) -> None:
    floor.bought(stop="48000")
    floor.restart()
    assert [trigger for trigger, _ in floor.stops()] == [D(48000)]
    floor.price("47900")
    floor.pass_seconds(2)
    assert not floor.desk.book.holding(BOT, MARKET).opened


def test_a_stop_that_is_watched_from_here_outlives_the_program(floor: Floor) -> None:
    floor.venue.resting = frozenset()
    floor.bought()
    floor.restart()
    assert floor.desk.book.holding(BOT, MARKET).opened
    floor.price("47500")
    floor.pass_seconds(2)
    assert not floor.desk.book.holding(BOT, MARKET).opened
