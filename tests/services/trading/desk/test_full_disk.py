"""The emergency stop, and every start after it, on a disk that takes nothing."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.core.effects import Refused
from services.trading.desk.book import folded
from services.trading.desk.desk import Opening
from services.trading.desk.events import AccountDisarmed
from services.trading.desk.guards.standing import ACCOUNT, PANIC
from services.trading.desk.keeper import Account
from services.trading.desk.ledger import Ledger, LedgerUnusable
from services.trading.desk.limits import Limits
from services.trading.desk.panic import Remaining
from tests.support.desk_facts import INSTANCE, MARKET
from tests.support.desks import BOT, Floor, in_two_markets, wish
from tests.support.manual_clock import START

D = Decimal


def full(ledger: Ledger) -> None:
    """The disk takes nothing more of it, to the last byte: SQLite itself says so."""
    ledger._connection.execute("PRAGMA max_page_count = 1")
    for size in (2000, 100, 0):
        with suppress(LedgerUnusable):
            for number in range(1000):
                ledger.append(kept={f"{size}/{number}": "x" * size})
        with suppress(LedgerUnusable):
            for _ in range(1000):
                ledger.append(AccountDisarmed("test", "x" * size, START))
    assert not ledger.writable


def test_a_full_disk_keeps_nothing_from_being_sold_once_and_is_told(floor: Floor) -> None:
    desk = in_two_markets(floor)
    full(desk.register.ledger)
    assert desk.stop_all("test") == []
    assert "disk is full" in desk.amiss()
    assert floor.ours() == []
    floor.pass_seconds(60, rounds=6)
    assert len([trade for trade in floor.venue.engine.ledger.trades if not trade.order.buys]) == 2
    assert floor.users_are_untouched()


def test_once_the_disk_has_room_again_all_that_was_done_meanwhile_is_kept(floor: Floor) -> None:
    desk = in_two_markets(floor)
    full(desk.register.ledger)
    desk.stop_all("test")
    desk.register.ledger._connection.execute("PRAGMA max_page_count = 10000")
    floor.pass_seconds(1)
    assert desk.amiss() == ""
    sent = len(floor.venue.sent)
    again = floor.restart()
    assert again.panic.on
    assert again.book.orders == desk.book.orders
    assert len(floor.venue.sent) == sent


def test_a_latch_that_was_armed_again_stays_open_though_the_program_died_before_the_reserve_was_emptied(
    floor: Floor,
) -> None:
    desk = floor.ready()
    full(desk.register.ledger)
    desk.stop_all("test")
    reserve = desk.register.reserve
    assert reserve is not None
    kept = reserve.path.read_bytes()
    assert b"desk.guard.latched" in kept
    desk.register.ledger._connection.execute("PRAGMA max_page_count = 10000")
    desk.rearm(PANIC, ACCOUNT, "all is well", "user")
    reserve.path.write_bytes(kept)  # the ledger has both by now, and it died before it could say so here
    assert not floor.restart().panic.on


@pytest.mark.parametrize("answer", ["", "lost", "late"])
def test_one_who_dies_in_it_with_a_full_disk_is_followed_by_one_who_sells_nothing_twice(
    floor: Floor, answer: str
) -> None:
    desk = floor.bought()
    full(desk.register.ledger)
    floor.venue.wrong = [answer]
    desk.stop_all("test")
    floor.desk = desk = floor.opened()
    full(desk.register.ledger)
    desk.stop_all("test")
    floor.venue.release()
    floor.pass_seconds(90, rounds=30)
    sold = [trade for trade in floor.venue.engine.ledger.trades if not trade.order.buys]
    assert len(sold) == 1
    assert desk.panic.remaining() == []
    assert floor.users_are_untouched()


@pytest.mark.parametrize("ahead", [-5, 12])
def test_however_our_clock_stands_what_the_desk_before_may_have_sent_is_waited_for_before_a_sale_without_a_ledger(
    floor: Floor, ahead: int
) -> None:
    desk = floor.bought()
    floor.pass_seconds(11)
    desk.register.ledger._connection.execute("PRAGMA query_only = ON")
    floor.venue.wrong = ["late"]
    desk.stop_all("test")
    floor.desk = desk = floor.opened()
    desk.register.ledger._connection.execute("PRAGMA query_only = ON")
    floor.venue.ahead = timedelta(seconds=ahead)  # as it is known once it has been measured
    desk.stop_all("test")
    floor.pass_seconds(9, rounds=9)
    assert len(floor.venue.sent) == 3
    floor.venue.release()
    floor.pass_seconds(60, rounds=20)
    assert desk.panic.remaining() == []
    assert floor.users_are_untouched()


def test_a_ledger_that_cannot_even_be_opened_is_read_for_what_it_has_and_the_account_is_stopped(
    floor: Floor, tmp_path: Path
) -> None:
    floor.bought()
    floor.close()
    beside = tmp_path / "account.db-wal"
    beside.mkdir()  # as no log can be begun beside it on a full disk
    opening = Opening(INSTANCE, Limits(), (MARKET,))
    account = Account(floor.path, tmp_path / "account.lease", lambda: floor.venue, opening)
    with account.opened(floor.clock, at_any_cost=True) as desk:
        assert desk.stop_all("test")[0] == Remaining(BOT, MARKET, "0.00988011 BTC are held")
        assert len(floor.stops()) == 1, "it is left where it rests till the sale may be sent"
        for _ in range(12):
            floor.clock.advance(1)
            desk.round()
        assert desk.panic.remaining() == []
        assert "readonly" in desk.amiss()
    assert floor.ours() == []
    assert floor.users_are_untouched(desk.book)


def test_an_emergency_stop_on_a_full_disk_is_on_also_after_the_program_died_in_it(floor: Floor) -> None:
    desk = in_two_markets(floor)
    full(desk.register.ledger)
    floor.venue.unreachable = True
    desk.stop_all("test")
    floor.venue.unreachable = False
    again = floor.restart()
    assert again.panic.on
    floor.pass_seconds(60, rounds=6)
    assert (floor.ours(), again.panic.remaining()) == ([], [])
    again.rearm(PANIC, ACCOUNT, "all is well", "user")
    assert not floor.restart().panic.on


def test_that_a_position_is_to_be_left_is_known_after_a_crash_also_where_its_purchase_is_not_on_the_disk(
    floor: Floor,
) -> None:
    floor.venue.wrong = ["lost, hidden"]
    desk = floor.bought()
    desk.register.ledger._connection.execute("PRAGMA query_only = ON")
    floor.venue.release()
    floor.pass_seconds(15, rounds=3)
    assert desk.book.holding(BOT, MARKET).opened
    desk.leave(BOT, MARKET, "by hand", "a person asked", "user")
    floor.restart()
    floor.pass_seconds(30, rounds=6)
    assert floor.desk.book.closed
    assert floor.stops() == []
    assert floor.users_are_untouched()


def test_on_a_disk_that_is_full_at_the_start_what_is_held_is_protected_and_nothing_bought_till_it_has_room(
    floor: Floor, tmp_path: Path
) -> None:
    floor.venue.wrong = ["", "refused"]
    floor.bought()
    floor.close()
    beside = tmp_path / "account.db-wal"
    beside.mkdir()  # as no log can be begun beside it on a full disk
    account = Account(
        floor.path, tmp_path / "account.lease", lambda: floor.venue, Opening(INSTANCE, Limits(), (MARKET,))
    )
    with account.opened(floor.clock) as desk:
        for _ in range(12):  # what a desk before may just have sent is waited for
            floor.clock.advance(1)
            desk.round()
        assert "not on disk" in desk.amiss()
        assert floor.stops() == [(D(47500), D("0.00988"))]
        with pytest.raises(Refused):
            desk.enter(wish("10:00"))
        beside.rmdir()
        floor.clock.advance(1)
        desk.round()
        assert (desk.amiss(), len(floor.stops())) == ("", 1)
        assert folded(event for _, event in desk.register.ledger.read()).orders == desk.book.orders
    assert floor.users_are_untouched(desk.book)


def test_a_ledger_that_cannot_be_read_keeps_the_account_process_from_beginning(floor: Floor, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    path.write_bytes(b"none of ours" * 100)
    account = Account(path, tmp_path / "account.lease", lambda: floor.venue, Opening(INSTANCE))
    with pytest.raises(LedgerUnusable, match="move it away"), account.opened(floor.clock):
        raise AssertionError("it has begun")
