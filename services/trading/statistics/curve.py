"""An equity curve: what an account was worth after each bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class EquityCurve:
    """Money in quote. A bar that lacks in the data lacks here too.

    Raises ``ValueError`` for columns of several lengths, for money that is no number, and where there is no capital.
    """

    capital: float
    """What it began with, before the first bar."""
    timeframe: timedelta
    times: Sequence[int]
    """Each bar's open, in microseconds since 1970-01-01 UTC."""
    equity: Sequence[float]
    """After the fills of each bar, marked at its close."""

    def __post_init__(self) -> None:
        if len(self.times) != len(self.equity):
            raise ValueError("an equity curve has one time for each value")
        if not (isfinite(self.capital) and self.capital > 0 and self.timeframe > timedelta(0)):
            raise ValueError("an equity curve begins with a capital above 0, and its bars last")
        if not all(map(isfinite, self.equity)):
            raise ValueError("an equity curve holds a value that is no number")

    @property
    def final(self) -> float:
        """At the last close; the capital where there is no bar."""
        return self.equity[-1] if len(self.equity) else self.capital

    @property
    def span(self) -> timedelta:
        """From the first bar's open to the last bar's close, gaps included."""
        return self.passed(-1, len(self.times) - 1) if len(self.times) else timedelta(0)

    def passed(self, earlier: int, later: int) -> timedelta:
        """From the close of one bar to that of another; -1 is the moment before the first bar, its open."""
        return (self._known(later) - self._known(earlier)) * MICROSECOND

    def _known(self, index: int) -> int:
        return self.times[0] if index < 0 else self.times[index] + self.timeframe // MICROSECOND
