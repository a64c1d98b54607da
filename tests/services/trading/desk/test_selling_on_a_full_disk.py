"""A disk that takes nothing: what is sold is sold once, and a stop is not taken out before the next one may be sent."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from services.trading.desk.desk import Desk, Opening
from services.trading.desk.events import Latched
from services.trading.desk.ledger import Ledger
from services.trading.desk.reserve import ROOM, Reserve
from services.trading.desk.states import OrderState, Role
from tests.support.desk_facts import AT, INSTANCE, MARKET, intent
from tests.support.desks import BOT, Floor, wish
from tests.support.lost_stops import sold
from tests.support.manual_clock import START

D = Decimal


def full(floor: Floor) -> None:
    """The ledger takes nothing more."""
    floor.desk.register.ledger._connection.execute("PRAGMA query_only = ON")


def test_whoever_begins_on_a_full_disk_moves_a_stop_without_a_moment_in_which_none_rests(floor: Floor) -> None:
    floor.ready()
    floor.desk.enter(wish("09:00", "500", None, trailing_share=D("0.05")))
    floor.desk.round()
    floor.restart()
    full(floor)
    floor.desk.saw_high(BOT, MARKET, D(52000), START)
    bare = 0
    for _ in range(30):
        floor.pass_seconds(1)
        bare += not floor.stops()
    assert floor.stops() == [(D("49400.00"), D("0.00998"))]
    assert bare <= 2


def without_a_reserve(floor: Floor) -> None:
    """As on a disk that is read-only: nothing at all is kept of what is done."""
    path = floor.path.with_name("account.db.reserve")
    path.unlink()
    path.mkdir()
    floor.restart()


@pytest.mark.parametrize("reserve", [True, False])
@pytest.mark.parametrize("wrong", ["hidden", "lost, hidden"])
def test_a_sale_of_a_program_that_died_and_that_no_order_shows_is_not_sent_again_by_the_next(
    floor: Floor, wrong: str, reserve: bool
) -> None:
    floor.bought()
    if not reserve:
        without_a_reserve(floor)
    floor.pass_seconds(60, rounds=12)
    full(floor)
    floor.venue.wrong = [wrong]
    floor.desk.leave(BOT, MARKET, "by hand", "a person asked", "user")
    floor.pass_seconds(1)
    assert sold(floor) == [D("0.00988")]
    floor.desk = floor.opened()
    full(floor)
    floor.desk.leave(BOT, MARKET, "again", "a person asked", "user")
    floor.pass_seconds(20, rounds=20)
    floor.venue.release()
    floor.pass_seconds(40, rounds=40)
    assert sold(floor) == [D("0.00988")]
    assert not floor.desk.book.holding(BOT, MARKET).opened
    assert floor.users_are_untouched()


@pytest.mark.parametrize("reserve", [True, False])
@pytest.mark.parametrize("first", ["refused", "not sent"])
def test_a_second_try_of_a_program_that_died_is_found_though_it_was_not_shown_at_the_very_start(
    floor: Floor, first: str, reserve: bool
) -> None:
    floor.bought()
    if not reserve:
        without_a_reserve(floor)
    floor.pass_seconds(60, rounds=12)
    full(floor)
    floor.venue.wrong = [first, "hidden"]
    floor.desk.leave(BOT, MARKET, "by hand", "a person asked", "user")
    floor.pass_seconds(3, rounds=3)
    assert sold(floor) == [D("0.00988")]
    floor.desk = floor.opened()
    full(floor)
    floor.desk.leave(BOT, MARKET, "again", "a person asked", "user")
    floor.pass_seconds(2, rounds=2)
    floor.venue.release()
    floor.pass_seconds(60, rounds=60)
    assert sold(floor) == [D("0.00988")]
    assert not floor.desk.book.holding(BOT, MARKET).opened
    assert floor.users_are_untouched()


def test_what_was_sent_on_a_full_disk_is_known_to_the_next_program_though_the_disk_is_full_still(floor: Floor) -> None:
    floor.bought()
    floor.pass_seconds(60, rounds=12)
    full(floor)
    floor.venue.wrong = ["lost, hidden"]
    floor.desk.leave(BOT, MARKET, "by hand", "a person asked", "user")
    floor.pass_seconds(1)
    left = Ledger.recalled(floor.path)
    desk = Desk(floor.venue, left, floor.clock, Opening(INSTANCE, symbols=(MARKET,)))
    desk.round()
    (order,) = desk.book.open_orders(role=Role.FLATTEN)
    assert (order.state, order.cause) == (OrderState.UNKNOWN, "by hand#0")
    left.close()


def test_of_more_than_there_is_room_for_a_closed_guard_stays_and_the_latest_order(tmp_path: Path) -> None:
    orders = [intent(f"{number}", role=Role.FLATTEN) for number in range(200)]
    reserve = Reserve(tmp_path / "account.db")
    latched = Latched("emergency stop", "account", "x" * 5000, AT)
    reserve.keep([*orders, latched])
    told = Reserve(tmp_path / "account.db").read()
    assert latched in told
    assert orders[-1] in told
    assert orders[0] not in told


def test_room_that_an_older_program_took_is_made_larger_and_what_stands_there_stays(tmp_path: Path) -> None:
    latched = Latched("emergency stop", "account", "asked for", AT)
    text = json.dumps([[latched.type_name, latched.encode().decode(), latched.type_version]]).encode()
    (tmp_path / "account.db.reserve").write_bytes(text.ljust(8192))
    reserve = Reserve(tmp_path / "account.db")
    assert reserve.read() == [latched]
    assert reserve.path.stat().st_size == ROOM
    reserve.clear()
    assert Reserve(tmp_path / "account.db").read() == []
