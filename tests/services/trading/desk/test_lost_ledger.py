"""A ledger that was lost, or put back from a copy: what is ours is found at the exchange, and nothing else."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.effects import Refused
from services.trading.desk.desk import Opening
from services.trading.desk.door import Door
from services.trading.desk.entering import Enter
from services.trading.desk.events import AccountArmed, AccountDisarmed, OrderAdopted, OrderFilled
from services.trading.desk.guards.standing import ACCOUNT
from services.trading.desk.keeper import Account, AccountKeeper
from services.trading.desk.ledger import Ledger
from services.trading.desk.limits import Limits
from tests.support.desk_facts import INSTANCE, MARKET
from tests.support.desks import BOT, Floor, wish
from tests.support.host import MemoryHost

D = Decimal


def test_an_empty_ledger_finds_what_is_ours_by_its_mark_and_leaves_the_users_alone(floor: Floor) -> None:
    floor.bought()
    owned = floor.owned()
    for name in floor.path.parent.glob("account.db*"):
        name.unlink()
    floor.restart()
    assert [each.quantity for each in floor.desk.book.held()] == [owned]
    assert len(floor.stops()) == 1
    sent = len(floor.venue.sent)
    floor.restart()
    assert len(floor.venue.sent) == sent
    assert floor.users_are_untouched()


def test_what_a_bot_held_before_its_ledger_was_lost_is_its_own_again_and_it_buys_no_more(floor: Floor) -> None:
    floor.bought()
    owned, sent = floor.owned(), len(floor.venue.sent)
    for name in floor.path.parent.glob("account.db*"):
        name.unlink()
    floor.bots = lambda: (BOT, "another")
    desk = floor.restart()
    assert desk.book.holding(BOT, MARKET).quantity == owned
    desk.allot(BOT, "USDT", D(1000))
    with pytest.raises(Refused, match="has a position"):
        desk.enter(wish("10:00"))
    floor.pass_seconds(5, rounds=5)
    assert len(floor.venue.sent) == sent


def test_a_stop_lost_with_the_ledger_is_measured_from_what_this_trade_paid_and_not_from_the_ones_before(
    floor: Floor,
) -> None:
    floor.price("20000")
    desk = floor.ready("100000")
    desk.enter(wish("09:00", "5000", "19000"))
    desk.round()
    desk.leave(BOT, MARKET, "10:00", "exit")
    floor.pass_seconds(5, rounds=2)
    floor.price("60000")
    floor.pass_seconds(3600, rounds=2)
    desk.enter(wish("11:00", "500", "57000"))
    desk.round()
    for name in floor.path.parent.glob("account.db*"):
        name.unlink()
    engine = floor.venue.engine
    engine.cancel(next(order for order in engine.ledger.orders if order.open and order.mine))
    floor.restart()
    floor.pass_seconds(10, rounds=2)
    (trigger,) = [trigger for trigger, _ in floor.stops()]
    assert D(56000) < trigger < D(58000)


def test_an_order_that_bears_our_mark_and_nobody_waits_for_is_cancelled_and_the_users_is_not(floor: Floor) -> None:
    desk = floor.ready()
    desk.enter(wish(offset=D("0.01"), times=3))
    desk.round()
    for name in floor.path.parent.glob("account.db*"):
        name.unlink()
    floor.restart()
    floor.pass_seconds(1)
    assert floor.ours() == []
    assert floor.users_are_untouched()


@pytest.mark.parametrize("ledger", ["put back", "lost"])
def test_a_position_without_a_stop_is_found_by_its_coins_on_a_market_that_nobody_names(
    floor: Floor, tmp_path: Path, ledger: str
) -> None:
    floor.markets = ()
    floor.limited(daily_loss=D(50))
    floor.venue.engine.jump("ETHBTC", D("0.08"))
    desk = floor.ready()
    desk.allot("other", "BTC", D("0.4"))
    floor.path = tmp_path / "copy.db"
    if ledger == "put back":
        with closing(sqlite3.connect(floor.path)) as copy:
            desk.register.ledger._connection.backup(copy)
    desk.enter(Enter("other", "ETH/BTC", "09:00", D("0.002"), None))
    desk.round()
    bought = sum(each.quantity for each in desk.book.held())
    assert bought > 0
    floor.limits = Limits(currency="BTC" if ledger == "lost" else "USDT")
    assert sum(each.quantity for each in floor.restart().book.held()) == bought


def kept(floor: Floor, host: MemoryHost) -> None:
    """The account is kept for a moment, by the program whose journal ``host`` is."""
    account = Account(floor.path, floor.path.with_suffix(".lease"), lambda: floor.venue, Opening(INSTANCE))
    host.run(AccountKeeper(account, Door(SystemClock()), lambda: list(host.events)))


@pytest.mark.parametrize("ledger", ["put back", "lost"])
def test_the_journal_is_told_of_another_ledger_what_it_lacks_and_nothing_twice(
    floor: Floor, tmp_path: Path, ledger: str
) -> None:
    host = MemoryHost(end_after=3)
    kept(floor, host)
    floor.restart()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        floor.desk.register.ledger._connection.backup(copy)
    floor.bought()
    floor.desk.saw_high(BOT, MARKET, D(50001), floor.clock.now())
    kept(floor, host)
    before = len(host.events)
    for name in floor.path.parent.glob("account.db*"):
        name.unlink()
    if ledger == "put back":
        (tmp_path / "copy.db").rename(floor.path)
    floor.restart()
    kept(floor, host)
    has = Ledger(floor.path)
    told = [event for _, event in has.read()]
    has.close()
    assert all(event in host.events for event in told)
    assert any(isinstance(event, OrderAdopted) for event in host.events[before:])
    assert len(host.events) == len({(event.type_name, event.encode()) for event in host.events})


def test_a_copy_that_has_outgrown_what_was_told_is_still_known_for_another_ledger(floor: Floor, tmp_path: Path) -> None:
    host = MemoryHost(end_after=3)
    floor.ready()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        floor.desk.register.ledger._connection.backup(copy)
    for number in range(6):
        floor.desk.allot(f"bot {number}", "USDT", D(1))
    kept(floor, host)
    for name in floor.path.parent.glob("account.db*"):
        name.unlink()
    (tmp_path / "copy.db").rename(floor.path)
    floor.restart()
    floor.bought("10:00")
    fills = [event for _, event in floor.desk.register.ledger.read() if isinstance(event, OrderFilled)]
    kept(floor, host)
    assert [event for event in host.events if isinstance(event, OrderFilled)] == fills


@pytest.mark.parametrize("ledger", ["put back", "lost"])
def test_a_latch_and_a_disarming_that_the_ledger_lost_are_taken_from_the_journal(
    floor: Floor, tmp_path: Path, ledger: str
) -> None:
    host = MemoryHost(end_after=3)
    floor.bought()
    floor.desk.register.note(AccountArmed("user", floor.clock.now()))
    floor.desk.watching.latch("balance", MARKET, "armed again meanwhile")
    kept(floor, host)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        floor.desk.register.ledger._connection.backup(copy)
    floor.restart().rearm("balance", MARKET, "all is well", "user")
    floor.desk.register.note(AccountDisarmed("user", "enough", floor.clock.now()))
    floor.desk.panic.begin("the user asked")
    kept(floor, host)
    for name in floor.path.parent.glob("account.db*"):
        name.unlink()
    if ledger == "put back":
        (tmp_path / "copy.db").rename(floor.path)
    kept(floor, host)
    book = floor.restart().book
    assert ("emergency stop", ACCOUNT) in book.latches
    assert book.armed is None
    assert floor.desk.panic.remaining() == []


def test_a_store_that_is_older_than_the_ledger_is_told_the_rest(floor: Floor) -> None:
    host = MemoryHost(end_after=3)
    floor.ready()
    kept(floor, host)
    copied, position = list(host.events), host.position
    floor.restart()
    floor.bought()
    floor.desk.panic.begin("the user asked")
    kept(floor, host)
    host.events, host.position = copied, position
    kept(floor, host)
    has = Ledger(floor.path)
    assert host.events == [event for _, event in has.read()]
    has.close()
