from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.events import Event
from services.trading.desk import news
from services.trading.desk.book import folded
from services.trading.desk.client_ids import bot_of, client_id, is_ours, role_of
from services.trading.desk.events import (
    CancelAsked,
    OrderAccepted,
    OrderCancelled,
    OrderCompleted,
    OrderDoubted,
    OrderExpired,
    OrderRejected,
    OrderSubmitted,
    PositionClosed,
    Resolved,
)
from services.trading.desk.states import ENDED, OrderState, Role, Step, after
from services.trading.fills import Side
from services.trading.venue.told import Traded
from services.trading.venue.venue import VenueUnsure
from tests.support.desk_facts import AT, INSTANCE, MARKET, fill, intent

BUY = intent()
ID = BUY.client_id
SENT = OrderSubmitted(ID, AT)
ACCEPTED = OrderAccepted(ID, "77", AT)
DOUBTED = OrderDoubted(ID, AT, AT + timedelta(seconds=10), "timed out")
FIRST = fill(BUY, "1", "0.004", fee="0.000004", currency="BTC")
SECOND = fill(BUY, "2", "0.006", price="50010", fee="0.000006", currency="BTC")
CANCEL = CancelAsked(ID, AT, "test")
CANCELLED = OrderCancelled(ID, Decimal("0.004"), AT)
LIFE = (SENT, ACCEPTED, FIRST, CANCEL, SECOND, OrderCompleted(ID, Decimal("0.01"), AT))


def state(*events: Event) -> OrderState:
    return folded((BUY, *events)).orders[ID].state


def owned(*events: Event) -> Decimal:
    return folded(events).holding("curl", MARKET).quantity


def test_an_order_goes_its_way_from_intent_to_filled() -> None:
    assert [state(*LIFE[:n]) for n in range(6)] == [
        OrderState.INITIALISED,
        OrderState.SUBMITTED,
        OrderState.ACCEPTED,
        OrderState.PARTIALLY_FILLED,
        OrderState.CANCEL_PENDING,
        OrderState.FILLED,
    ]


def test_a_fill_told_twice_is_booked_once() -> None:
    assert owned(BUY, SENT, FIRST, FIRST, FIRST) == Decimal("0.003996")


def test_a_fill_told_before_its_order_is_booked_when_the_order_is_known() -> None:
    assert owned(FIRST, BUY) == Decimal("0.003996")
    assert folded((FIRST, BUY)).orders[ID].state is OrderState.PARTIALLY_FILLED


def test_a_fill_after_the_cancel_counts_and_the_order_stays_cancelled() -> None:
    assert state(SENT, ACCEPTED, CANCEL, CANCELLED, FIRST) is OrderState.CANCELLED
    assert owned(BUY, SENT, ACCEPTED, CANCEL, CANCELLED, FIRST) == Decimal("0.003996")


def test_a_cancelled_order_with_trades_still_owed_is_not_over() -> None:
    before, then = folded((BUY, SENT, CANCEL, CANCELLED)), folded((BUY, SENT, CANCEL, CANCELLED, FIRST))
    assert [order.owing for order in before.open_orders()] == [True]
    assert then.open_orders() == []


def test_a_person_may_say_that_the_trades_that_are_owed_will_not_come() -> None:
    word = Resolved(ID, False, "user", "the exchange's page shows none", AT)
    assert folded((BUY, SENT, CANCEL, CANCELLED, word)).open_orders() == []
    assert state(SENT, CANCEL, CANCELLED, word) is OrderState.CANCELLED


def test_a_trade_that_makes_no_sense_is_booked_for_nobody_and_only_ours_is_asked_for_again() -> None:
    ours = folded((BUY, SENT, ACCEPTED)).orders.values()
    strange = Traded("1", "78", MARKET, Side.BUY, Decimal(0), Decimal(0), Decimal(0), "", AT, unread="no fee")
    assert news.of_trades(ours, [strange]) == []
    with pytest.raises(VenueUnsure, match="no fee"):
        news.of_trades(ours, [replace(strange, exchange_id="77")])


def test_the_position_is_the_sum_of_fills_less_fees_in_base_and_never_of_the_status() -> None:
    assert owned(BUY, SENT, OrderCompleted(ID, Decimal("0.01"), AT)) == 0
    assert owned(BUY, SENT, FIRST, SECOND) == Decimal("0.00999")


def test_a_lost_answer_makes_an_order_unknown_and_a_late_acceptance_makes_it_known() -> None:
    assert state(SENT, DOUBTED) is OrderState.UNKNOWN
    assert state(SENT, DOUBTED, ACCEPTED) is OrderState.ACCEPTED
    assert state(SENT, ACCEPTED, DOUBTED) is OrderState.ACCEPTED


def test_what_was_held_to_have_never_arrived_lives_again_when_the_exchange_tells_of_it() -> None:
    gone = (SENT, DOUBTED, OrderRejected(ID, AT, "never arrived"))
    assert state(*gone) is OrderState.REJECTED
    assert state(*gone, ACCEPTED) is OrderState.ACCEPTED
    assert state(*gone, FIRST) is OrderState.PARTIALLY_FILLED


def test_an_order_in_the_book_cannot_be_rejected_any_more() -> None:
    assert state(SENT, ACCEPTED, OrderRejected(ID, AT, "late")) is OrderState.ACCEPTED


@given(st.permutations(LIFE), st.lists(st.sampled_from(LIFE)))
def test_whatever_the_order_and_however_often_told_the_same_is_owned_and_the_order_is_filled(
    news: list[Event], again: list[Event]
) -> None:
    book = folded((BUY, *news, *again))
    assert book.holding("curl", MARKET).quantity == Decimal("0.00999")
    assert book.holding("curl", MARKET).cash == -(Decimal("0.004") * 50000 + Decimal("0.006") * 50010)
    assert book.orders[ID].state is OrderState.FILLED


@given(st.lists(st.sampled_from([*LIFE[:4], DOUBTED, CANCELLED, OrderExpired(ID, Decimal(0), AT, "ioc")])))
def test_no_history_takes_an_order_out_of_its_end_but_for_fills(news: list[Event]) -> None:
    for n in range(len(news)):
        before, then = state(*news[:n]), state(*news[: n + 1])
        if before in ENDED and before is not OrderState.REJECTED:
            assert then in (before, OrderState.FILLED)


@given(st.sampled_from(OrderState), st.sampled_from(Step))
def test_each_step_twice_is_as_once(before: OrderState, step: Step) -> None:
    assert after(after(before, step), step) is after(before, step)


def test_a_sale_of_all_but_dust_ends_the_trade_and_tells_its_result() -> None:
    sell = intent("exit", "0.00399", Role.EXIT)
    facts = (BUY, FIRST, sell, fill(sell, "9", "0.00399", price="51000"))
    book = folded((*facts, PositionClosed("curl", MARKET, Decimal("0.000006"), Decimal("3.49"), AT)))
    assert folded(facts).holding("curl", MARKET).result == Decimal("3.49")
    assert not book.holding("curl", MARKET).opened
    assert book.holding("curl", MARKET).quantity == Decimal("0.000006")


def test_the_same_cause_finds_its_own_order_by_the_same_client_id() -> None:
    assert client_id(INSTANCE, "curl", Role.ENTRY, "09:00") == ID
    assert len({client_id(INSTANCE, "curl", role, cause) for role in Role for cause in ("a", "b")}) == 8


def test_an_id_alone_tells_whether_the_order_is_ours_whose_and_what_for() -> None:
    stop = client_id(INSTANCE, "curl", Role.STOP, "1")
    assert is_ours(INSTANCE, stop)
    assert role_of(stop) is Role.STOP
    assert bot_of(stop) == bot_of(ID)
    assert client_id(INSTANCE, bot_of(ID), Role.ENTRY, "09:00") == ID


@pytest.mark.parametrize("foreign", ["", "x-TKT5PX2F0123456789", "web_1", "0" * 32, INSTANCE, INSTANCE + "z" * 24])
def test_an_order_without_our_mark_is_the_users(foreign: str) -> None:
    assert not is_ours(INSTANCE, foreign)


def test_client_id_collisions_no_two_bots_instances_roles_or_causes_share_one() -> None:
    made = {
        client_id(instance, bot, role, f"{market}/{cause}")
        for instance in (INSTANCE, "ffffffff")
        for bot in ("curl", "cross")
        for role in Role
        for market in (MARKET, "ETH/USDT")
        for cause in ("09:00#0", "09:00#1", "09:05#0")
    }
    assert len(made) == 2 * 2 * 4 * 2 * 3
    assert all(len(told) == 32 for told in made)


def test_an_instance_that_is_no_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="8 hexadecimal"):
        client_id("mine", "curl", Role.ENTRY, "09:00")
