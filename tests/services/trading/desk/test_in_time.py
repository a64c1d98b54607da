"""How soon a position has its stop, by the account process's own pace."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from services.core.process.context import Order
from services.trading.desk.desk import Opening
from services.trading.desk.door import Door
from services.trading.desk.keeper import Account, AccountKeeper
from tests.support.desk_facts import INSTANCE
from tests.support.desks import Floor, wish
from tests.support.host import MemoryHost


class Lived(MemoryHost):
    """Right after a round, when the next is furthest off, somebody sells to the limit that rests."""

    def __init__(self, floor: Floor) -> None:
        super().__init__(clock=floor.clock)
        self.floor = floor
        self.filled: datetime | None = None
        self.took: timedelta | None = None
        """From the fill to the stop at the exchange."""

    def pause_for(self, timeout: float) -> None:
        now, engine = self.clock.now(), self.floor.venue.engine
        if self.filled is None:
            self.filled = now
            engine.fill(next(order for order in engine.ledger.orders if order.open and order.mine), Decimal("0.004"))
        elif self.floor.stops():
            self.took, self.order = now - self.filled, Order.CANCEL
        self.floor.clock.advance(timeout)


def test_a_stop_rests_at_the_exchange_within_two_seconds_of_the_entrys_fill(floor: Floor, tmp_path: Path) -> None:
    floor.ready().enter(wish(offset=Decimal("0.001"), times=3, reprice_after=1e6))
    floor.desk.round()
    assert (len(floor.ours()), floor.stops()) == (1, [])
    account = Account(floor.path, tmp_path / "lease", lambda: floor.venue, Opening(INSTANCE))
    host = Lived(floor)
    host.run(AccountKeeper(account, Door(floor.clock)))
    assert host.took is not None
    assert timedelta(0) < host.took <= timedelta(seconds=2)
    assert [rest for _, rest in floor.stops()] == [Decimal("0.00399")]
