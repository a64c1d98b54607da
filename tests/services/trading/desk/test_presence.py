"""What is still to be bought for a bot that is paused, gone, or not back yet; its position is in the account's care."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.trading.desk.presence import Absent
from services.trading.desk.shown import unbought
from services.trading.desk.states import Role
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal
PAUSED = Absent("its bot is paused by user", for_good=True)
CRASHED = Absent("its bot is backoff: it crashed")


@pytest.fixture
def away(floor: Floor) -> dict[str, Absent]:
    """The bots that do not run; both are there."""
    told: dict[str, Absent] = {}
    floor.bots, floor.absent = lambda: (BOT, "mo"), lambda: told
    floor.restart()
    return told


def waits(floor: Floor) -> None:
    """A wish of another bot, which waits for an order of the first that is lost and never arrives: some 45 s."""
    floor.venue.wrong = ["never"]
    desk = floor.ready()
    desk.enter(wish())
    late = wish(stop=None, until=floor.venue.now() + timedelta(hours=12), stop_share=D("0.05"))
    desk.enter(replace(late, bot="mo", capital=D(1000)))
    floor.pass_seconds(2, rounds=2)
    assert ("mo", MARKET) in desk.book.entries


def bought(floor: Floor, bot: str = "mo") -> Decimal:
    orders = floor.desk.book.orders.values()
    return sum((order.filled for order in orders if order.bot == bot and order.role is Role.ENTRY), D(0))


def rests(floor: Floor) -> None:
    """A limit below the price, priced anew after five minutes and at last taken at once."""
    desk = floor.ready()
    desk.enter(wish(offset=D("0.01"), times=1, reprice_after=300, then="market"))
    desk.round()
    assert len(floor.ours()) == 1


def test_what_a_bot_that_is_paused_wished_for_is_given_up_at_once_and_says_why(
    floor: Floor, away: dict[str, Absent]
) -> None:
    waits(floor)
    away["mo"] = PAUSED
    floor.pass_seconds(1)
    (row,) = unbought(floor.desk.book)
    assert (row["bot"], row["why"]) == ("mo", "its bot is paused by user")
    away.clear()
    floor.pass_seconds(120, rounds=60)
    assert bought(floor) == 0


def test_a_limit_of_a_bot_that_is_paused_is_taken_out_at_once_and_what_it_had_bought_keeps_its_stop(
    floor: Floor, away: dict[str, Absent]
) -> None:
    rests(floor)
    engine = floor.venue.engine
    engine.fill(next(order for order in engine.ledger.orders if order.open and order.mine), D("0.003"))
    floor.pass_seconds(1)
    away[BOT] = PAUSED
    floor.pass_seconds(3, rounds=3)
    assert len(floor.ours()) == len(floor.stops()) == 1
    floor.pass_seconds(900, rounds=90)
    assert bought(floor, BOT) == D("0.003")
    assert floor.desk.leave(BOT, MARKET, "10:00", "its score", BOT)
    floor.pass_seconds(3, rounds=3)
    assert not floor.desk.book.holding(BOT, MARKET).opened, "a pause keeps nobody from leaving"


def test_for_a_bot_that_crashed_nothing_is_bought_until_it_is_back_and_then_it_is(
    floor: Floor, away: dict[str, Absent]
) -> None:
    waits(floor)
    floor.pass_seconds(30, rounds=30)
    away["mo"] = CRASHED
    floor.pass_seconds(50, rounds=50)
    assert bought(floor) == 0
    assert ("mo", MARKET) in floor.desk.book.entries
    away.clear()
    floor.pass_seconds(2, rounds=2)
    assert bought(floor) > 0


def test_one_that_comes_and_goes_is_given_up_once_it_was_away_for_a_minute_at_a_stretch(
    floor: Floor, away: dict[str, Absent]
) -> None:
    floor.venue.settling = None  # what it waits for is a person's to tell
    waits(floor)
    for _ in range(3):
        away["mo"] = CRASHED
        floor.pass_seconds(50, rounds=10)
        away.clear()
        floor.pass_seconds(5)
    assert ("mo", MARKET) in floor.desk.book.entries
    away["mo"] = CRASHED
    floor.pass_seconds(70, rounds=14)
    assert [row["why"] for row in unbought(floor.desk.book)] == [CRASHED.why]


def test_a_limit_rests_through_a_short_restart_of_its_bot_and_is_not_priced_anew_meanwhile(
    floor: Floor, away: dict[str, Absent]
) -> None:
    rests(floor)
    (resting,) = floor.ours()
    floor.pass_seconds(280, rounds=28)
    away[BOT] = CRASHED
    floor.pass_seconds(50, rounds=10)
    assert floor.ours() == [resting]
    away.clear()
    floor.pass_seconds(3, rounds=3)
    assert floor.ours() != [resting]


def test_a_program_that_begins_anew_drops_no_wish_of_a_bot_that_has_not_begun_yet(
    floor: Floor, away: dict[str, Absent]
) -> None:
    waits(floor)
    away["mo"] = Absent("its bot is stopped")
    floor.clock.advance(600)
    floor.restart()
    floor.pass_seconds(55, rounds=55)
    assert bought(floor) == 0
    away.clear()
    floor.pass_seconds(3, rounds=3)
    assert bought(floor) > 0


def test_a_bot_that_gives_up_itself_has_its_limit_taken_out_and_may_ask_again(floor: Floor) -> None:
    rests(floor)
    floor.desk.give_up(BOT, "its file is gone")
    floor.pass_seconds(3, rounds=3)
    assert floor.ours() == []
    assert [row["why"] for row in unbought(floor.desk.book)] == ["its file is gone"]
    floor.desk.enter(wish("10:00"))
    floor.pass_seconds(2, rounds=2)
    assert floor.desk.book.holding(BOT, MARKET).opened


def test_who_asks_without_being_one_of_the_bots_is_not_missed(floor: Floor) -> None:
    floor.bots = lambda: ("mo",)
    floor.restart()
    floor.bought()
    assert floor.desk.book.holding(BOT, MARKET).opened
