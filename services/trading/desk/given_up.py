"""Orders that were given up: held to have never arrived, while the position that they were to sell is still there.

What gave one up is proof: past its deadline, order, list and trades lacked it, its cancelling said that it is not
there, and the coins bore that out, or a person said so. So coins that change later are most likely the user's. They are
doubted all the same, for one that all hide: but only till the same looks have lacked it once more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from services.trading.desk import doubts
from services.trading.desk.doubts import Look
from services.trading.desk.order import Order
from services.trading.desk.polling import Polling
from services.trading.desk.register import Register
from services.trading.desk.sending import taken_out
from services.trading.desk.states import OrderState
from services.trading.venue.venue import VenueUnsure


@dataclass
class Doubt:
    """What speaks against one, since when, and the looks for it since then."""

    since: datetime
    needed: datetime
    """When its answer was waited for latest."""
    why: str = ""
    looks: list[Look] = field(default_factory=list)


@dataclass
class GivenUp:
    """Asked right before a position is sold or protected anew."""

    register: Register
    polling: Polling
    _doubts: dict[str, Doubt] = field(default_factory=dict)
    _lacked: set[str] = field(default_factory=set)
    """Those that the looks have lacked once more, whatever the coins do."""
    _vouched: set[str] = field(default_factory=set)
    """Those of which a person has said, since they were doubted, that they never arrived."""

    def require_lacking(self, orders: Iterable[Order]) -> None:
        """Raises ``VenueUnsure`` where one of them may have sold the position after all; what is found is learnt."""
        for order in orders:
            self._require(order)

    def doubted(self) -> list[tuple[Order, Doubt]]:
        """Those that keep a position from being sold, or protected anew, now."""
        now, orders = self.register.venue.now(), self.register.book.orders
        return [
            (orders[client_id], doubt)
            for client_id, doubt in self._doubts.items()
            if client_id in orders and _was_given_up(orders[client_id]) and now - doubt.needed < doubts.OVERDUE
        ]

    def undecided(self) -> list[tuple[Order, Doubt]]:
        """Those of which looks alone have not told for long, although the exchange answers."""
        now = self.register.venue.now()
        return [
            (order, doubt)
            for order, doubt in self.doubted()
            if now - doubt.since >= doubts.OVERDUE and self.polling.answers(order.symbol)
        ]

    def waits(self, client_id: str) -> bool:
        """Whether one is doubted, so that a person's word helps."""
        return any(order.client_id == client_id for order, _ in self.doubted())

    def vouch(self, client_id: str) -> None:
        """A person has said that it never arrived."""
        if self._doubts.pop(client_id, None):
            self._vouched.add(client_id)

    def told(self) -> list[str]:
        """For a person, of each that is doubted."""
        return [
            f"{o.symbol} of {o.bot}: nothing is sold or protected anew till it is known that a {o.role} of "
            f"{o.quantity:f}, given up before, has not sold: {doubt.why}"
            for o, doubt in self.doubted()
        ]

    def _require(self, order: Order) -> None:
        now, doubt = self.register.venue.now(), self._doubts.get(order.client_id)
        if doubt is not None and now - doubt.needed >= doubts.OVERDUE:
            doubt = None  # it was not waited for meanwhile: it is judged anew
        if doubt is None or doubts.due(doubt.looks, now):
            doubt = self._looked_for(order, doubt or Doubt(now, now))
        if doubt is None:
            self._doubts.pop(order.client_id, None)
            return
        doubt.needed, self._doubts[order.client_id] = now, doubt
        raise VenueUnsure(f"whether order {order.client_id} of {order.bot} has sold is not known yet: {doubt.why}")

    def _looked_for(self, order: Order, doubt: Doubt) -> Doubt | None:
        """What is doubted of it after a look; None where nothing is."""
        now = self.register.venue.now()
        shown = self.polling.shows(order)
        if not _was_given_up(self.register.order(order.client_id)):
            self._doubts.pop(order.client_id, None)
            raise VenueUnsure(f"order {order.client_id} of {order.bot} was given up, and is found just now")
        if shown and order.client_id not in self._vouched:
            doubt.why = shown
        elif order.client_id in self._lacked | self._vouched or not (why := self.polling.changed(order)):
            return None
        else:
            doubt.why = why
        doubt.looks.append(Look(now, whole=not shown))
        return None if self._is_lacked(order, doubt) else doubt

    def _is_lacked(self, order: Order, doubt: Doubt) -> bool:
        """Its cancelling has the last word here, too."""
        if not doubts.lasting(doubt.looks) or not taken_out(self.register, order, "nothing tells of it once more"):
            return False
        if not _was_given_up(self.register.order(order.client_id)):
            return False
        self._lacked.add(order.client_id)
        return True


def _was_given_up(order: Order) -> bool:
    """It is held to have never arrived, or to be gone, by looks or by a person's word; not by the exchange's."""
    return order.state is OrderState.REJECTED and order.doubted


def given_up(orders: Iterable[Order], since: datetime | None) -> list[Order]:
    """Those of a position's orders that were, from a moment on."""
    return [order for order in orders if _was_given_up(order) and (since is None or order.at >= since)]
