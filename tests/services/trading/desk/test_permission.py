"""A key that may do too much buys nothing, whoever armed the account: its rights are read again and again."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from services.core.clock import SystemClock
from services.core.effects import Refused
from services.trading.desk.commands import arm
from services.trading.desk.desk import Opening
from services.trading.desk.door import Door
from services.trading.desk.keeper import Account, AccountKeeper
from services.trading.desk.limits import Limits
from services.trading.desk.permission import AGAIN, EVERY
from services.trading.venue.access import Access
from services.trading.venue.arming import Wish
from services.trading.venue.rights import Rights
from services.trading.venue.venue import VenueUnsure
from tests.support.desk_facts import INSTANCE, MARKET
from tests.support.desks import BOT, Floor, wish
from tests.support.engine_venue import MAY_TRADE
from tests.support.host import MemoryHost

WITHDRAWS = Rights(reads=True, trades=True, withdraws=True, borrows=False, bound=True)
WISH = Wish("binance", "", True, True, "trade my money on binance", True, "the test says so")


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    """Real money, armed by a person for the key that is in use."""
    made = Floor(tmp_path / "live.db", limits=Limits(small_trips=0), live=True, key="digest of a key")
    made.ready()
    arm(made.desk, WISH, "user")
    yield made
    made.close()


def away() -> Rights:
    raise VenueUnsure("no answer")


def refuses(floor: Floor, why: str, cause: str = "09:30") -> None:
    with pytest.raises(Refused, match=why):
        floor.desk.enter(wish(cause))


@pytest.mark.parametrize(
    ("rights", "why"),
    [
        (WITHDRAWS, "the key may withdraw or send money away"),
        (Rights(True, False, False, False, True), "the key may not trade"),
    ],
)
def test_a_key_that_may_do_too_much_or_too_little_since_it_was_armed_buys_nothing_after_a_restart(
    floor: Floor, rights: Rights, why: str
) -> None:
    floor.venue.rights = lambda: rights
    floor.restart()
    refuses(floor, f"armed: {why}")
    assert f"nothing is bought: {why}" in floor.desk.amiss()


def test_the_list_of_processes_and_who_asks_for_the_account_are_told(floor: Floor, tmp_path: Path) -> None:
    floor.venue.rights = lambda: WITHDRAWS
    opening = Opening(INSTANCE, floor.limits, live=True, key=floor.key)
    account = Account(floor.path, tmp_path / "lease", lambda: floor.venue, opening)
    host, told = MemoryHost(end_after=3), []

    class Seen(Door):
        def shut(self) -> None:
            told.append(self.contact())
            super().shut()

    host.run(AccountKeeper(account, Seen(SystemClock())))
    (contact,) = told
    assert contact is not None
    assert contact.unarmed.startswith("the key may withdraw")
    assert any("nothing is bought: the key may withdraw" in each for each in host.doings)


def test_a_key_that_is_given_more_rights_meanwhile_buys_nothing_from_the_next_reading_on(floor: Floor) -> None:
    floor.venue.rights = lambda: WITHDRAWS
    floor.pass_seconds(EVERY)
    refuses(floor, "may withdraw")
    floor.venue.rights = lambda: MAY_TRADE
    floor.pass_seconds(AGAIN)
    assert floor.desk.amiss() == ""
    floor.desk.enter(wish())


def test_what_is_held_is_protected_and_sold_whatever_the_key_may_do(floor: Floor) -> None:
    floor.bought()
    floor.venue.rights = lambda: WITHDRAWS
    for order in floor.venue.engine.ledger.orders:
        if order.open and order.mine:
            floor.venue.engine.cancel(order)  # the user took the stop out
    floor.restart()
    floor.pass_seconds(2, rounds=2)
    assert floor.stops() == [(Decimal("47500.00"), Decimal("0.00988"))]
    assert floor.desk.leave(BOT, MARKET, "09:05", "exit")
    floor.pass_seconds(2, rounds=2)
    assert not floor.desk.book.holding(BOT, MARKET).opened
    assert floor.users_are_untouched()
    refuses(floor, "may withdraw")


def test_the_emergency_stop_sells_and_asks_nothing_of_the_key(floor: Floor) -> None:
    floor.bought()
    asked: list[str] = []
    floor.venue.rights = lambda: asked.append("rights") or away()  # type: ignore[func-returns-value]
    floor.desk = floor.opened()
    assert floor.desk.stop_all("test") == []
    floor.pass_seconds(AGAIN)
    assert asked == []
    assert floor.users_are_untouched()


def test_a_limit_that_rests_is_taken_out_once_the_key_may_withdraw(floor: Floor) -> None:
    floor.desk.enter(wish(offset=Decimal("0.001"), reprice_after=7200.0))
    floor.pass_seconds(1)
    assert floor.ours()
    floor.venue.rights = lambda: WITHDRAWS
    floor.pass_seconds(EVERY)
    floor.pass_seconds(2, rounds=2)
    assert not floor.ours()
    assert floor.desk.book.entries == {}


def test_a_limit_that_rests_is_left_alone_by_a_restart_until_the_key_was_asked_for(floor: Floor) -> None:
    floor.desk.enter(wish(offset=Decimal("0.001"), reprice_after=7200.0))
    floor.pass_seconds(1)
    resting = floor.ours()
    floor.restart()
    floor.pass_seconds(1)
    assert floor.ours() == resting != []


def test_arming_holds_for_one_key_and_another_has_to_be_armed_anew(floor: Floor) -> None:
    floor.key = "digest of another"
    floor.restart()
    refuses(floor, "armed: it was armed for another key: arm the account again")
    assert "another key" in floor.desk.amiss()
    arm(floor.desk, WISH, "user")
    floor.desk.enter(wish())


def test_an_exchange_that_is_away_disarms_for_as_long_as_it_is_and_no_longer(floor: Floor) -> None:
    floor.venue.rights = away
    floor.restart()
    refuses(floor, "armed: what the key may do could not be read: no answer")
    floor.venue.rights = lambda: MAY_TRADE
    floor.pass_seconds(AGAIN)
    assert floor.desk.book.armed is not None
    floor.desk.enter(wish())


def test_a_fault_of_our_own_in_reading_the_rights_buys_nothing(floor: Floor) -> None:
    floor.venue.rights = lambda: Rights()  # type: ignore[call-arg]
    floor.restart()
    refuses(floor, "armed: what the key may do could not be read")
    assert "the key's rights: " in floor.desk.amiss()


def test_an_exchange_without_a_word_for_rights_buys_nothing(floor: Floor) -> None:
    del floor.venue.rights
    floor.restart()
    refuses(floor, "armed: what the key may do could not be read")


def test_play_money_needs_no_key_that_tells_its_rights(tmp_path: Path) -> None:
    made = Floor(tmp_path / "play.db")
    made.venue.rights = away
    made.ready()
    made.desk.enter(wish())
    assert made.desk.amiss() == ""
    made.close()


def test_a_keys_digest_tells_nothing_of_it_and_another_key_or_account_has_another() -> None:
    one = Access("binance", "", "the key", "the secret").digest
    others = [
        Access("binance", "", "the key", "another").digest,
        Access("binance", "", "another", "the secret").digest,
        Access("binance", "https://other.example", "the key", "the secret").digest,
    ]
    assert len({one, *others}) == 4
    assert len(one) == 32
    assert Access("binance").digest == ""
