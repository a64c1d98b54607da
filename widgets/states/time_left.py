"""How long work will go on, told from how its progress went lately."""

from __future__ import annotations

from collections.abc import Sequence

from services.core.samples.rollup import Rollup

WINDOW = 600
"""Seconds of progress that count: what was longer ago says little about now."""
_LEAST_POINTS, _LEAST_SECONDS = 3, 3


def time_left(progress: Sequence[Rollup], now: float) -> float | None:
    """Seconds until ``progress`` (0 to 1) is whole at its mean slope since it began or fell back; None if unknown."""
    points = _rising([point for point in progress if point.at >= now - WINDOW])
    if len(points) < _LEAST_POINTS:
        return None
    first, last = points[0], points[-1]
    seconds = last.at - first.at
    if seconds < _LEAST_SECONDS or last.last <= first.last or last.last >= 1:
        return None
    slope = (last.last - first.last) / seconds
    return max(0.0, (1 - last.last) / slope - (now - last.at))


def _rising(points: Sequence[Rollup]) -> Sequence[Rollup]:
    """The points since the last fall: a new run begins anew."""
    falls = [place for place in range(1, len(points)) if points[place].last < points[place - 1].last]
    return points[falls[-1] :] if falls else points
