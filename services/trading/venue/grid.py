"""What is off a market's grid is refused by us, in words: a library would cut it to size and say nothing."""

from decimal import Decimal

from services.trading.venue.told import MarketRules, Ticket
from services.trading.venue.venue import VenueRefused


def check(ticket: Ticket, rules: MarketRules) -> None:
    """Raises ``VenueRefused`` for an order that the market's rules do not let through as it stands."""
    _on_grid(ticket.quantity, rules.step, f"quantity {ticket.quantity}", "step")
    _on_grid(ticket.price, rules.tick, f"price {ticket.price}", "tick")
    if ticket.trigger is not None:
        _on_grid(ticket.trigger, rules.tick, f"trigger {ticket.trigger}", "tick")
    if ticket.quantity < rules.min_quantity:
        raise VenueRefused(f"quantity {ticket.quantity} is below {rules.symbol}'s smallest, {rules.min_quantity}")
    notional = ticket.quantity * ticket.price
    if notional < rules.min_notional:
        raise VenueRefused(f"notional {notional} is below {rules.symbol}'s smallest, {rules.min_notional}")


def _on_grid(number: Decimal, grid: Decimal, what: str, name: str) -> None:
    if not number.is_finite() or number <= 0 or number % grid:
        raise VenueRefused(f"{what} is no multiple of the {name} {grid.normalize():f}")
