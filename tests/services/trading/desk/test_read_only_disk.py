"""A disk that the system has turned read-only: the account can be taken all the same, to be brought to rest."""

from decimal import Decimal

import pytest

from services.trading.desk.desk import Opening
from services.trading.desk.emergency import end_holder
from services.trading.desk.keeper import Account
from services.trading.desk.lease import AccountTaken, Lease
from tests.support.desk_facts import INSTANCE, MARKET
from tests.support.desks import Floor
from tests.support.lost_stops import sold
from tests.support.read_only import closed, reachable

D = Decimal


@pytest.mark.parametrize("was_held_before", [True, False])
def test_whoever_may_not_write_the_lease_takes_it_and_nobody_else_does(was_held_before: bool) -> None:
    with reachable() as folder:
        path = folder / "account.lease"
        if was_held_before:
            with Lease(path):
                pass
        with closed(folder):
            with Lease(path) as held, pytest.raises(AccountTaken):
                Lease(path).take()
            assert (held.holder(), Lease(path).holder()) == (0, 0)
            with Lease(path):
                assert path.exists() is was_held_before


def test_what_the_emergency_stop_without_the_program_takes_there_sells_what_is_ours(floor: Floor) -> None:
    with reachable() as folder:
        floor.close()
        floor.path = folder / "account.db"
        opening = Opening(INSTANCE, symbols=(MARKET,))
        account = Account(floor.path, folder / "account.lease", lambda: floor.venue, opening)
        floor.restart()
        with Lease(account.lease):
            floor.bought()
        floor.close()
        with closed(folder):
            assert end_holder(Lease(account.lease), floor.clock) == 0
            with account.opened(floor.clock, at_any_cost=True) as desk:
                desk.stop_all("test")
                for _ in range(60):
                    floor.clock.advance(1)
                    desk.round()
    assert desk.panic.remaining() == []
    assert sold(floor) == [D("0.00988")]
    assert floor.users_are_untouched(desk.book)
