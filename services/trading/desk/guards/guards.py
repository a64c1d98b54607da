"""All guards by name, asked before each order that adds exposure. One that reduces exposure passes none of them."""

from collections.abc import Callable, Mapping

from services.trading.desk.guards import conduct, market, money
from services.trading.desk.guards.scene import Scene
from services.trading.desk.limits import Limits

Guard = Callable[[Scene, Limits], str]
"""Why the entry may not be; empty where it may."""

MONEY: Mapping[str, Guard] = {
    "live capital": money.live_capital,
    "first trips": money.first_trips,
    "size": money.size,
    "capital": money.reserved,
    "exposure": money.exposure,
    "equity": money.equity,
}
GUARDS: Mapping[str, Guard] = {
    "armed": conduct.armed,
    "ledger": conduct.ledger,
    "latched": conduct.latched,
    "unknown": conduct.unknown,
    "clock offset": market.clock,
    "stale price": market.stale_price,
    "spread": market.spread,
    "price collar": market.collar,
    "rejected streak": conduct.rejected_streak,
    "order rate": conduct.order_rate,
    "open orders": conduct.open_orders,
    "cool-down": conduct.cool_down,
    **MONEY,
}


def refusals(scene: Scene, limits: Limits) -> dict[str, str]:
    """Every guard that says no to an entry, and why; empty where all let it pass."""
    said = {name: guard(scene, limits) for name, guard in GUARDS.items()}
    return {name: why for name, why in said.items() if why}
