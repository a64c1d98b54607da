"""What ccxt does not tell about an exchange, and we must know before money depends on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.trading.venue.told import OrderKind
from services.trading.venue.venue import VenueRefused

WINDOW = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Call:
    """A kind of request: what it weighs, and the fields of its answer that have to be lists ("" is the answer)."""

    weight: int
    lists: tuple[str, ...] = ()
    urgent: bool = False
    """It may use what the limiter keeps back: what is held must be sold and protected when all else waits."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """``apis`` names the addresses of ccxt's that are asked; ``calls`` what each of ours weighs and answers."""

    apis: tuple[str, ...]
    options: Mapping[str, Any]
    resting: frozenset[OrderKind]
    settling: timedelta | None
    """How long after it was sent a request may still be obeyed, by the exchange's own rule."""
    weight_header: str
    weight_limit: int
    """Of a minute, of which we use a part."""
    calls: Mapping[str, Call] = field(default_factory=dict)


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
    calls={
        "rules": Call(20),
        "time": Call(1, urgent=True),
        "place": Call(1, urgent=True),
        "cancel": Call(1, urgent=True),
        "move": Call(1, urgent=True),
        "order": Call(4, urgent=True),
        "open_orders": Call(80, ("",)),
        "orders": Call(20, ("",)),
        "trades": Call(20, ("",)),
        "funds": Call(20, ("balances",)),
        "ticker": Call(2),
        "depth": Call(5, ("bids", "asks")),
        "rights": Call(1),
        "bars": Call(2, ("",)),
    },
)

DIALECTS: dict[str, Dialect] = {"binance": _BINANCE}


def dialect_of(exchange: str) -> Dialect:
    """Raises ``VenueRefused`` for an exchange that has not been tried."""
    if exchange not in DIALECTS:
        raise VenueRefused(f"{exchange} cannot be traded yet: only {', '.join(sorted(DIALECTS))} has been tried")
    return DIALECTS[exchange]
