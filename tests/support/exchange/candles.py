"""The candles that the exchange tells, by market and interval."""

from dataclasses import dataclass, field
from typing import Any

_UNITS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}

Row = list[Any]


def length(interval: str) -> int:
    """Of one candle, in milliseconds."""
    return int(interval[:-1]) * _UNITS[interval[-1]]


def row(interval: str, opened: int, prices: list[str], volume: str) -> Row:
    """A candle as klines tell it; ``prices`` are open, high, low, close."""
    return [opened, *prices, volume, opened + length(interval) - 1, "0", 1, "0", "0", "0"]


@dataclass
class Candles:
    """Rows by market and interval, oldest first; one told again replaces what was told."""

    rows: dict[tuple[str, str], dict[int, Row]] = field(default_factory=dict)

    def add(self, symbol: str, interval: str, candle: Row) -> None:
        self.rows.setdefault((symbol, interval), {})[candle[0]] = candle

    def of(self, symbol: str, interval: str) -> list[Row]:
        return [candle for _, candle in sorted(self.rows.get((symbol, interval), {}).items())]
