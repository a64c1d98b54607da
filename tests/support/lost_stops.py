"""A stop whose answer is lost, and what a test asks of it afterwards."""

from decimal import Decimal

from services.trading.desk.desk import Desk
from tests.support.desks import Floor

STOP = [(Decimal(47500), Decimal("0.00988"))]
"""Trigger and quantity of the one that ``Floor.bought`` asks for."""


def sent_stops(floor: Floor) -> list[str]:
    return [ticket.client_id for ticket in floor.venue.sent if ticket.trigger is not None]


def hidden_stop(floor: Floor) -> Desk:
    """The answer of its stop is lost, and nothing shows it: neither order, nor list, nor trades, nor its cancelling."""
    floor.venue.wrong = ["", "lost, hidden"]
    return floor.bought()


def sold(floor: Floor) -> list[Decimal]:
    return [trade.quantity for trade in floor.venue.engine.ledger.trades if not trade.order.buys]
