"""A trailing stop follows the highs that are told, one at a time and never down; a target is sold once it is met."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.core.faults import arm
from services.trading.desk.states import Role
from tests.support.desk_facts import MARKET
from tests.support.desks import BOT, Floor, wish

POINTS = ("intended", "submitted", "answered", "committed")
"""Of an order that is sent, in their order."""
BAR = datetime(2026, 1, 1, tzinfo=UTC)
D = Decimal


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    made = Floor(tmp_path / "account.db")
    yield made
    for point in POINTS:
        arm(f"desk.{point}", None)
    made.close()


def held(floor: Floor, stop: str | None = None, **shares: Decimal) -> None:
    """A position that was bought at 50,000 or a tick above."""
    floor.ready()
    floor.desk.enter(wish("09:00", "500", stop, **shares))
    floor.desk.round()
    assert floor.owned()


def triggers(floor: Floor) -> list[Decimal]:
    return [trigger for trigger, _ in floor.stops()]


def saw(floor: Floor, price: str) -> None:
    floor.desk.saw_high(BOT, MARKET, D(price), BAR)
    floor.desk.round()


def test_it_lies_below_what_was_paid_and_moves_up_with_the_highs(floor: Floor) -> None:
    held(floor, trailing_share=D("0.05"))
    assert triggers(floor) == [D("47500.01")]
    saw(floor, "52000")
    assert triggers(floor) == [D("49400.00")]


def test_it_never_moves_down_and_what_changes_nothing_is_not_kept(floor: Floor) -> None:
    held(floor, trailing_share=D("0.05"))
    saw(floor, "52000")
    sent, kept = len(floor.venue.sent), len(list(floor.desk.register.ledger.read()))
    saw(floor, "51000")
    assert triggers(floor) == [D("49400.00")]
    assert (len(floor.venue.sent), len(list(floor.desk.register.ledger.read()))) == (sent, kept)


def test_the_nearer_of_two_stops_holds(floor: Floor) -> None:
    held(floor, "49000", trailing_share=D("0.05"))
    assert triggers(floor) == [D("49000.00")]
    saw(floor, "51000")
    assert triggers(floor) == [D("49000.00")]
    saw(floor, "52000")
    assert triggers(floor) == [D("49400.00")]


def test_a_high_above_which_the_price_has_fallen_too_far_is_left_at_once(floor: Floor) -> None:
    held(floor, trailing_share=D("0.05"))
    saw(floor, "53000")  # its stop would lie at 50,350, above the price
    floor.pass_seconds(2, rounds=2)
    assert floor.owned() < D("0.00001")
    assert floor.stops() == []


def test_what_was_told_outlives_the_program(floor: Floor) -> None:
    held(floor, trailing_share=D("0.05"))
    saw(floor, "52000")
    floor.restart()
    floor.pass_seconds(2, rounds=2)
    assert triggers(floor) == [D("49400.00")]


def test_an_entry_of_later_begins_from_its_own_price(floor: Floor) -> None:
    held(floor, trailing_share=D("0.05"))
    saw(floor, "52000")
    floor.desk.leave(BOT, MARKET, "10:00", "test")
    floor.pass_seconds(3, rounds=3)
    floor.desk.enter(wish("10:05", "400", None, trailing_share=D("0.05")))
    floor.desk.round()
    assert triggers(floor) == [D("47500.01")]


def test_a_target_is_sold_when_the_price_is_there_and_no_stop_is_left_behind(floor: Floor) -> None:
    held(floor, "47500", target_share=D("0.02"))
    floor.price("50900")
    floor.desk.round()
    assert len(floor.stops()) == 1
    floor.price("51001")
    floor.pass_seconds(2, rounds=2)
    assert floor.stops() == []
    sold = [order for order in floor.desk.book.orders.values() if order.role is Role.FLATTEN]
    assert [order.cause.split("/")[0] for order in sold] == ["target"]
    assert floor.owned() < D("0.00001")


def test_a_purchase_that_turns_up_after_a_later_wish_keeps_the_exits_that_it_was_asked_for_with(floor: Floor) -> None:
    desk = floor.ready()
    floor.venue.wrong = ["lost, hidden"]
    exits = {"stop": None, "trailing_share": D("0.02"), "target_share": D("0.05")}
    desk.enter(wish("09:00", terms="the first", **exits))
    floor.pass_seconds(2, rounds=2)
    desk.resolve(floor.venue.sent[0].client_id, False, "it is not on the exchange's page", "user")
    floor.pass_seconds(80, rounds=80)
    assert desk.book.entries == {}
    desk.enter(wish("10:00", terms="the second", until=floor.venue.now() - timedelta(seconds=1), **exits))
    floor.pass_seconds(1)
    assert desk.book.entries == {}
    floor.venue.release()
    floor.restart()
    floor.pass_seconds(2, rounds=2)
    opened = floor.desk.book.opened_by(BOT, MARKET)
    assert (opened and opened.terms, floor.desk.book.target_of(BOT, MARKET)) == ("the first", D("52500.0105"))
    assert floor.stops() == [(D("49000.01"), D("0.00988"))]


RESTS, MOVED = (D("47500.01"), D("0.00998")), (D("49400.00"), D("0.00998"))


def moved(floor: Floor, *wrong: str) -> Floor:
    """What was bought at 50,000 has seen 52,000; ``wrong`` is what goes wrong with moving its stop."""
    held(floor, trailing_share=D("0.05"))
    floor.venue.wrong = list(wrong)
    saw(floor, "52000")
    return floor


def test_a_stop_moves_in_one_request_and_its_position_is_covered_at_each_moment(floor: Floor) -> None:
    covered: list[list[tuple[Decimal, Decimal]]] = []
    held(floor, trailing_share=D("0.05"))
    for point in POINTS[1:]:
        arm(f"desk.{point}", lambda: covered.append(floor.stops()))
    saw(floor, "52000")
    assert (floor.venue.cancels, covered) == ([], [[RESTS], [MOVED], [MOVED]])


@pytest.mark.parametrize("wrong", ["lost", "lost, hidden"])
def test_one_that_was_moved_without_an_answer_is_found_and_moved_once(floor: Floor, wrong: str) -> None:
    moved(floor, wrong)
    floor.pass_seconds(120, rounds=120)
    floor.venue.release()
    floor.pass_seconds(60, rounds=60)
    assert (floor.stops(), len(floor.venue.moved), len(floor.venue.sent)) == ([MOVED], 1, 2)


def test_while_nobody_knows_whether_it_was_moved_the_former_rests(floor: Floor) -> None:
    moved(floor, "never")
    floor.pass_seconds(39, rounds=39)
    assert (floor.stops(), len(floor.venue.moved)) == ([RESTS], 1)
    floor.pass_seconds(20, rounds=20)
    assert (floor.stops(), len(floor.venue.moved)) == ([MOVED], 2)


def test_while_nobody_knows_whether_it_was_moved_a_price_below_it_is_sold_at(floor: Floor) -> None:
    moved(floor, "never")
    floor.pass_seconds(12, rounds=12)
    floor.price("49300")
    floor.pass_seconds(2, rounds=2)
    assert (floor.stops(), floor.owned() < D("0.00001")) == ([], True)
    assert floor.users_are_untouched()


def test_one_that_was_taken_out_while_the_new_one_was_refused_is_rested_anew(floor: Floor) -> None:
    moved(floor, "refused")
    assert floor.stops() == []
    floor.pass_seconds(2, rounds=2)
    assert floor.stops() == [MOVED]


def test_one_that_could_not_go_out_is_moved_later_and_the_former_rests_till_then(floor: Floor) -> None:
    moved(floor, "not sent", "not sent")
    assert floor.stops() == [RESTS]
    floor.pass_seconds(10, rounds=10)
    assert floor.stops() == [MOVED]


def test_one_that_has_sold_before_it_is_moved_sells_nothing_more(floor: Floor) -> None:
    held(floor, trailing_share=D("0.05"))
    arm("desk.submitted", lambda: floor.price("47400"))
    saw(floor, "52000")
    floor.pass_seconds(30, rounds=30)
    assert (floor.stops(), floor.owned() < D("0.00001")) == ([], True)
    assert floor.users_are_untouched()


@pytest.mark.parametrize("point", POINTS)
def test_whoever_dies_while_a_stop_is_moved_leaves_one_that_rests(floor: Floor, point: str) -> None:
    held(floor, trailing_share=D("0.05"))

    def die() -> None:
        raise KeyboardInterrupt

    arm(f"desk.{point}", die)
    with pytest.raises(KeyboardInterrupt):
        saw(floor, "52000")
    assert len(floor.stops()) == 1
    arm(f"desk.{point}", None)
    floor.restart()
    floor.pass_seconds(120, rounds=120)
    assert floor.stops() == [MOVED]


def test_where_it_cannot_be_moved_in_one_request_it_is_taken_out_and_rested_anew_in_the_same_round(
    floor: Floor,
) -> None:
    floor.venue.moves = False
    moved(floor)
    assert (floor.stops(), len(floor.venue.cancels), floor.venue.moved) == ([MOVED], 1, [])


def test_on_a_market_that_moves_no_stop_it_is_taken_out_and_rested_anew_and_no_move_is_tried_again(
    floor: Floor,
) -> None:
    moved(floor, "not here")
    assert floor.stops() == [RESTS]
    floor.pass_seconds(2, rounds=2)
    assert (floor.stops(), len(floor.venue.cancels), len(floor.venue.moved)) == ([MOVED], 1, 1)
    floor.restart()
    saw(floor, "52200")
    assert (triggers(floor), len(floor.venue.cancels), len(floor.venue.moved)) == ([D("49590.00")], 2, 1)
    assert floor.desk.amiss() == ""
