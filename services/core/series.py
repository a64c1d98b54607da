"""Series: the newest observations of one metric and one subject, bounded by number and by age."""

import math
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

LIMIT = 10_000
"""The most values any series holds; a window of time that saw more keeps the newest."""


_GRAINS = 100
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Statistic(StrEnum):
    """One number for a window of values. ``rate`` is the sum of the values per second of the window."""

    MEAN = "mean"
    RATE = "rate"
    MIN = "min"
    MAX = "max"
    LAST = "last"
    SUM = "sum"
    COUNT = "count"
    P95 = "p95"


TOTALS = frozenset({Statistic.SUM, Statistic.COUNT, Statistic.RATE})
"""Statistics that an empty window of time has too: nothing happened, so they are zero."""


class Series:
    """Values in the order they became known; times never run back, whatever the wall clock did."""

    def __init__(self, last: int | None = None, within: timedelta | None = None) -> None:
        self._values: deque[tuple[datetime, float]] = deque(maxlen=min(last or LIMIT, LIMIT))
        self._within = within

    def add(self, at: datetime, value: float) -> None:
        if self._values:
            at = max(at, self._values[-1][0])
        self._values.append((at, value))

    def expire(self, now: datetime) -> None:
        """Drop what is older than the window at ``now``."""
        while (due := self.next_expiry) is not None and due <= now:
            self._values.popleft()

    def keep(self, newest: int) -> None:
        """Drop all but the newest values."""
        while len(self._values) > newest:
            self._values.popleft()

    @property
    def next_expiry(self) -> datetime | None:
        """When the oldest value leaves the window, if age is what bounds it.

        That is the next of a hundred even steps through a window's length, so that a full window that nobody looked
        at for long is gone through in a hundred judgements, not ten thousand.
        """
        if self._within is None or not self._values:
            return None
        due = self._values[0][0] + self._within
        return due + (_EPOCH - due) % (self._within / _GRAINS)

    def values(self, newest: int | None = None) -> list[float]:
        """All values, oldest first, or only so many of the newest."""
        skipped = 0 if newest is None else max(0, len(self._values) - newest)
        return [value for _, value in islice(self._values, skipped, None)]

    def __len__(self) -> int:
        return len(self._values)

    def rebound(self, last: int | None, within: timedelta | None) -> "Series":
        """The same values in a window of another size."""
        other = Series(last, within)
        for at, value in self._values:
            other.add(at, value)
        return other

    def save(self) -> list[list[Any]]:
        return [[at.isoformat(), value] for at, value in self._values]

    def restore(self, saved: Sequence[Sequence[Any]]) -> None:
        for at, value in saved:
            self.add(datetime.fromisoformat(at), float(value))


def statistic(kind: Statistic, values: Sequence[float], within: timedelta | None = None) -> float | None:
    """The statistic of ``values`` in a window of length ``within``; None where an empty window has none."""
    if not values:
        return 0.0 if kind in TOTALS else None
    if kind is Statistic.RATE:
        if within is None:
            raise ValueError("a rate needs a window of time")
        return math.fsum(values) / within.total_seconds()
    return _STATISTICS[kind](values)


def _p95(values: Sequence[float]) -> float:
    """Nearest-rank percentile: a value that was really seen."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


_STATISTICS: dict[Statistic, Callable[[Sequence[float]], float]] = {
    Statistic.MEAN: lambda values: math.fsum(values) / len(values),
    Statistic.MIN: min,
    Statistic.MAX: max,
    Statistic.LAST: lambda values: values[-1],
    Statistic.SUM: math.fsum,
    Statistic.COUNT: lambda values: float(len(values)),
    Statistic.P95: _p95,
}
