"""A ledger that was lost, or put back from a copy: what is ours is found at the exchange, and nothing else."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from services.trading.desk.entering import Enter
from services.trading.desk.limits import Limits
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal


def test_an_empty_ledger_finds_what_is_ours_by_its_mark_and_leaves_the_users_alone(floor: Floor) -> None:
    floor.bought()
    owned = floor.owned()
    for name in floor.path.parent.glob("account.db*"):
        name.unlink()
    floor.restart()
    assert [each.quantity for each in floor.desk.book.held()] == [owned]
    assert len(floor.stops()) == 1
    sent = len(floor.venue.sent)
    floor.restart()
    assert len(floor.venue.sent) == sent
    assert floor.users_are_untouched()


def test_a_stop_lost_with_the_ledger_is_measured_from_what_this_trade_paid_and_not_from_the_ones_before(
    floor: Floor,
) -> None:
    floor.price("20000")
    desk = floor.ready("100000")
    desk.enter(wish("09:00", "5000", "19000"))
    desk.round()
    desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(5, rounds=2)
    floor.price("60000")
    floor.pass_seconds(3600, rounds=2)
    desk.enter(wish("11:00", "500", "57000"))
    desk.round()
    for name in floor.path.parent.glob("account.db*"):
        name.unlink()
    engine = floor.venue.engine
    engine.cancel(next(order for order in engine.ledger.orders if order.open and order.mine))
    floor.restart()
    floor.pass_seconds(10, rounds=2)
    (trigger,) = [trigger for trigger, _ in floor.stops()]
    assert D(56000) < trigger < D(58000)


def test_an_order_that_bears_our_mark_and_nobody_waits_for_is_cancelled_and_the_users_is_not(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish(offset=D("0.01"), times=3))
    desk.round()
    for name in floor.path.parent.glob("account.db*"):
        name.unlink()
    floor.restart()
    floor.pass_seconds(1)
    assert floor.ours() == []
    assert floor.users_are_untouched()


@pytest.mark.parametrize("ledger", ["put back", "lost"])
def test_a_position_without_a_stop_is_found_by_its_coins_on_a_market_that_nobody_names(
    floor: Floor, tmp_path: Path, ledger: str
) -> None:
    floor.markets = ()
    floor.limited(daily_loss=D(50))
    floor.venue.engine.jump("ETHBTC", D("0.08"))
    desk = floor.ready()
    desk.allot("other", "BTC", D("0.4"))
    floor.path = tmp_path / "copy.db"
    if ledger == "put back":
        with closing(sqlite3.connect(floor.path)) as copy:
            desk.register.ledger._connection.backup(copy)
    desk.enter(Enter("other", "ETH/BTC", "09:00", D("0.002"), None))
    desk.round()
    bought = sum(each.quantity for each in desk.book.held())
    assert bought > 0
    floor.limits = Limits(currency="BTC" if ledger == "lost" else "USDT")
    assert sum(each.quantity for each in floor.restart().book.held()) == bought
