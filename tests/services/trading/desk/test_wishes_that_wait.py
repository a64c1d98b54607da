"""A wish that waits for another's order: what ends it, what it may cost, and how much it asks of the exchange."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.core.effects import Refused
from services.trading.desk.states import Role
from services.trading.venue.dialect import dialect_of
from services.trading.venue.limiter import SHARE
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal
CALLS = {"latest": "ticker"}
"""What our names are called where requests are weighed."""


def waits(floor: Floor, *bots: str, until: timedelta = timedelta(hours=12), **more: object) -> None:
    """Wishes of these, which wait for an order of another bot that was lost and never arrived."""
    floor.venue.wrong = ["never"]
    desk = floor.ready()
    desk.enter(wish())
    for bot in bots:
        late = replace(wish(stop=None, until=floor.venue.now() + until, stop_share=D("0.05")), bot=bot, **more)
        desk.enter(replace(late, capital=late.capital or D(1000)))
    floor.pass_seconds(3, rounds=3)
    assert [order.bot for order in desk.book.orders.values()] == [BOT]


def bought(floor: Floor, bot: str) -> list[Decimal]:
    """What each of its purchases cost."""
    orders = [o for o in floor.desk.book.orders.values() if o.bot == bot and o.role is Role.ENTRY]
    return [sum((fill.quantity * fill.price for fill in order.fills), D(0)) for order in orders]


def test_one_that_was_given_up_before_any_order_was_sent_is_not_taken_on_again_for_the_same_bar(floor: Floor) -> None:
    waits(floor, "mo")
    floor.desk.leave("mo", MARKET, "close/now", "closed by a person", "user")
    floor.pass_seconds(60, rounds=60)
    again = wish(stop=None, until=floor.venue.now() + timedelta(hours=1), stop_share=D("0.05"))
    with pytest.raises(Refused):
        floor.desk.enter(replace(again, bot="mo"))


def test_one_whose_bot_is_gone_is_not_bought(floor: Floor) -> None:
    there = {BOT, "mo"}
    floor.bots = lambda: there
    floor.restart()
    waits(floor, "mo")
    there.remove("mo")
    floor.pass_seconds(180, rounds=180)
    assert bought(floor, "mo") == []


def test_a_limit_whose_bot_is_gone_is_taken_out(floor: Floor) -> None:
    there = {BOT}
    floor.bots = lambda: there
    floor.restart()
    desk = floor.ready()
    desk.enter(wish(offset=D("0.01"), times=3, reprice_after=300, then="market", until=None))
    desk.round()
    there.clear()
    floor.pass_seconds(1800, rounds=180)
    assert bought(floor, BOT) in ([], [0], [0, 0])


def test_one_that_waited_while_the_price_rose_spends_no_more_than_its_budget(floor: Floor) -> None:
    waits(floor, "mo", budget=D(400))
    floor.price("55000")
    floor.pass_seconds(60, rounds=60)
    assert sum(bought(floor, "mo")) <= 400


def test_those_that_wait_leave_the_account_the_requests_that_it_needs(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    binance, asked = dialect_of("binance"), Counter[str]()

    def counted(name: str, ask: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object) -> object:
            asked[CALLS.get(name, name)] += 1
            return ask(*args)

        return call

    for name in ("depth", "latest", "funds", "order", "orders", "open_orders", "trades", "place", "cancel"):
        monkeypatch.setattr(floor.venue, name, counted(name, getattr(floor.venue, name)))
    floor.venue.settling = None  # a person has to tell what became of the lost one
    waits(floor, "mo", "no", "po", "ro", budget=D(100), capital=D(200))
    asked.clear()
    floor.pass_seconds(60, rounds=60)
    used = sum(number * binance.calls[name].weight for name, number in asked.items())
    assert used <= SHARE * binance.weight_limit, f"{used} in a minute: {dict(asked)}"


def test_one_that_waited_while_the_price_rose_is_cut_to_what_a_guard_of_money_has_room_for_as_when_it_was_asked(
    floor: Floor,
) -> None:
    floor.limited(size=D(500))
    waits(floor, "mo", budget=D(500))
    floor.price("55000")
    floor.pass_seconds(60, rounds=60)
    (cost,) = bought(floor, "mo")
    assert 480 < cost < 500
