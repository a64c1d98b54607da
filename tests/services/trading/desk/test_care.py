from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.trading.desk import doubts
from services.trading.desk.care import Cancel, Close, Leave, Move, RestStop, Sell, Situation, need
from services.trading.desk.doubts import Look
from services.trading.desk.order import Order, begun
from services.trading.desk.states import OrderState, Role
from tests.support.desk_facts import AT, RULES, intent

D = Decimal
HELD = Situation(D("0.00999"), True, (), D(47500), True, False, D(50_000), RULES)


def resting(quantity: str = "0.00999", state: OrderState = OrderState.ACCEPTED, cause: str = "s") -> Order:
    return replace(begun(intent(cause, quantity, Role.STOP, price="47500")), state=state)


def test_a_position_without_a_stop_gets_one_for_all_that_can_be_sold() -> None:
    assert need(replace(HELD, quantity=D("0.0099999"))) == RestStop(D("0.00999"), D(47500))


def test_a_stop_of_the_right_size_is_left_alone_and_one_of_another_is_replaced() -> None:
    assert need(replace(HELD, orders=(resting(),))) is None
    assert isinstance(need(replace(HELD, orders=(resting("0.004"),))), Cancel)


def test_a_stop_is_moved_in_one_request_where_that_can_be_and_it_is_not_being_filled() -> None:
    higher = replace(HELD, stop=D(48_000), moves=True)
    assert need(replace(higher, orders=(resting(),))) == Move(
        resting(), D("0.00999"), D(48_000), "the stop moves up to 48000"
    )
    assert isinstance(need(replace(higher, orders=(resting(state=OrderState.PARTIALLY_FILLED),))), Cancel)
    assert isinstance(need(replace(higher, last=D(47_900), orders=(resting(),))), Leave)


def test_stop_orders_exactly_one_per_position_a_second_one_is_cancelled() -> None:
    second = resting(cause="second")
    assert need(replace(HELD, orders=(resting(), second))) == Cancel(second, "one stop covers the position")


def test_while_a_stop_is_unknown_no_second_one_is_sent() -> None:
    for state in (OrderState.UNKNOWN, OrderState.SUBMITTED, OrderState.CANCEL_PENDING):
        assert need(replace(HELD, orders=(resting(state=state),))) is None


def test_what_is_being_left_is_sold_only_when_its_stop_is_gone() -> None:
    leaving = replace(HELD, leaving=True)
    assert isinstance(need(replace(leaving, orders=(resting(),))), Cancel)
    assert need(replace(leaving, orders=(resting(state=OrderState.CANCEL_PENDING),))) is None
    assert need(leaving) == Sell(D("0.00999"))


def test_what_cannot_be_sold_for_want_of_a_price_keeps_its_stop() -> None:
    unpriced = replace(HELD, leaving=True, last=None)
    assert need(replace(unpriced, orders=(resting(),))) is None
    assert isinstance(need(replace(unpriced, quantity=D("0.000001"), orders=(resting(),))), Cancel)


def test_an_unsure_purchase_keeps_nothing_that_is_held_from_being_sold_and_the_trade_open() -> None:
    buying = replace(begun(intent()), state=OrderState.UNKNOWN)
    leaving = replace(HELD, leaving=True, orders=(buying,))
    assert need(leaving) == Sell(D("0.00999"))
    assert need(replace(leaving, quantity=D("0.000009"))) is None


def test_dust_state_closes_the_trade_instead_of_making_it_immortal() -> None:
    dust = replace(HELD, quantity=D("0.000009"))
    assert need(dust) == Close()
    assert need(replace(dust, leaving=True)) == Close()
    assert need(replace(dust, opened=False)) is None


def test_a_price_past_the_stop_ends_the_position_where_no_stop_rests() -> None:
    assert isinstance(need(replace(HELD, last=D(47000))), Leave)
    assert isinstance(need(replace(HELD, rests=False, last=D(47500))), Leave)
    assert need(replace(HELD, rests=False, last=D(47501))) is None


ORDERS = st.lists(
    st.builds(
        resting,
        st.sampled_from(["0.004", "0.00999"]),
        st.sampled_from(sorted(set(OrderState) - {OrderState.FILLED, OrderState.REJECTED})),
        st.sampled_from("abc"),
    ),
    max_size=3,
    unique_by=lambda order: order.cause,
)


@given(ORDERS, st.booleans(), st.decimals(0, 1, places=8), st.sampled_from([None, D(47000), D(50_000)]))
def test_never_more_is_offered_than_is_owned_and_never_two_sales_at_once(
    orders: list[Order], leaving: bool, quantity: Decimal, last: Decimal | None
) -> None:
    live = [order for order in orders if order.open]
    told = need(replace(HELD, orders=live, leaving=leaving, quantity=quantity, last=last))
    if isinstance(told, Sell | RestStop):
        assert live == []
        assert told.quantity <= quantity
    if isinstance(told, Close):
        assert live == []


def unknown(deadline: int | None = 10) -> Order:
    order = replace(begun(intent()), state=OrderState.UNKNOWN)
    return replace(order, deadline=AT + timedelta(seconds=deadline) if deadline is not None else None)


def looks(*seconds: int, whole: bool = True) -> list[Look]:
    return [Look(AT + timedelta(seconds=each), whole) for each in seconds]


def test_an_order_never_arrived_only_after_three_looks_over_thirty_seconds_past_its_deadline() -> None:
    assert doubts.never_arrived(unknown(), looks(11, 26, 41))
    assert not doubts.never_arrived(unknown(), looks(11, 26))
    assert not doubts.never_arrived(unknown(), looks(9, 24, 39))
    assert not doubts.never_arrived(unknown(), looks(11, 20, 30))


def test_a_look_that_could_not_ask_everything_proves_nothing_and_begins_the_count_anew() -> None:
    assert not doubts.never_arrived(unknown(), [*looks(11, 26), *looks(41, whole=False)])
    assert not doubts.never_arrived(unknown(), [*looks(11), *looks(26, whole=False), *looks(41, 56)])


def test_without_a_deadline_no_number_of_looks_is_enough() -> None:
    assert not doubts.never_arrived(unknown(None), looks(*range(0, 100_000, 15)))


def test_dust_is_measured_by_the_limit_at_which_it_would_be_sold_as_the_exchange_does() -> None:
    just = replace(HELD, quantity=D("0.0002"), leaving=True, last=D(50_400), collar=D("0.01"))
    assert need(just) == Close()
    assert need(replace(just, last=D(50_600))) == Sell(D("0.0002"))


def test_a_part_too_small_for_a_stop_is_watched_from_here_until_there_is_more() -> None:
    part = replace(HELD, quantity=D("0.00021"), collar=D("0.01"))
    assert need(part) is None
    assert isinstance(need(replace(part, last=D(47_500), stop=D("47_500"), quantity=D("0.00022"))), Leave)
    assert need(replace(part, quantity=D("0.00022"))) == RestStop(D("0.00022"), D(47500))
