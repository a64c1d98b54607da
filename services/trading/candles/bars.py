"""Bars by column: what a backtest goes through."""

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

from services.trading.candles.candle import Candle
from services.trading.candles.moments import microseconds_of, moment


@dataclass(frozen=True, slots=True)
class Bars:
    """Equally long columns, oldest bar first; 48 bytes a bar. Nobody changes a column once it is here.

    The columns are contiguous doubles (``times``: 64-bit integers), so ``numpy.frombuffer`` sees them without a copy.
    """

    times: "array[int]"
    """Each bar's open, in microseconds since 1970-01-01 UTC."""
    opens: "array[float]"
    highs: "array[float]"
    lows: "array[float]"
    closes: "array[float]"
    volumes: "array[float]"
    funding: "array[float] | None" = None
    """The rate due at each open, 0 where none is; None where the file has no such column."""

    def __post_init__(self) -> None:
        columns = (self.opens, self.highs, self.lows, self.closes, self.volumes, *self._funded)
        if any(len(column) != len(self.times) for column in columns):
            raise ValueError("the columns of bars differ in length")

    @classmethod
    def of(cls, candles: Iterable[Candle]) -> Self:
        """The same bars by column."""
        made, rates = cls(array("q"), *(array("d") for _ in range(5))), array("d")
        for candle in candles:
            made.times.append(microseconds_of(candle.time))
            made.opens.append(candle.open)
            made.highs.append(candle.high)
            made.lows.append(candle.low)
            made.closes.append(candle.close)
            made.volumes.append(candle.volume)
            rates.append(candle.funding)
        return replace(made, funding=rates) if any(rates) else made

    @property
    def digest(self) -> str:
        """64 hex digits of all columns; another number anywhere makes them others."""
        told = hashlib.sha256(self.times)
        for column in (self.opens, self.highs, self.lows, self.closes, self.volumes, *self._funded):
            told.update(column)
        return told.hexdigest()

    def __len__(self) -> int:
        return len(self.times)

    def candle(self, index: int) -> Candle:
        """One bar; raises ``IndexError`` beyond the last."""
        return Candle(
            moment(self.times[index]),
            self.opens[index],
            self.highs[index],
            self.lows[index],
            self.closes[index],
            self.volumes[index],
            0.0 if self.funding is None else self.funding[index],
        )

    def part(self, start: int, stop: int) -> "Bars":
        """A copy of the bars from ``start`` up to ``stop``, which is not among them."""
        columns = (self.opens, self.highs, self.lows, self.closes, self.volumes)
        funding = None if self.funding is None else self.funding[start:stop]
        return replace(Bars(self.times[start:stop], *(column[start:stop] for column in columns)), funding=funding)

    @property
    def _funded(self) -> "tuple[array[float], ...]":
        return () if self.funding is None else (self.funding,)

    def candles(self) -> Iterator[Candle]:
        """Every bar, oldest first."""
        return (self.candle(index) for index in range(len(self)))
