"""MACD, one close at a time, and its crosses.

Exponential means are seeded with the first value: e = a x + (1 - a) e, a = 2 / (span + 1). The histogram is the
MACD line minus its signal line.
"""

from dataclasses import dataclass
from enum import StrEnum


class Cross(StrEnum):
    """Which way the histogram changed its sign at this bar."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reading:
    """MACD at one closed bar; ``previous`` is the histogram of the bar before (0 at the first)."""

    macd: float
    signal: float
    histogram: float
    previous: float
    ready: bool
    """Enough bars have been seen for a decision: 0-based index slow + signal - 1 and after."""

    @property
    def cross(self) -> Cross:
        """A cross of a bar that is ready, or ``NONE``."""
        if not self.ready:
            return Cross.NONE
        if self.histogram > 0 and self.previous <= 0:
            return Cross.UP
        if self.histogram < 0 and self.previous >= 0:
            return Cross.DOWN
        return Cross.NONE


class Ema:
    """An exponential mean seeded with its first value."""

    __slots__ = ("_alpha", "_value")

    def __init__(self, span: int) -> None:
        self._alpha = 2 / (span + 1)
        self._value: float | None = None

    def update(self, value: float) -> float:
        before = self._value
        mean = value if before is None else self._alpha * value + (1 - self._alpha) * before
        self._value = mean
        return mean


class Macd:
    """The state behind the readings; the same closes give the same readings, bit by bit."""

    def __init__(self, fast: int, slow: int, signal: int) -> None:
        self._fast, self._slow, self._signal = Ema(fast), Ema(slow), Ema(signal)
        self.first_decision = slow + signal - 1
        self._seen = 0
        self._histogram = 0.0

    def update(self, close: float) -> Reading:
        """Take the next close."""
        macd = self._fast.update(close) - self._slow.update(close)
        signal = self._signal.update(macd)
        reading = Reading(macd, signal, macd - signal, self._histogram, self._seen >= self.first_decision)
        self._histogram = reading.histogram
        self._seen += 1
        return reading
