"""Facts of an account's ledger, short to write."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from services.trading.desk.client_ids import client_id
from services.trading.desk.events import OrderFilled, OrderInitialised
from services.trading.desk.states import Role
from services.trading.fills import Side
from services.trading.venue.told import MarketRules, OrderKind

INSTANCE = "0a1b2c3d"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARKET = "BTC/USDT"
RULES = MarketRules(MARKET, "BTC", "USDT", Decimal("0.01"), Decimal("0.00001"), Decimal("0.00001"), Decimal("10"))


def intent(
    cause: str = "09:00",
    quantity: str = "0.01",
    role: Role = Role.ENTRY,
    stop: str | None = "47500",
    price: str = "50000",
    bot: str = "curl",
) -> OrderInitialised:
    side = Side.BUY if role is Role.ENTRY else Side.SELL
    kind = OrderKind.STOP if role is Role.STOP else OrderKind.MARKETABLE
    kept = Decimal(stop) if stop and role is Role.ENTRY else None
    told = client_id(INSTANCE, bot, role, cause)
    trigger = Decimal(price) if kind is OrderKind.STOP else None
    return OrderInitialised(
        told, bot, MARKET, side, kind, role, Decimal(quantity), Decimal(price), trigger, cause, AT, kept
    )


def fill(
    of: OrderInitialised, trade_id: str, quantity: str, price: str = "50000", fee: str = "0", currency: str = "USDT"
) -> OrderFilled:
    at = AT + timedelta(seconds=1)
    return OrderFilled(of.client_id, trade_id, of.symbol, Decimal(quantity), Decimal(price), Decimal(fee), currency, at)
