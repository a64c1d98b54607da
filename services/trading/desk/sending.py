"""An order is sent once and a cancelling asked for: the intent on disk, the deed, what came of it on disk."""

import logging
from datetime import timedelta

from services.core.errors import in_words
from services.core.events import Event
from services.trading.desk import news
from services.trading.desk.book import Book
from services.trading.desk.doubts import SPREAD
from services.trading.desk.events import (
    CancelAsked,
    OrderDoubted,
    OrderExpired,
    OrderInitialised,
    OrderRejected,
    OrderSubmitted,
)
from services.trading.desk.ledger import LedgerUnusable
from services.trading.desk.order import Order
from services.trading.desk.register import Register
from services.trading.desk.states import OrderState
from services.trading.fills import Side
from services.trading.venue.told import Ticket
from services.trading.venue.venue import CannotMove, NotSent, NotThere, VenueRefused, VenueUnsure

log = logging.getLogger(__name__)
NEVER_MOVED = "no stop is moved in one request on this market: "
OURS = "a fault of our own: "
LONG = timedelta(minutes=1)
"""After so long nothing is held to be on its way any more, where the exchange sets no deadline of its own."""


def send(register: Register, intent: OrderInitialised) -> Order:
    """Send what ``intent`` asks for, unless an order of its id is known: then that one is returned.

    Raises ``LedgerUnusable`` where a purchase cannot be kept; then nothing was sent. A sale is sent all the same, once
    no desk before us can have sent it; till then ``VenueUnsure`` is raised.
    """
    if intent.client_id in register.book.orders:
        return register.order(intent.client_id)
    if intent.side is Side.SELL and not register.ledger.probe() and _sent_before(register, intent):
        return register.order(intent.client_id)
    _keep_intent(register, intent)
    register.at("submitted")
    told = _placed(register, register.order(intent.client_id))
    register.at("answered")
    register.news(*told)
    register.at("committed")
    return register.order(intent.client_id)


def _keep_intent(register: Register, intent: OrderInitialised) -> None:
    """A purchase is on disk before it is sent, or is not sent; nothing keeps a sale from being sent."""
    keep = register.note if intent.side is Side.SELL else register.record
    keep(intent)
    register.at("intended")
    try:
        keep(OrderSubmitted(intent.client_id, register.venue.now()))
    except LedgerUnusable:
        register.note(never_sent(register, register.order(intent.client_id)))
        raise


def require_settled(register: Register) -> None:
    """Raises ``VenueUnsure`` while the ledger cannot be written, and what a desk before us sent may still arrive.

    Where it could not even keep that in the reserve, it has to be found: so long as one that is looked for thrice.
    """
    if register.opened_at is None or register.ledger.probe():
        return
    noted = register.reserve is not None and register.reserve.holds()
    patience = (register.venue.settling or LONG) + (timedelta(0) if noted else SPREAD)
    if register.clock.monotonic() - register.opened_at <= patience.total_seconds():
        raise VenueUnsure("the ledger cannot be written, and a desk before this one may just have sent the same")


def _sent_before(register: Register, intent: OrderInitialised) -> bool:
    """Whether a desk before us, whose ledger could not be written either, sent this very order: then it is ours.

    Its id follows from the position, so it is found by it, but only once nothing sent before us can still arrive. What
    bears another id is known before a sale is asked for at all: see ``BeforeUs``.
    """
    require_settled(register)
    told = register.venue.order(intent.symbol, intent.client_id)
    if told is None:
        return False
    register.note(intent)
    register.news(*news.of_report(told))
    return True


def move(register: Register, former: Order, intent: OrderInitialised) -> Order:
    """Put what ``intent`` asks for in the place of ``former``, in one request: one of the two rests at any moment.

    Where no answer tells, the former stands in the book as it stood until the exchange says that it is gone, and the
    new one is UNKNOWN: no other is sent before both are known.
    """
    if intent.client_id in register.book.orders:
        return register.order(intent.client_id)
    _keep_intent(register, intent)
    register.at("submitted")
    told = _moved(register, former, register.order(intent.client_id))
    register.at("answered")
    register.news(*told)
    register.at("committed")
    if not register.order(former.client_id).ended:
        look(register, register.order(former.client_id))
    return register.order(intent.client_id)


def _moved(register: Register, former: Order, order: Order) -> list[Event]:
    try:
        told = register.venue.move(former.client_id, _ticket(order))
    except NotSent as no:
        return [never_sent(register, order, str(no))]
    except CannotMove as no:
        return [never_sent(register, order, f"{NEVER_MOVED}{no}")]
    except VenueRefused as no:
        return _refused(register, order, str(no))
    except Exception as error:  # whatever it is: it was sent, and may have been obeyed
        return [_in_doubt(register, order, error)]
    if told.former is None:
        return [never_sent(register, order, f"the former stop could not be taken out: {told.why}")]
    gone = news.of_report(told.former)
    if told.placed is None:
        return [*gone, OrderRejected(order.client_id, register.venue.now(), told.why)]
    return [*gone, *news.of_report(told.placed)]


def cancel(register: Register, order: Order, why: str) -> Order:
    """Ask for it to be taken out of the book; how it stands then is told by the exchange, now or later."""
    if order.state is OrderState.INITIALISED:
        register.news(never_sent(register, order))
        return register.order(order.client_id)
    taken_out(register, order, why)
    order = register.order(order.client_id)
    return order if order.ended else look(register, order)


def taken_out(register: Register, order: Order, why: str) -> bool:
    """Ask for it to be taken out of the book. True where the exchange said for certain that it is in it no more.

    It may have been filled before then, and one that was never there may still arrive until its deadline.
    """
    register.note(CancelAsked(order.client_id, register.venue.now(), why))
    register.at("cancel_submitted")
    told, out = list[Event](), False
    try:
        told, out = news.of_report(register.venue.cancel(order.symbol, order.client_id)), True
    except NotThere as error:
        out = True
        log.info("cancelling %s: %s", order.client_id, in_words(error))
    except (VenueRefused, VenueUnsure) as error:
        log.info("cancelling %s: %s", order.client_id, in_words(error))
    register.at("cancel_answered")
    register.news(*told)
    return out


def look(register: Register, order: Order) -> Order:
    """Ask the exchange how an order stands; what it does not know leaves it as it is."""
    try:
        told = register.venue.order(order.symbol, order.client_id)
    except (VenueUnsure, VenueRefused) as error:
        log.info("looking for %s: %s", order.client_id, in_words(error))
        return order
    if told is not None:
        register.news(*news.of_report(told))
    return register.order(order.client_id)


def never_sent(register: Register, order: Order, why: str = "it was never sent") -> OrderExpired:
    """An intent of which nothing went out, and nothing will."""
    return OrderExpired(order.client_id, order.filled, register.venue.now(), why)


def doubted(register: Register, order: Order, why: str) -> OrderDoubted:
    """Nobody can tell whether it arrived; from this moment on nobody of ours sends it any more."""
    now, settling = register.venue.now(), register.venue.settling
    return OrderDoubted(order.client_id, now, now + settling if settling is not None else None, why)


def _placed(register: Register, order: Order) -> list[Event]:
    try:
        return news.of_report(register.venue.place(_ticket(order)))
    except NotSent as no:
        return [never_sent(register, order, str(no))]
    except VenueRefused as no:
        return _refused(register, order, str(no))
    except Exception as error:  # whatever it is: it was sent, and may have arrived
        return [_in_doubt(register, order, error)]


def _in_doubt(register: Register, order: Order, error: Exception) -> OrderDoubted:
    """What no exchange explains is a fault of ours: its whole story is in the log, and a person is told of it."""
    if isinstance(error, VenueUnsure):
        log.warning("order %s: outcome unknown after %s", order.client_id, in_words(error))
        return doubted(register, order, in_words(error))
    log.error("order %s: outcome unknown after a fault of our own", order.client_id, exc_info=error)
    return doubted(register, order, f"{OURS}{in_words(error)}")


def faulty(book: Book) -> list[str]:
    """Orders of which a fault of ours hides what became of them, while nobody knows it."""
    return [
        f"{each.symbol} of {each.bot}: a fault of our own hides whether its {each.role} arrived: "
        f"{each.why.removeprefix(OURS)}"
        for each in book.open_orders()
        if each.state is OrderState.UNKNOWN and each.why.startswith(OURS)
    ]


def _ticket(order: Order) -> Ticket:
    return Ticket(order.client_id, order.symbol, order.side, order.kind, order.quantity, order.price, order.trigger)


def _refused(register: Register, order: Order, why: str) -> list[Event]:
    """A second order of one id is refused too, and then the first one stands: so it is looked for."""
    try:
        told = register.venue.order(order.symbol, order.client_id)
    except (VenueUnsure, VenueRefused):
        return [doubted(register, order, why)]
    if told is not None:
        return news.of_report(told)
    return [OrderRejected(order.client_id, register.venue.now(), why)]
