"""The last points of a series in memory that is allocated once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


class PointRing:
    """Holds up to `capacity` points in a block of twice that, so that a view of them is never copied."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._x = np.empty(2 * capacity, dtype=np.float64)
        self._y = np.empty(2 * capacity, dtype=np.float64)
        self._start = self._end = 0

    def __len__(self) -> int:
        return self._end - self._start

    @property
    def x(self) -> Points:
        return self._x[self._start : self._end]

    @property
    def y(self) -> Points:
        return self._y[self._start : self._end]

    def append(self, x: float, y: float) -> None:
        """Add a point, dropping the oldest when full. Raises ValueError for what is no finite number."""
        if not (np.isfinite(x) and np.isfinite(y)):
            raise ValueError(f"a chart takes finite numbers, not ({x}, {y})")
        if self._end == self._x.size:
            self._to_front()
        self._x[self._end], self._y[self._end] = x, y
        self._end += 1
        self._start = max(self._start, self._end - self._capacity)

    def replace(self, xs: Sequence[float] | Points, ys: Sequence[float] | Points) -> bool:
        """Take the last `capacity` of these points instead; tells whether they differ. Raises as `append` does."""
        x, y = np.asarray(xs, dtype=np.float64), np.asarray(ys, dtype=np.float64)
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError(f"x and y must be equally long rows of numbers, not {x.shape} and {y.shape}")
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise ValueError("a chart takes finite numbers; one of these is not")
        x, y = x[-self._capacity :], y[-self._capacity :]
        if np.array_equal(x, self.x) and np.array_equal(y, self.y):
            return False
        self._start, self._end = 0, x.size
        self._x[: x.size], self._y[: y.size] = x, y
        return True

    def nearest(self, x: float) -> tuple[float, float] | None:
        """The point whose x is nearest to `x`; x must rise from point to point."""
        if not len(self):
            return None
        place = int(np.searchsorted(self.x, x))
        around = [i for i in (place - 1, place) if 0 <= i < len(self)]
        best = min(around, key=lambda i: abs(float(self.x[i]) - x))
        return float(self.x[best]), float(self.y[best])

    def _to_front(self) -> None:
        kept = self._end - self._start
        self._x[:kept], self._y[:kept] = self.x.copy(), self.y.copy()
        self._start, self._end = 0, kept
