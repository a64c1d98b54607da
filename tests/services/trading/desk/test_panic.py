from decimal import Decimal

import pytest

from services.core.effects import Refused
from services.trading.desk.guards.standing import ACCOUNT, PANIC, Mode
from services.trading.desk.sending import cancel
from services.trading.desk.states import OrderState
from services.trading.venue.told import Ticket
from services.trading.venue.venue import VenueUnsure
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, in_two_markets, wish

D = Decimal


def test_the_emergency_stop_halts_cancels_ours_and_sells_ours_and_leaves_the_users(floor: Floor) -> None:
    desk = floor.bought()
    assert desk.stop_all("test") == []
    assert desk.standing.mode is Mode.HALTED
    assert floor.ours() == []
    assert not desk.book.holding(BOT, MARKET).opened
    assert floor.users_are_untouched()


def test_it_cancels_an_entry_that_rests_and_what_was_filled_of_it_is_sold(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish(offset=D("0.001"), times=3))
    desk.round()
    engine = floor.venue.engine
    engine.fill(next(order for order in engine.ledger.orders if order.open and order.mine), D("0.004"))
    desk.stop_all("test")
    floor.pass_seconds(3, rounds=3)
    assert floor.ours() == []
    assert desk.panic.remaining() == []
    assert floor.users_are_untouched()


def test_what_finds_no_buyer_is_named_and_sold_when_there_is_one(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.engine.book("BTCUSDT").set([["30000", "0.000001"]], [["50001", "1"]])
    floor.venue.engine.book("BTCUSDT").bids.clear()
    left = desk.stop_all("test")
    assert [each.what.split()[1] for each in left if "held" in each.what] == ["BTC"]
    floor.price("50000")
    floor.pass_seconds(3, rounds=3)
    assert desk.panic.remaining() == []


def test_after_it_nothing_is_bought_until_a_person_arms_it_again(floor: Floor) -> None:
    desk = floor.bought()
    desk.stop_all("test")
    floor.restart()
    with pytest.raises(Refused, match="emergency stop"):
        floor.desk.enter(wish("10:00"))
    floor.desk.rearm(PANIC, ACCOUNT, "all is well", "user")
    floor.desk.enter(wish("10:05"))


def test_an_unknown_entry_that_turns_up_after_the_stop_is_sold_too(floor: Floor) -> None:
    floor.venue.wrong = ["late"]
    desk = floor.bought()
    left = desk.stop_all("test")
    assert any("unknown" in each.what for each in left)
    floor.venue.release()
    floor.pass_seconds(40, rounds=4)
    assert desk.panic.remaining() == []
    assert next(iter(desk.book.orders.values())).state is OrderState.FILLED
    assert floor.users_are_untouched()


def test_a_market_that_cannot_be_read_keeps_no_other_from_being_sold(floor: Floor) -> None:
    in_two_markets(floor)
    floor.venue.nonsense = {"ETH/USDT"}
    floor.restart().stop_all("test")
    assert {each.symbol for each in floor.desk.panic.remaining()} == {"ETH/USDT"}


def test_it_sells_what_is_ours_although_the_open_orders_cannot_be_listed(floor: Floor) -> None:
    floor.bought()
    floor.venue.nonsense = {"orders"}
    desk = floor.restart()
    assert not desk.reconciled
    assert desk.stop_all("test") == []
    assert floor.ours() == []


@pytest.mark.parametrize("point", ["panic_halted", "panic_flatten", "cancel_submitted", "cancel_answered", "submitted"])
def test_killed_at_any_moment_of_it_the_next_start_goes_on_with_it(floor: Floor, point: str) -> None:
    from services.core.faults import arm

    class Dead(BaseException):
        pass

    def die() -> None:
        raise Dead

    desk = floor.bought()
    arm(f"desk.{point}", die)
    try:
        with pytest.raises(Dead):
            desk.stop_all("test")
    finally:
        arm(f"desk.{point}", None)
    floor.restart()
    floor.pass_seconds(60, rounds=6)
    assert floor.desk.panic.remaining() == []
    assert floor.ours() == []
    assert floor.users_are_untouched()
    assert len([t for t in floor.venue.engine.ledger.trades if not t.order.buys]) == 1


def test_a_sale_that_was_not_sent_is_never_in_doubt_and_goes_out_at_the_next_try(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = floor.bought()
    floor.venue.settling = None
    floor.venue.wrong = ["not sent"]

    def nobody_answers(symbol: str, client_id: str) -> None:
        raise VenueUnsure("asked to be left alone")

    with monkeypatch.context() as patch:
        desk.panic.begin("test")
        (stop,) = desk.book.open_orders()
        cancel(desk.register, stop, "test")
        patch.setattr(floor.venue, "order", nobody_answers)
        desk.panic.round()
        desk.caring.round()
    assert [order.state for order in desk.book.orders.values()][-1] is OrderState.EXPIRED
    floor.pass_seconds(2, rounds=2)
    assert desk.panic.remaining() == []


def test_an_entry_that_nobody_can_find_is_asked_to_be_cancelled_less_and_less_often(floor: Floor) -> None:
    floor.venue.settling = None
    floor.venue.wrong = ["never"]
    desk = floor.bought()
    desk.stop_all("test")
    floor.pass_seconds(120, rounds=120)
    assert 3 <= len(floor.venue.cancels) <= 6
    assert len(desk.panic.remaining()) == 1


def broken(floor: Floor, patch: pytest.MonkeyPatch, where: str) -> None:
    """What is asked of the exchange there for the one market, or for all at once, is a fault of our own."""
    sound = getattr(floor.venue, where)

    def asked(about: str | Ticket = MARKET, *args: object) -> object:
        if MARKET in (about, getattr(about, "symbol", "")):
            raise KeyError("stepSize")
        return sound(about, *args)

    patch.setattr(floor.venue, where, asked)


@pytest.mark.parametrize("where", ["rules", "trades", "order", "cancel"])
def test_a_fault_of_our_own_on_one_market_is_told_and_the_others_are_sold(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    desk = in_two_markets(floor)
    with monkeypatch.context() as patch:
        broken(floor, patch, where)
        if where == "order":  # one that the list of open orders shows is not asked for by itself
            floor.venue.nonsense = {"orders"}
        desk.register._rules.clear()
        desk.stop_all("test")
        assert "BTC/USDT: KeyError: 'stepSize'" in desk.amiss()
        assert {each.symbol for each in desk.panic.remaining()} == {MARKET}
    floor.venue.nonsense.clear()
    floor.pass_seconds(20, rounds=4)
    assert desk.panic.remaining() == []
    assert desk.amiss() == ""


@pytest.mark.parametrize("where", ["order", "orders", "open_orders", "funds", "latest", "depth", "offset"])
def test_a_fault_of_our_own_in_what_it_can_do_without_keeps_nothing_from_being_sold_and_is_told_where_it_is_met(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    desk = in_two_markets(floor)
    met: list[str] = []
    with monkeypatch.context() as patch:
        broken(floor, patch, where)
        faulty = getattr(floor.venue, where)
        patch.setattr(floor.venue, where, lambda *args: (met.append(where), faulty(*args))[1])
        assert desk.stop_all("test") == []
        assert ("KeyError: 'stepSize'" in desk.amiss()) is bool(met)
    assert floor.ours() == []
    assert floor.users_are_untouched()


def test_a_sale_of_which_a_fault_of_our_own_hides_what_came_of_it_is_told_and_never_sent_twice(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = in_two_markets(floor)
    with monkeypatch.context() as patch:
        broken(floor, patch, "place")
        assert {each.symbol for each in desk.stop_all("test")} == {MARKET}
        floor.pass_seconds(5, rounds=5)
        told = "BTC/USDT of curl: a fault of our own hides whether its flatten arrived: KeyError: 'stepSize'"
        assert told in desk.amiss()
    floor.pass_seconds(60, rounds=60)
    assert (desk.panic.remaining(), desk.amiss()) == ([], "")
    assert floor.users_are_untouched()


def test_an_exchange_that_does_not_answer_is_told_with_what_remains(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.unreachable = True
    assert desk.stop_all("test")
    assert desk.reach.account().startswith("the exchange cannot be reached, since 09:00:")
    floor.venue.unreachable = False
    floor.pass_seconds(10, rounds=3)
    assert desk.panic.remaining() == []
    assert desk.amiss() == ""
