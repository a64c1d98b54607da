from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from services.core.effects import Refused
from services.trading.desk.entering import Enter
from services.trading.desk.events import EntryEnded
from services.trading.desk.shown import book_of, unbought
from services.trading.desk.states import OrderState, Role
from services.trading.venue.told import OrderKind
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

D = Decimal


def ends(floor: Floor) -> list[EntryEnded]:
    return [event for _, event in floor.desk.register.ledger.read() if isinstance(event, EntryEnded)]


def entry_state(floor: Floor) -> OrderState:
    return next(order.state for order in floor.desk.book.orders.values() if order.cause == "09:00#0")


def test_what_is_bought_is_protected_in_the_same_round_by_one_stop_for_all_that_is_owned(floor: Floor) -> None:
    floor.bought()
    assert entry_state(floor) is OrderState.FILLED
    bought = floor.venue.engine.ledger.trades[0].quantity
    assert floor.owned() == bought * D("0.999")
    assert floor.stops() == [(D(47500), D("0.00988"))]


def test_the_same_cause_is_sent_once(floor: Floor) -> None:
    desk = floor.bought()
    floor.pass_seconds(1)
    with pytest.raises(Refused, match="done before"):
        desk.enter(wish())
    floor.pass_seconds(60, rounds=5)
    assert len(floor.venue.sent) == 2


def test_a_second_restart_sends_nothing(floor: Floor) -> None:
    floor.bought()
    sent = len(floor.venue.sent)
    floor.restart()
    floor.restart()
    assert len(floor.venue.sent) == sent
    assert len(floor.stops()) == 1


def test_lost_answer_on_create_is_unknown_then_found_by_its_id_and_never_sent_again(floor: Floor) -> None:
    floor.venue.wrong = ["lost"]
    floor.bought()
    floor.pass_seconds(1)
    assert len([t for t in floor.venue.sent if t.side == "buy"]) == 1
    assert entry_state(floor) is OrderState.FILLED
    assert len(floor.stops()) == 1


def test_order_not_found_just_after_submit_is_not_rejected_by_one_look(floor: Floor) -> None:
    floor.venue.wrong = ["late"]
    floor.bought()
    floor.pass_seconds(12)
    assert entry_state(floor) is OrderState.UNKNOWN
    floor.venue.release()
    floor.pass_seconds(20, rounds=2)
    assert entry_state(floor) is OrderState.FILLED
    assert len(floor.stops()) == 1
    assert len(floor.ours()) == 1


def test_what_never_arrived_is_known_after_the_deadline_and_three_looks_over_thirty_seconds(floor: Floor) -> None:
    floor.venue.wrong = ["never"]
    floor.bought()
    floor.pass_seconds(39, rounds=39)
    assert entry_state(floor) is OrderState.UNKNOWN
    floor.pass_seconds(31, rounds=31)
    assert entry_state(floor) is OrderState.REJECTED
    assert [t.side for t in floor.venue.sent] == ["buy"]


def test_while_an_order_is_unknown_nothing_is_bought_on_its_market_and_its_cost_stays_reserved(floor: Floor) -> None:
    floor.venue.wrong = ["never"]
    desk = floor.bought()
    with pytest.raises(Refused, match="an order on this market is unknown"):
        desk.enter(replace(wish("09:05"), bot="other", capital=D(1000)))
    valuing = desk.measuring.valuing
    assert valuing.free(desk.book, BOT, MARKET) < 510
    assert valuing.exposure(desk.book) > 490


def test_without_a_deadline_of_the_exchange_a_person_decides(floor: Floor) -> None:
    floor.venue.settling = None
    floor.venue.wrong = ["never"]
    desk = floor.bought()
    floor.pass_seconds(3600, rounds=60)
    assert entry_state(floor) is OrderState.UNKNOWN
    unknown = desk.book.open_orders()[0]
    with pytest.raises(Refused, match="does not tell of it now"):
        desk.resolve(unknown.client_id, True, "it must have", "user")
    assert desk.resolve(unknown.client_id, False, "looked at the exchange's page", "user").state is OrderState.REJECTED


def test_partial_fills_of_a_limit_are_protected_one_after_another_by_one_stop_of_the_right_size(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish(offset=D("0.001"), times=3))
    desk.round()
    engine = floor.venue.engine
    limit = next(order for order in engine.ledger.orders if order.open and order.mine)
    for part in ("0.003", "0.004"):
        engine.fill(limit, D(part))
        floor.pass_seconds(1)
        assert [rest for _, rest in floor.stops()] == [floor.owned() // D("0.00001") * D("0.00001")]
    assert limit.open


def test_a_limit_that_does_not_fill_is_replaced_for_the_rest_and_then_taken_at_once(floor: Floor) -> None:
    desk = floor.ready()
    asked = desk.enter(wish(offset=D("0.001"), times=1, reprice_after=10, then="market"))
    desk.round()
    engine = floor.venue.engine
    engine.fill(next(order for order in engine.ledger.orders if order.open and order.mine), D("0.003"))
    floor.pass_seconds(40, rounds=8)
    entries = [order for order in desk.book.orders.values() if order.role == "entry"]
    assert [(order.kind, order.state) for order in entries] == [
        ("limit", OrderState.CANCELLED),
        ("limit", OrderState.CANCELLED),
        ("marketable", OrderState.FILLED),
    ]
    assert sum(order.filled for order in entries) == asked.quantity
    assert len(floor.stops()) == 1


def test_a_stop_that_is_hit_ends_the_trade(floor: Floor) -> None:
    desk = floor.bought()
    floor.price("47400")
    floor.pass_seconds(1)
    assert floor.ours() == []
    assert desk.book.closed[0].result < 0
    assert not desk.book.holding(BOT, MARKET).opened


def test_a_position_is_left_by_cancelling_its_stop_and_selling_within_the_collar(floor: Floor) -> None:
    desk = floor.bought()
    assert desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(1)
    assert floor.ours() == []
    assert len(desk.book.closed) == 1
    assert desk.book.closed[0].left < D("0.00001")
    assert floor.users_are_untouched()


def test_an_exit_that_finds_no_buyers_keeps_trying_and_then_protects_nothing_it_does_not_own(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.engine.book("BTCUSDT").set([["49000", "0.004"]], [["50001", "1"]])
    desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(10, rounds=5)
    assert floor.owned() < D("0.0060")
    floor.price("49000")
    floor.pass_seconds(3)
    assert floor.ours() == []
    assert not desk.book.holding(BOT, MARKET).opened


def test_where_stops_cannot_rest_the_price_is_watched_from_here(floor: Floor) -> None:
    floor.venue.resting = frozenset()
    desk = floor.bought()
    assert floor.stops() == []
    floor.price("47500")
    floor.pass_seconds(2)
    assert not desk.book.holding(BOT, MARKET).opened


def test_a_stop_that_the_price_jumped_over_is_replaced_by_a_sale(floor: Floor) -> None:
    desk = floor.bought()
    floor.price("40000")
    floor.pass_seconds(3, rounds=2)
    assert not desk.book.holding(BOT, MARKET).opened
    assert floor.ours() == []


def test_what_fills_is_protected_although_another_market_cannot_be_read(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.engine.jump("ETHUSDT", D(2000))
    desk.allot("other", "USDT", D(1000))
    desk.enter(Enter("other", "ETH/USDT", "09:00", D(100), D(1900)))
    desk.enter(wish(offset=D("0.01"), reprice_after=3600.0))
    desk.round()
    floor.venue.nonsense = {"ETH/USDT"}
    floor.price("49400")
    floor.pass_seconds(2, rounds=2)
    assert floor.owned() > 0
    assert D(47500) in [trigger for trigger, _ in floor.stops()]


def test_a_stop_that_is_refused_is_tried_ever_more_rarely_and_told_once_it_was_refused_often(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish())
    floor.venue.wrong = ["", *["refused"] * 100]
    desk.round()
    floor.pass_seconds(2, rounds=2)
    assert desk.caring.refused_often() == {}
    floor.pass_seconds(298, rounds=298)
    assert len(floor.venue.sent) < 14
    assert "stop" in desk.caring.refused_often()[BOT, MARKET]
    floor.venue.wrong = []
    floor.pass_seconds(60, rounds=60)
    assert len(floor.stops()) == 1
    assert desk.caring.refused_often() == {}


def lose_the_stop(floor: Floor) -> str:
    """The exchange forgets our stop, and gives its coins free."""
    ledger = floor.venue.engine.ledger
    stop = next(order for order in ledger.orders if order.mine and order.open)
    ledger.orders.remove(stop)
    ledger.balances["BTC"].free += ledger.balances["BTC"].held - D("0.1")
    ledger.balances["BTC"].held = D("0.1")
    return stop.client_id


def test_a_stop_that_the_exchange_no_longer_knows_is_given_up_and_another_rests(floor: Floor) -> None:
    floor.bought()
    lost = lose_the_stop(floor)
    floor.pass_seconds(15, rounds=15)
    assert floor.stops() == []
    floor.pass_seconds(45, rounds=45)
    assert floor.desk.book.orders[lost].state is OrderState.REJECTED
    assert floor.stops() == [(D(47500), D("0.00988"))]


def test_a_position_whose_stop_is_known_no_more_can_be_left_and_a_person_may_say_so_at_once(floor: Floor) -> None:
    desk = floor.bought()
    lost = lose_the_stop(floor)
    desk.stop_all("test")
    floor.pass_seconds(2, rounds=2)
    assert desk.resolve(lost, False, "it is not on the exchange's page", "user").state is OrderState.REJECTED
    floor.pass_seconds(2, rounds=2)
    assert desk.panic.remaining() == []
    assert floor.users_are_untouched()


def test_a_cancel_whose_answer_was_lost_is_looked_up(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.wrong_cancels = ["lost"]
    desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(2, rounds=2)
    assert not desk.book.holding(BOT, MARKET).opened


def test_a_cancel_that_never_arrived_is_asked_for_again(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.wrong_cancels = ["never"]
    desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(40, rounds=20)
    assert not desk.book.holding(BOT, MARKET).opened


def test_a_balance_below_what_is_ours_halts_that_market_and_says_so(floor: Floor) -> None:
    desk = floor.bought()
    floor.venue.engine.ledger.balances["BTC"].free = D(0)
    floor.venue.engine.ledger.balances["BTC"].held = D("0.005")
    floor.pass_seconds(36, rounds=3)
    assert [latch.guard for latch in desk.standing.against(MARKET)] == ["balance"]


def test_while_the_exchange_is_unreachable_at_start_nothing_new_begins(floor: Floor) -> None:
    floor.venue.unreachable = True
    floor.desk.round()
    with pytest.raises(Refused, match="not reconciled"):
        floor.desk.enter(wish())
    floor.venue.unreachable = False
    floor.desk.round()
    assert floor.desk.reconciled


def test_a_fill_while_the_program_was_down_is_protected_at_the_next_start(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish(offset=D("0.001"), times=3))
    desk.round()
    floor.price("49000")
    floor.clock.advance(timedelta(hours=3).total_seconds())
    floor.restart()
    assert len(floor.stops()) == 1
    assert floor.owned() > 0


def test_two_bots_on_one_market_keep_separate_positions_and_a_stop_each(floor: Floor) -> None:
    desk = floor.bought()
    desk.allot("other", "USDT", D(1000))
    desk.enter(Enter("other", MARKET, "09:00", D(300), D(47000)))
    floor.pass_seconds(1)
    assert sorted(trigger for trigger, _ in floor.stops()) == [D(47000), D(47500)]
    desk.leave("other", MARKET, "10:00", "exit")
    floor.pass_seconds(2)
    assert [trigger for trigger, _ in floor.stops()] == [D(47500)]
    assert desk.book.holding(BOT, MARKET).opened
    assert floor.users_are_untouched()


def test_two_bots_that_decide_on_one_market_at_once_both_buy(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish())
    desk.enter(replace(wish(), bot="other", capital=D(1000)))
    desk.round()
    assert [order.bot for order in desk.book.orders.values() if order.role is Role.ENTRY] == [BOT, "other"]
    assert len(floor.stops()) == 2
    assert [(event.why, event.bought) for event in ends(floor)] == [("done", True)] * 2


def test_a_wish_that_waits_for_another_order_in_vain_ends_and_says_what_it_waited_for(floor: Floor) -> None:
    floor.venue.wrong = ["never"]
    desk = floor.ready()
    desk.enter(wish())
    desk.enter(replace(wish(), bot="other", capital=D(1000)))
    floor.pass_seconds(31, rounds=31)
    assert [(event.bot, event.bought, event.why) for event in ends(floor)] == [
        (
            "other",
            False,
            "it was decided on a market that has moved on; until then unknown: an order on this market is unknown: "
            "nobody can tell whether it arrived",
        )
    ]
    assert [ticket.side for ticket in floor.venue.sent] == ["buy"]
    (told,) = unbought(book_of(desk.register.ledger))
    assert (told["bot"], told["market"], told["cause"]) == ("other", MARKET, "09:00")


def test_a_bots_capital_is_reserved_before_its_order_so_that_it_cannot_spend_it_twice(floor: Floor) -> None:
    desk = floor.bought(budget="700")
    floor.venue.engine.jump("ETHUSDT", D(3000))
    with pytest.raises(Refused, match="bot's capital"):
        desk.enter(Enter(BOT, "ETH/USDT", "09:05", D(700), D(2800)))


def test_reconcile_on_restart_a_stop_hit_while_down_ends_the_trade_and_sells_nothing_more(floor: Floor) -> None:
    floor.bought()
    floor.price("47400")
    floor.clock.advance(3 * 3600)
    sent = len(floor.venue.sent)
    floor.restart()
    floor.pass_seconds(1)
    assert len(floor.venue.sent) == sent
    assert floor.desk.book.closed[0].result < 0


def test_sleep_of_hours_and_a_restart_mid_position_send_no_late_order_and_the_stop_is_still_there(floor: Floor) -> None:
    floor.bought()
    stops = floor.stops()
    floor.clock.advance(3 * 3600)
    floor.restart()
    floor.pass_seconds(30, rounds=3)
    assert floor.stops() == stops
    assert len(floor.venue.sent) == 2


def test_a_position_whose_strategy_is_gone_keeps_the_stop_it_was_opened_with(floor: Floor) -> None:
    floor.bought(stop="48000")
    floor.restart()
    assert [trigger for trigger, _ in floor.stops()] == [D(48000)]
    floor.price("47900")
    floor.pass_seconds(2)
    assert not floor.desk.book.holding(BOT, MARKET).opened


def test_a_trade_told_long_after_its_order_rests_is_still_booked(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish(offset=D("0.001"), times=3, reprice_after=1e6))
    desk.round()
    floor.pass_seconds(7200, rounds=60)
    floor.venue.engine.fill(next(o for o in floor.venue.engine.ledger.orders if o.open and o.mine), D("0.004"))
    floor.pass_seconds(2)
    assert floor.owned() > D("0.0039")
    assert len(floor.stops()) == 1


def test_an_order_that_never_went_out_takes_no_turn_of_its_entry(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.wrong = ["not sent"]
    desk.enter(wish(offset=D("0.01"), times=0, reprice_after=60.0, then="market"))
    floor.pass_seconds(1)
    assert floor.owned() == 0
    floor.pass_seconds(6, rounds=6)
    assert [(ticket.kind, ticket.price) for ticket in floor.venue.sent] == [(OrderKind.LIMIT, D("49500.00"))] * 2
    assert len({ticket.client_id for ticket in floor.venue.sent}) == 2
    floor.pass_seconds(55, rounds=5)
    assert (floor.owned(), len(floor.venue.sent)) == (0, 2)
    floor.pass_seconds(8, rounds=4)
    assert floor.owned() == D("0.00998001")


def test_an_entry_at_once_that_could_not_be_sent_is_tried_again_while_it_is_in_time(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.wrong = ["not sent", "not sent"]
    desk.enter(wish())
    floor.pass_seconds(14, rounds=14)
    assert floor.owned() == D("0.00988011")


def test_an_entry_that_cannot_be_sent_in_time_ends_and_says_so(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.wrong = ["not sent"] * 20
    desk.enter(wish())
    floor.pass_seconds(40, rounds=40)
    assert [event.why for event in ends(floor)] == [
        "it could not be sent in time: not sent: the minute's requests are used up"
    ]
    assert len(floor.venue.sent) < 10
