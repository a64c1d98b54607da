"""What is told to a backtest in another process, and what it tells back."""

from array import array
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class BacktestOrder:
    """Which strategy, on the candles of which folder, with which capital where not its own."""

    strategy: str
    data: str
    capital: float | None


@dataclass(frozen=True)
class BacktestDone:
    """``told`` is the document that ``backtest --json`` prints; the curves have one value to each bar."""

    told: dict[str, Any]
    times: "array[int]"
    """Each bar's open, in microseconds since 1970-01-01 UTC."""
    equity: "array[float]"
    underwater: "array[float]"
