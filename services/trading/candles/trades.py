"""Recorded trades: what candles are made of."""

from array import array
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trades:
    """Equally long columns, oldest trade first; 24 bytes a trade."""

    times: "array[int]"
    """In microseconds since 1970-01-01 UTC."""
    prices: "array[float]"
    amounts: "array[float]"
    """In base."""

    def __post_init__(self) -> None:
        if not len(self.times) == len(self.prices) == len(self.amounts):
            raise ValueError("the columns of trades differ in length")

    def __len__(self) -> int:
        return len(self.times)
