"""What a backtest tells: its fills, its equity at each bar, and on what it rests."""

from dataclasses import dataclass, field
from datetime import datetime

from services.trading.fills import Side
from services.trading.scoring.reasons import Reason, Refusal


@dataclass(frozen=True, slots=True)
class Filled:
    """One fill: ``quantity`` of base at ``price``, its ``fee`` in quote."""

    index: int
    """The bar on which it was filled."""
    time: datetime
    """When that bar opened."""
    side: Side
    quantity: float
    price: float
    fee: float
    reason: Reason
    because: dict[str, object]
    """The terms of the bar that decided; empty for a stop or a target."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An order that was decided and not placed."""

    time: datetime
    why: Refusal


@dataclass(slots=True)
class Told:
    """What a backtest has gone through so far. Money is in quote."""

    capital: float
    fills: list[Filled] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    equity: list[float] = field(default_factory=list)
    """At each bar's close, without an exit fee."""
    held: list[bool] = field(default_factory=list)
    """Whether a position was open at each bar's close."""
    both_touched: int = 0
    fees: float = 0.0
