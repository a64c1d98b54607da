"""What a budget buys, and that an exit is neither lost nor held up."""

from contextlib import suppress
from decimal import Decimal

import pytest

from services.core.events import Event
from services.trading.desk.states import Role
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal


def test_a_desk_killed_while_an_entry_gives_way_to_an_exit_finds_the_exit(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the limit is filled, the rest waits: that it ends and that what is held is left are one fact on disk."""
    desk = floor.ready()
    desk.enter(wish(offset=D("0.001"), times=3, reprice_after=600.0))
    desk.round()
    (order,) = [each for each in floor.venue.engine.ledger.orders if each.open and each.mine]
    floor.venue.engine.fill(order, order.quantity / 2)
    floor.pass_seconds(12, rounds=12)
    assert floor.owned()
    assert desk.book.entries
    write = desk.register.record

    def killed_after_one(*events: Event) -> None:
        monkeypatch.setattr(desk.register, "record", killed)
        write(*events)

    def killed(*events: Event) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(desk.register, "record", killed_after_one)
    with suppress(KeyboardInterrupt):
        desk.leave(BOT, MARKET, "10:00", "exit")
    floor.restart()
    floor.pass_seconds(3, rounds=3)
    assert not floor.desk.book.holding(BOT, MARKET).opened
    assert floor.ours() == []


def test_a_stop_that_cannot_be_sent_is_tried_ever_more_rarely_and_rests_once_it_can_be(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish())
    floor.venue.wrong = ["", *["not sent"] * 100]
    desk.round()
    floor.pass_seconds(300, rounds=300)
    assert len(floor.venue.sent) < 14
    floor.venue.wrong = []
    floor.pass_seconds(60, rounds=60)
    assert floor.stops() == [(D(47500), D("0.00988"))]


@pytest.mark.parametrize("wrong", ["refused", "not sent"])
def test_a_sale_waits_for_no_stop_that_came_to_nothing(floor: Floor, wrong: str) -> None:
    desk = floor.ready()
    desk.enter(wish())
    floor.venue.wrong = ["", *[wrong] * 100]
    desk.round()
    while len(floor.venue.sent) < 9:
        floor.pass_seconds(1)
    floor.venue.wrong = []
    floor.price("47400")
    floor.pass_seconds(2, rounds=2)
    assert not desk.book.holding(BOT, MARKET).opened


@pytest.mark.parametrize(
    ("budget", "bought", "why"),
    [
        ("500", "0.00999", "the budget is spent at the best ask, 50000"),
        ("1000", "0.01978", "all of the bot's cash has to pay the worst price, 50500"),
        ("995", "0.01978", "so has nearly all of it"),
    ],
)
def test_a_budget_is_spent_at_the_price_that_is_paid_and_never_beyond_the_bots_cash(
    floor: Floor, budget: str, bought: str, why: str
) -> None:
    floor.bought(budget=budget)
    assert floor.venue.engine.ledger.trades[0].quantity == D(bought), why


@pytest.mark.parametrize("guard", ["size", "exposure"])
def test_a_budget_as_large_as_a_guard_allows_passes_it_at_the_worst_price(floor: Floor, guard: str) -> None:
    floor.limited(**{guard: D(500)})
    floor.bought(budget="500")
    (entry,) = [order for order in floor.desk.book.orders.values() if order.role is Role.ENTRY]
    assert entry.quantity == D("0.00989")
    assert entry.quantity * entry.price <= 500
