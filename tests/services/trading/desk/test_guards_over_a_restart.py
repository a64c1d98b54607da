"""What guards hold a desk to outlives a restart, and an order nobody knows the end of counts in exposure."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.core.effects import Refused
from services.trading.desk.entering import Enter
from services.trading.desk.guards.standing import Mode
from tests.support.desks import Floor, wish

D = Decimal


def test_what_was_lost_of_a_day_before_a_restart_counts_after_it(floor: Floor) -> None:
    floor.limited(daily_loss=D(20))
    floor.bought(stop=None)
    floor.price("48800")
    floor.pass_seconds(1)
    assert floor.desk.standing.mode is Mode.ACTIVE
    floor.restart()
    floor.price("47700")
    floor.pass_seconds(1)
    assert floor.desk.standing.mode is Mode.REDUCING


def test_orders_sent_before_a_restart_count_in_the_rate(floor: Floor) -> None:
    floor.limited(orders_per_bot=2)
    floor.venue.engine.jump("ETHUSDT", D(3000))
    floor.bought()
    floor.restart()
    with pytest.raises(Refused, match="order rate"):
        floor.desk.enter(replace(wish("09:30"), symbol="ETH/USDT"))


def test_a_cool_down_survives_a_restart(floor: Floor) -> None:
    floor.limited(cool_down=timedelta(minutes=10))
    floor.bought()
    floor.price("47400")
    floor.pass_seconds(2, rounds=2)
    floor.price("50000")
    floor.restart()
    with pytest.raises(Refused, match="cool-down"):
        floor.desk.enter(wish("09:30"))


def test_an_unknown_order_counts_in_exposure(floor: Floor) -> None:
    floor.limited(exposure=D(700))
    floor.venue.engine.jump("ETHUSDT", D(3000))
    floor.ready()
    floor.desk.allot("other", "USDT", D(1000))
    floor.venue.wrong = ["never"]
    floor.desk.enter(wish())
    floor.desk.round()
    with pytest.raises(Refused, match="exposure"):
        floor.desk.enter(Enter("other", "ETH/USDT", "09:30", D(300), None))
