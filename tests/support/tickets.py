"""Orders to send, of which a test says only what it is about."""

from decimal import Decimal

from services.trading.fills import Side
from services.trading.venue.told import OrderKind, Ticket

SYMBOL = "BTC/USDT"


def identity(number: int) -> str:
    """A client id of ours."""
    return f"0badcafe{number:024x}"


def buy(number: int = 1, quantity: str = "0.001", price: str = "50100") -> Ticket:
    """Taken at once, at the ask of 50,000.01 that there is."""
    return Ticket(identity(number), SYMBOL, Side.BUY, OrderKind.MARKETABLE, Decimal(quantity), Decimal(price))


def resting(number: int = 1, quantity: str = "0.001", price: str = "40000") -> Ticket:
    """A bid far below the price."""
    return Ticket(identity(number), SYMBOL, Side.BUY, OrderKind.LIMIT, Decimal(quantity), Decimal(price))


def stop(number: int = 1, quantity: str = "0.001", trigger: str = "45000", price: str = "44000") -> Ticket:
    """Sells when the price has fallen to its trigger."""
    amounts = (Decimal(each) for each in (quantity, price, trigger))
    return Ticket(identity(number), SYMBOL, Side.SELL, OrderKind.STOP, *amounts)
