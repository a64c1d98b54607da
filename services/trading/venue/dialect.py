"""What ccxt does not tell about an exchange, and we must know before money depends on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.trading.venue.told import OrderKind
from services.trading.venue.venue import VenueRefused

WINDOW = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Dialect:
    """``apis`` names the addresses of ccxt's that are asked; ``weights`` what each of our calls uses up."""

    apis: tuple[str, ...]
    options: Mapping[str, Any]
    resting: frozenset[OrderKind]
    settling: timedelta | None
    """How long after it was sent a request may still be obeyed, by the exchange's own rule."""
    weight_header: str
    weight_limit: int
    """Of a minute, of which we use a part."""
    weights: Mapping[str, int] = field(default_factory=dict)


_BINANCE = Dialect(
    apis=("public", "private", "sapi", "ws"),
    options={
        "defaultType": "spot",
        "fetchMarkets": {"types": ["spot"]},
        "fetchCurrencies": False,
        "fetchMargins": False,
        "adjustForTimeDifference": False,
        "recvWindow": int(WINDOW.total_seconds() * 1000),
        "fetchOpenOrders": {"warnWithoutSymbol": False},
        "maxRetriesOnFailure": 0,
    },
    resting=frozenset({OrderKind.LIMIT, OrderKind.STOP}),
    settling=WINDOW,
    weight_header="X-MBX-USED-WEIGHT-1M",
    weight_limit=6000,
    weights={"rules": 20, "time": 1, "place": 1, "cancel": 1, "order": 4, "open_orders": 80, "orders": 20, "trades": 20,
             "funds": 20, "depth": 5, "rights": 1, "bars": 2},
)  # fmt: skip

DIALECTS: dict[str, Dialect] = {"binance": _BINANCE}


def dialect_of(exchange: str) -> Dialect:
    """Raises ``VenueRefused`` for an exchange that has not been tried."""
    if exchange not in DIALECTS:
        raise VenueRefused(f"{exchange} cannot be traded yet: only {', '.join(sorted(DIALECTS))} has been tried")
    return DIALECTS[exchange]
