"""A bot whose strategy is gone: once it is flat its capital counts no more, and it can come back."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.core.effects import Refused
from services.trading.desk.guards.standing import Mode
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal


@pytest.fixture
def there(floor: Floor) -> set[str]:
    """The bots that there are, besides one that has a thousand and is gone."""
    there = {BOT, "gone"}
    floor.bots = lambda: there
    floor.restart()
    floor.desk.allot("gone", "USDT", D(1000))
    return there


def capital(floor: Floor) -> Decimal:
    desk = floor.desk
    return desk.watching.valuing.capital(desk.book.allotted())


def test_its_capital_leaves_guards_and_equity_and_moves_neither_days_loss_nor_peak(
    floor: Floor, there: set[str]
) -> None:
    floor.limited(daily_loss=D(50), drawdown=D("0.1"))
    desk = floor.ready("700")
    floor.pass_seconds(30, rounds=3)
    there.remove("gone")
    floor.pass_seconds(540, rounds=9)
    assert capital(floor) == 1700
    floor.pass_seconds(120, rounds=4)
    assert capital(floor) == 700
    assert desk.watching.valuing.equity(desk.book) == 700
    assert desk.standing.mode is Mode.ACTIVE
    assert floor.restart().book.retired == {"gone"}


def test_while_it_holds_anything_it_is_kept(floor: Floor, there: set[str]) -> None:
    desk = floor.bought()
    there.remove(BOT)
    floor.pass_seconds(1200, rounds=20)
    assert desk.book.retired == set()
    desk.leave(BOT, MARKET, "x", "closed")
    floor.pass_seconds(1200, rounds=20)
    assert desk.book.retired == {BOT}


def test_with_its_next_entry_it_is_back_with_what_it_won_or_lost(floor: Floor, there: set[str]) -> None:
    desk = floor.bought()
    desk.leave(BOT, MARKET, "x", "closed")
    there.remove(BOT)
    floor.pass_seconds(1200, rounds=20)
    lost = -desk.book.holding(BOT, MARKET).cash
    assert lost > 0
    there.add(BOT)
    with pytest.raises(Refused, match="of the bot's capital are free"):
        desk.enter(replace(wish("11:00", "1000"), capital=D(1000)))
    assert desk.book.retired == {BOT}
    desk.enter(replace(wish("11:01", "900"), capital=D(1000)))
    assert desk.book.retired == set()
    assert capital(floor) == 2000


def test_where_nobody_knows_the_bots_none_is_taken_to_be_gone(floor: Floor) -> None:
    desk = floor.ready()
    floor.pass_seconds(1200, rounds=20)
    assert desk.book.retired == set()


@pytest.mark.parametrize(("price", "loses"), [("45000", True), ("60000", False)])
def test_a_bot_that_goes_or_comes_makes_no_fall_from_the_peak_deeper_or_shallower(
    floor: Floor, there: set[str], price: str, loses: bool
) -> None:
    floor.limited(drawdown=D("0.08"))
    desk = floor.ready()
    desk.enter(wish(budget="900", stop=None))
    floor.pass_seconds(2, rounds=2)
    floor.price(price)
    floor.pass_seconds(5, rounds=5)
    floor.price(f"{D(price) * D('0.97')}")
    floor.pass_seconds(5, rounds=5)
    before = fall(floor)
    assert before > 0
    assert (desk.watching.valuing.equity(desk.book) < 2000) is loses
    there.remove("gone")
    floor.pass_seconds(1300, rounds=130)
    assert (desk.book.retired, fall(floor)) == ({"gone"}, before)
    assert desk.standing.mode is Mode.ACTIVE
    desk.allot("gone", "USDT", D(1000))
    floor.pass_seconds(1)
    assert fall(floor) == before


def fall(floor: Floor) -> Decimal:
    """From the highest equity, as a share of it."""
    watching = floor.desk.watching
    peak = watching.peak()
    assert peak is not None
    return round(1 - watching.valuing.equity(floor.desk.book) / peak, 12)
