"""What of the account waits for a person: an order that only they can tell of, a market whose coins are short."""

from collections.abc import Iterator
from datetime import timedelta

from services.core.decisions.decision import Proposal
from services.core.effects import AT_ONCE, Details, Effect, Outcome, Refused, Standing
from services.trading.desk.desk import Desk
from services.trading.desk.door import Door
from services.trading.desk.doubts import is_overdue, waits_for_a_person
from services.trading.desk.guards.standing import BALANCE
from services.trading.desk.left_behind import why_settled
from services.trading.desk.order import Order
from services.trading.desk.states import OrderState
from services.trading.desk.waiting import HoldNeverArrived, OpenMarket, SellLeftBehind
from services.trading.fills import Side

Asked = HoldNeverArrived | OpenMarket | SellLeftBehind

_PERSON = "user"
_SAID = "approved in the Inbox"


class Answered:
    """Carries out what a person said."""

    final = "what was said of it stands in the account's ledger"

    def __init__(self, door: Door) -> None:
        self._door = door

    def carry_out(self, effect: Asked) -> Details:
        """Raises ``Refused`` where it does not wait for that any more."""
        return self._door.ask(lambda desk: _obeyed(desk, effect))

    def look_up(self, effect: Asked) -> Outcome:
        waits = not self._door.ask(lambda desk: settled(desk, effect, acted=True))
        return Outcome(Standing.NOT_DONE if waits else Standing.DONE)

    def still_holds(self, effect: Asked) -> str:
        """Why nobody needs to be asked any more."""
        return self._door.ask(lambda desk: settled(desk, effect))

    def settling(self, effect: Effect) -> timedelta:
        """It is in the account's ledger at once, or never."""
        return AT_ONCE


def asked_of_a_person(desk: Desk) -> Iterator[Proposal]:
    """Everything that waits for one now; the same thing has the same key."""
    for order in desk.book.open_orders():
        if order.state is OrderState.UNKNOWN and waits_for_a_person(order):
            told = f"Nobody can tell whether the order to {order.side} {order.quantity:f} {order.symbol} arrived"
            yield Proposal(HoldNeverArrived(order.client_id, told), order.why)
        elif why := _undecided(desk, order):
            told = f"Nothing shows the order to {order.side} {order.quantity:f} {order.symbol}, and it may be there"
            yield Proposal(HoldNeverArrived(order.client_id, told), why)
        elif desk.polling.owed_for_long(order):
            told = f"Trades of the order to {order.side} {order.quantity:f} {order.symbol} are owed and do not come"
            why = f"the exchange tells of {order.told_filled:f}, and its trades of {order.filled:f}"
            yield Proposal(HoldNeverArrived(order.client_id, told), why)
    for order, doubt in desk.given_up.undecided():
        told = (
            f"The order to {order.side} {order.quantity:f} {order.symbol} was given up, and may have sold all the same"
        )
        yield Proposal(HoldNeverArrived(order.client_id, told, doubt.since.isoformat()), doubt.why)
    for latch in desk.standing.latches:
        if latch.guard == BALANCE:
            yield Proposal(OpenMarket(latch.scope, latch.why, latch.at.isoformat()), latch.why)


def _undecided(desk: Desk, order: Order) -> str:
    """Why an order that nothing shows is not held to have never arrived, once it is time to ask; empty before.

    That is at once where its position is to be sold and waits for it, as soon as it cannot arrive any more, and the
    exchange, although it answers, does not tell.
    """
    contested, now = desk.polling.contested(order), desk.register.venue.now()
    leaving = desk.book.exits.get((order.bot, order.symbol))
    if order.state is OrderState.UNKNOWN and order.side is Side.SELL and leaving and desk.polling.answers(order.symbol):
        known = order.deadline is not None and now > order.deadline
        return f"{leaving.why}; {contested or order.why}" if known else ""
    return contested if is_overdue(order, now) else ""


def settled(desk: Desk, effect: Asked, *, acted: bool = False) -> str:
    """Why it does not wait for a person any more, or why it is done once it was ``acted`` upon; else empty."""
    if isinstance(effect, SellLeftBehind):
        return why_settled(desk.book, effect, None if acted else desk.opening.bots)
    return "" if still_waits(desk, effect) else "it has been settled meanwhile"


def still_waits(desk: Desk, effect: HoldNeverArrived | OpenMarket) -> bool:
    if isinstance(effect, OpenMarket):
        latch = desk.book.latches.get((BALANCE, effect.symbol))
        return latch is not None and latch.at.isoformat() == effect.since
    order = desk.book.orders.get(effect.order)
    if order is None:
        return False
    return order.state is OrderState.UNKNOWN or order.owing or desk.given_up.waits(order.client_id)


def _obeyed(desk: Desk, effect: Asked) -> Details:
    if isinstance(effect, OpenMarket):
        desk.rearm(BALANCE, effect.symbol, _SAID, _PERSON)
        return {"symbol": effect.symbol}
    if isinstance(effect, SellLeftBehind):
        if why := settled(desk, effect):
            raise Refused(why)
        cause = f"close/{desk.register.venue.now().isoformat()}"
        return {"sold": desk.leave(effect.bot, effect.symbol, cause, _SAID, _PERSON)}
    return {"state": desk.resolve(effect.order, False, _SAID, _PERSON).state.value}
