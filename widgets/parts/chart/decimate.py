"""As many points as there are pixels for, with no peak lost."""

from __future__ import annotations

import numpy as np

from widgets.parts.chart.ring import Points

_WORTH_IT = 4  # points per column below which decimating costs more than it saves


def decimated(x: Points, y: Points, columns: int) -> tuple[Points, Points]:
    """The lowest and highest value of each of `columns` runs of points; few points come back as they are."""
    if x.size <= _WORTH_IT * columns or columns < 1:
        return x, y
    starts = np.linspace(0, x.size, columns, endpoint=False, dtype=np.intp)
    thin = np.empty(2 * columns, dtype=np.float64)
    thin[0::2], thin[1::2] = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    return np.repeat(x[starts], 2), thin
