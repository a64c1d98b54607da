"""A line that begins anew is several lines, one after another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from widgets.parts.chart.ring import Points

Breaks = tuple[float, ...]
"""The x, rising, at each of which a line begins anew."""


def pieces(x: Points, y: Points, breaks: Sequence[float]) -> list[tuple[Points, Points]]:
    """The points between one break and the next, as views; at least one piece, and none beside it is empty."""
    ends = np.searchsorted(x, breaks)
    parts = zip(np.split(x, ends), np.split(y, ends), strict=True)
    return [part for part in parts if part[0].size] or [(x, y)]
