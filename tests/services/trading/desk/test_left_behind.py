"""A position whose bot is gone: the account keeps it, and a person is told until it is sold or the bot is back."""

import pytest

from services.core.effects import Refused
from services.trading.desk.inbox import Answered
from services.trading.desk.left_behind import Left
from services.trading.desk.waiting import SellLeftBehind
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor
from tests.support.live_world import Serving


@pytest.fixture
def there(floor: Floor) -> set[str]:
    there = {BOT}
    floor.bots = lambda: there
    floor.restart()
    floor.bought()
    return there


def told(floor: Floor) -> tuple[SellLeftBehind, ...]:
    floor.pass_seconds(30, rounds=3)
    left = floor.desk.left_behind.left
    assert left is not None
    return left.told


def test_it_is_told_once_its_bot_has_been_missed_for_a_minute_with_what_is_held_and_its_stop(
    floor: Floor, there: set[str]
) -> None:
    assert told(floor) == ()
    there.clear()
    assert told(floor) == ()
    told(floor)
    (asked,) = told(floor)
    assert (asked.bot, asked.symbol) == (BOT, MARKET)
    held = f"{floor.desk.book.holding(BOT, MARKET).quantity:f} BTC on BTC/USDT with its stop at 47500"
    assert asked.what == f"curl is gone and left {held}: the account keeps it until it is sold, or curl is back"
    assert floor.stops(), "the account keeps its stop"
    there.add(BOT)
    assert told(floor) == ()
    assert floor.desk.left_behind.left == Left()


def test_a_position_that_waits_for_a_person_is_the_same_after_a_restart(floor: Floor, there: set[str]) -> None:
    there.clear()
    for _ in range(3):
        before = told(floor)
    floor.restart()
    floor.desk.round()
    left = floor.desk.left_behind.left
    assert left is not None
    assert (left.told, left.missed) == ((), {before[0].position}), "it is not withdrawn before that is sure"
    told(floor), told(floor)
    assert [each.key for each in told(floor)] == [before[0].key]


def test_a_persons_word_sells_it_and_nothing_waits_any_more(floor: Floor, there: set[str]) -> None:
    there.clear()
    for _ in range(3):
        waits = told(floor)
    handler = Answered(Serving(floor))
    assert handler.still_holds(waits[0]) == ""
    assert not handler.look_up(waits[0]).done
    assert handler.carry_out(waits[0]) == {"sold": True}
    assert handler.look_up(waits[0]).done
    assert told(floor) == ()
    assert not floor.desk.book.holding(BOT, MARKET).opened
    assert handler.still_holds(waits[0]) == "it is flat"
    with pytest.raises(Refused, match="it is flat"):
        handler.carry_out(waits[0])


def test_what_its_bot_has_again_is_not_sold_by_an_older_word(floor: Floor, there: set[str]) -> None:
    there.clear()
    for _ in range(3):
        waits = told(floor)
    there.add(BOT)
    with pytest.raises(Refused, match="curl is back"):
        Answered(Serving(floor)).carry_out(waits[0])
    assert floor.desk.book.holding(BOT, MARKET).opened
