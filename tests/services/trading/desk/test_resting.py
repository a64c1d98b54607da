"""Which stop may wait until prices are told, and which price is too near for it to wait any longer. By hand."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.trading.desk.order import Order, begun
from services.trading.desk.resting import EVERY, Around, Seen, is_near, may_wait
from services.trading.desk.states import OPEN, OrderState, Role
from tests.support.desk_facts import AT, MARKET, fill, intent

D = Decimal
ETHER, CROSS = "ETH/USDT", "ETH/BTC"
NOW = AT + timedelta(seconds=1)
SEEN = Seen(AT)
FIRST = fill(intent("s", role=Role.STOP, price="47500"), "1", "0.004")


def stop(cause: str = "s", bot: str = "curl", symbol: str = MARKET, **other: Any) -> Order:
    told = begun(intent(cause, role=Role.STOP, price="47500", bot=bot))
    return replace(told, symbol=symbol, **{"state": OrderState.ACCEPTED, **other})


def entry(symbol: str = MARKET, bot: str = "other", **other: Any) -> Order:
    return replace(begun(intent(bot=bot)), symbol=symbol, **{"state": OrderState.ACCEPTED, **other})


def waits(order: Order, *others: Order, seen: Seen | None = SEEN, **around: Any) -> bool:
    return may_wait(order, seen, Around((order, *others), **around), NOW)


def test_a_stop_that_was_listed_and_rests_alone_may_wait() -> None:
    assert waits(stop())


@pytest.mark.parametrize("state", sorted(OPEN - {OrderState.ACCEPTED}))
def test_one_that_is_not_known_to_rest_is_asked_for(state: OrderState) -> None:
    assert not waits(stop(state=state))


@pytest.mark.parametrize(
    "other",
    [{"fills": (FIRST,)}, {"told_filled": D("0.004")}, {"cancel_asked": AT}, {"trigger": None}],
    ids=lambda other: next(iter(other)),
)
def test_one_that_is_being_filled_or_may_be_cancelled_or_lies_nobody_knows_where_is_asked_for(
    other: dict[str, Any],
) -> None:
    assert not waits(stop(**other))


def test_what_works_in_the_book_is_asked_for_in_each_round() -> None:
    assert not waits(entry())
    assert not waits(stop(role=Role.EXIT))


@pytest.mark.parametrize("seen", [None, Seen(NOW - EVERY), Seen(NOW + timedelta(seconds=1))])
def test_one_that_the_list_lacked_or_that_was_seen_too_long_ago_is_asked_for(seen: Seen | None) -> None:
    assert not waits(stop(), seen=seen)


@pytest.mark.parametrize(("sent", "told"), [(AT - timedelta(seconds=1), True), (AT, False), (NOW, False)])
def test_one_that_was_to_be_moved_since_it_was_seen_is_asked_for(sent: datetime, told: bool) -> None:
    assert waits(stop(), sent=sent) is told


def test_it_waits_for_less_than_five_seconds() -> None:
    assert waits(stop(), seen=Seen(NOW - EVERY + timedelta(milliseconds=1)))


def test_one_that_was_not_found_is_asked_for() -> None:
    assert not waits(stop(), missed={stop().client_id})


@pytest.mark.parametrize(
    "other",
    [
        entry(),
        stop("second"),
        stop("b", "other", state=OrderState.UNKNOWN),
        stop("b", "other", fills=(FIRST,)),
        stop("b", "other", state=OrderState.CANCEL_PENDING),
        stop("b", "other", CROSS, state=OrderState.CANCEL_PENDING),
        entry(CROSS),
        entry(ETHER, state=OrderState.UNKNOWN),
        entry(ETHER, state=OrderState.SUBMITTED),
        entry(ETHER, state=OrderState.FILLED, told_filled=D("0.01")),
    ],
    ids=lambda order: f"{order.role} {order.bot} {order.symbol} {order.state}",
)
def test_what_moves_its_coin_or_leaves_the_money_in_doubt_has_it_asked_for(other: Order) -> None:
    assert not waits(stop(), other)


@pytest.mark.parametrize("symbol", [MARKET, ETHER])
def test_anothers_stop_that_was_not_found_has_it_asked_for(symbol: str) -> None:
    lost = stop("b", "other", symbol)
    assert waits(stop(), lost)
    assert not waits(stop(), lost, missed={lost.client_id})


@pytest.mark.parametrize(("busy", "told"), [(MARKET, False), (CROSS, False), (ETHER, True)])
def test_what_is_bought_or_left_on_its_coin_has_it_asked_for(busy: str, told: bool) -> None:
    assert waits(stop(), busy={busy}) is told


@pytest.mark.parametrize(
    "other",
    [
        stop("b", "other"),
        stop("b", "other", ETHER),
        entry(ETHER),
        entry(ETHER, state=OrderState.CANCEL_PENDING),
        stop("b", "other", ETHER, fills=(FIRST,)),
    ],
    ids=lambda order: f"{order.role} {order.symbol} {order.state}",
)
def test_what_rests_beside_it_or_is_known_to_work_on_another_coin_lets_it_wait(other: Order) -> None:
    assert waits(stop(), other)


@pytest.mark.parametrize(
    ("price", "near"),
    [("50000", False), ("47738.70", False), ("47738.69", True), ("47500", True), ("47000", True), (None, True)],
)
def test_the_price_is_near_from_half_a_per_cent_above_the_trigger_down_and_where_nobody_told_it(
    price: str | None, near: bool
) -> None:
    assert is_near(stop(), SEEN, None if price is None else D(price)) is near


@pytest.mark.parametrize(
    ("low", "high", "near"), [("49200", "50000", False), ("49160", "50000", True), ("50000", "50900", True)]
)
def test_the_price_is_near_where_thrice_its_move_since_the_latest_look_would_take_it_there(
    low: str, high: str, near: bool
) -> None:
    assert is_near(stop(), Seen(AT, D(low), D(high)), D(50_000)) is near


def test_the_move_counts_up_to_the_price_that_is_told_now() -> None:
    assert not is_near(stop(), Seen(AT, D(50_000), D(50_000)), D(49_400))
    assert is_near(stop(), Seen(AT, D(50_100), D(50_100)), D(49_400))


def test_where_its_trigger_is_not_known_any_price_is_near() -> None:
    assert is_near(stop(trigger=None), SEEN, D(50_000))


ORDERS = st.builds(
    lambda made, symbol, state, number: replace(made, symbol=symbol, state=state, client_id=f"{number}"),
    st.sampled_from([stop("b", "other"), stop(), entry()]),
    st.sampled_from([MARKET, ETHER, CROSS, "SOL/EUR"]),
    st.sampled_from(sorted(OrderState)),
    st.integers(0, 9),
)
AROUND = st.builds(
    Around,
    st.lists(ORDERS, max_size=4).map(tuple),
    st.frozensets(st.integers(0, 9).map(str)),
    st.frozensets(st.sampled_from([MARKET, ETHER, CROSS, "SOL/EUR"])),
    st.one_of(st.none(), st.integers(0, 12_000).map(lambda age: NOW - timedelta(milliseconds=age))),
)
AGES = st.one_of(st.none(), st.integers(-2_000, 12_000))
"""Milliseconds since the latest look."""


@given(ORDERS, AGES, AROUND, AROUND)
def test_whatever_may_wait_rests_and_was_seen_and_more_of_ours_never_lets_it_wait(
    order: Order, age: int | None, around: Around, more: Around
) -> None:
    seen = None if age is None else Seen(NOW - timedelta(milliseconds=age))
    both = Around(
        (*around.orders, *more.orders),
        {*around.missed, *more.missed},
        {*around.busy, *more.busy},
        max(filter(None, (around.sent, more.sent)), default=None),
    )
    if may_wait(order, seen, both, NOW):
        assert (order.role, order.state) == (Role.STOP, OrderState.ACCEPTED)
        assert age is not None
        assert 0 <= age < 5_000
        assert may_wait(order, seen, around, NOW)


PRICES = st.decimals(1, 100_000, places=2)


@given(PRICES, PRICES, st.lists(PRICES, max_size=5))
def test_at_or_below_its_trigger_any_price_is_near_and_a_lower_one_is_no_farther(
    price: Decimal, lower: Decimal, before: list[Decimal]
) -> None:
    seen = SEEN
    for each in before:
        seen = seen.told(each)
    assert is_near(stop(), seen, price) or price > D(47_500)
    if lower <= price <= (seen.low or price) and is_near(stop(), seen, price):
        assert is_near(stop(), seen, lower)
