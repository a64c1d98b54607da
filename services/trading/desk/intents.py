"""The intents that the desk writes: each with a cause, from which its client id follows."""

from datetime import datetime
from decimal import Decimal

from services.trading.desk.client_ids import client_id
from services.trading.desk.events import EntryAsked, OrderInitialised
from services.trading.desk.register import Register
from services.trading.desk.sizes import collar_price, price_within
from services.trading.desk.states import Role
from services.trading.fills import Side
from services.trading.venue.told import MarketRules, OrderKind

_FINE = Decimal("1e-18")
"""An offset of some ticks is a share of the price, and a share of it is rounded: that must cost no tick."""


def entry(
    register: Register, asked: EntryAsked, number: int, serial: int, quantity: Decimal, price: Decimal
) -> OrderInitialised:
    """The order of an entry's ``number``-th turn: a limit while it has an offset, else one that takes at most
    ``price``. ``serial`` counts its orders, also those that never went out: no id is used twice."""
    resting = asked.offset is not None and number <= asked.times
    kind = OrderKind.LIMIT if resting else OrderKind.MARKETABLE
    cause = f"{asked.cause}#{serial}"
    told = _id(register, asked.bot, asked.symbol, Role.ENTRY, cause)
    at = register.venue.now()
    return OrderInitialised(
        told, asked.bot, asked.symbol, Side.BUY, kind, Role.ENTRY, quantity, price, None, cause, at, asked.stop,
        asked.stop_share,
    )  # fmt: skip


def sale(
    register: Register, bot: str, symbol: str, cause: str, quantity: Decimal, last: Decimal, collar: Decimal
) -> OrderInitialised:
    """Sell at once, at no less than the collar."""
    price = collar_price(last, collar, register.rules(symbol), Side.SELL)
    told, numbered = _fresh(register, bot, symbol, Role.FLATTEN, cause)
    at = register.venue.now()
    return OrderInitialised(
        told, bot, symbol, Side.SELL, OrderKind.MARKETABLE, Role.FLATTEN, quantity, price, None, numbered, at
    )


def stop(
    register: Register, bot: str, symbol: str, quantity: Decimal, trigger: Decimal, collar: Decimal
) -> OrderInitialised:
    """Rest a stop that sells from its trigger down to the collar below it."""
    rules = register.rules(symbol)
    price = collar_price(trigger, collar, rules, Side.SELL)
    told, numbered = _fresh(register, bot, symbol, Role.STOP, f"stop/{latest_trade(register, bot, symbol)}")
    on_grid = price_within(trigger, rules.tick, Side.SELL)
    at = register.venue.now()
    return OrderInitialised(
        told, bot, symbol, Side.SELL, OrderKind.STOP, Role.STOP, quantity, price, on_grid, numbered, at
    )


def limit_price(last: Decimal, offset: Decimal, rules: MarketRules) -> Decimal:
    """Below the latest price by a share of it, on the grid."""
    return price_within((last * (1 - offset)).quantize(_FINE), rules.tick, Side.BUY)


def _id(register: Register, bot: str, symbol: str, role: Role, cause: str) -> str:
    return client_id(register.instance, bot, role, f"{symbol}/{cause}")


def _fresh(register: Register, bot: str, symbol: str, role: Role, cause: str) -> tuple[str, str]:
    """The first number of a cause that no order bears: an order is never sent under an id that was used."""
    number = len(register.book.caused_by(bot, symbol, cause))
    while (told := _id(register, bot, symbol, role, f"{cause}#{number}")) in register.book.orders:
        number += 1
    return told, f"{cause}#{number}"


def latest_trade(register: Register, bot: str, symbol: str) -> str:
    """Of the bot's entries: a stop belongs to what was bought."""
    latest: tuple[datetime, str] | None = None
    for order in register.book.orders.values():
        if order.bot == bot and order.symbol == symbol and order.side is Side.BUY:
            for fill in order.fills:
                latest = max(latest or (fill.at, fill.trade_id), (fill.at, fill.trade_id))
    return latest[1] if latest else "none"
