"""Roll-ups as a curve of a few even steps, for charts and sparklines."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.core.projections.views import HOUR, View
from services.core.samples.rollup import DAY, MINUTE


@dataclass(frozen=True, slots=True)
class Curve:
    """Equally long rows; ``xs`` are seconds since 1970, and rise.

    ``breaks`` are as well, and rise: at each the line begins anew, and has no point there.
    """

    xs: tuple[float, ...] = ()
    ys: tuple[float, ...] = ()
    breaks: tuple[float, ...] = ()

    @property
    def change(self) -> float:
        """From the first value of its last piece to its last; 0 for a curve without a course."""
        return self.ys[-1] - self.ys[self._last_piece] if self.ys else 0.0

    @property
    def seconds(self) -> float:
        """How long its last piece is."""
        return self.xs[-1] - self.xs[self._last_piece] if self.xs else 0.0

    @property
    def course(self) -> tuple[float | None, ...]:
        """Its values from step to step; None where it is broken."""
        told = {**dict(zip(self.xs, self.ys, strict=True)), **dict.fromkeys(self.breaks)}
        return tuple(told[x] for x in sorted(told))

    @property
    def _last_piece(self) -> int:
        """Where it begins: behind the last break that has something behind it."""
        places = [bisect_right(self.xs, each) for each in self.breaks]
        return max((place for place in places if place < len(self.xs)), default=0)


def window_of(view: View, metrics: Sequence[str]) -> int:
    """The span worth showing: some minutes, an hour, or as many whole hours as something is known of, up to a day."""
    known = _known(view, metrics, DAY)
    if known < HOUR:  # the minute that is under way is not among them
        known = max(known, _known(view, metrics, HOUR))
    short = next((span for span in _SHORT if known <= span + MINUTE), None)
    return short or min(DAY, math.ceil(known / HOUR) * HOUR)


_SHORTEST = 8
"""Steps that a piece of a broken line has at least, in the mean."""
_SHORT = (300, 900, HOUR)
"""Spans for what is not known for an hour yet."""


def _known(view: View, metrics: Sequence[str], seconds: int) -> float:
    """For how many of the last ``seconds`` something is known."""
    told = (view.first(metric, seconds) for metric in metrics)
    return max((view.at.timestamp() - first for first in told if first is not None), default=0.0)


def curve(view: View, metrics: Sequence[str], seconds: int, steps: int, anew: Sequence[datetime] = ()) -> Curve:
    """The mean of ``metrics`` over the last ``seconds``: at each step the newest value of each, from its first on.

    Steps lie at fixed times, so that a curve only grows at its right end; the last is what is known at the moment.
    A step within which something began ``anew`` has values from before and after: it is left out, and the line is
    broken there, unless that would leave little of it.
    """
    if not metrics:
        return Curve()
    now, width = int(view.at.timestamp()), max(1 if seconds <= HOUR else MINUTE, seconds // steps)
    edges = (*range((now - seconds) // width * width + width, now, width), now)
    known = [_at_edges(view, metric, seconds, edges) for metric in metrics]
    broken = _broken(edges, anew)
    points = [
        (float(edge), sum(values) / len(values))
        for edge, step in zip(edges, zip(*known, strict=True), strict=True)
        if edge not in broken and (values := [value for value in step if value is not None])
    ]
    breaks = tuple(float(edge) for edge in broken if points and points[0][0] < edge)
    return Curve(tuple(x for x, _ in points), tuple(y for _, y in points), breaks)


def _broken(edges: tuple[int, ...], anew: Sequence[datetime]) -> Sequence[int]:
    """The edge of each step within which something began anew; none where a piece would be too short to be a line."""
    places = {bisect_right(edges, each.timestamp()) for each in anew if each.timestamp() >= edges[0]}
    broken = sorted(place for place in places if place < len(edges))
    return [edges[place] for place in broken] if len(broken) * _SHORTEST <= len(edges) else []


def _at_edges(view: View, metric: str, seconds: int, edges: tuple[int, ...]) -> Sequence[float | None]:
    """The newest value before each edge, the last being that of the moment; None where nothing is known yet."""
    told = view.values_before(metric, seconds, edges)
    newest = view.newest(metric) if told[-1] is not None else None
    return told if newest is None else [*told[:-1], newest]


def counted(moments: Sequence[float], now: float, seconds: int, steps: int) -> tuple[float, ...]:
    """How many of ``moments`` (seconds since 1970) fell into each of ``steps`` even parts of the last ``seconds``."""
    counts = [0.0] * steps
    for moment in moments:
        place = int((moment - (now - seconds)) / seconds * steps)
        if 0 <= place < steps:
            counts[place] += 1
    return tuple(counts)
