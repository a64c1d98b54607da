"""Roll-ups: what is kept of the samples of a span of time."""

from collections.abc import Iterable
from typing import NamedTuple

MINUTE = 60
DAY = 86_400
"""Spans, in seconds."""


class Rollup(NamedTuple):
    """What one span of time held of one metric; ``at`` is the span's first second (UTC, since 1970).

    A tuple, because a start reads a hundred thousand of them.
    """

    metric: str
    at: int
    count: int  # type: ignore[assignment]  # a tuple's own method of this name is not missed
    total: float
    least: float
    greatest: float
    last: float

    @property
    def mean(self) -> float:
        return self.total / self.count


def combine(rollups: Iterable[Rollup], span: int) -> list[Rollup]:
    """Roll finer roll-ups (in order of time) up into spans of ``span`` seconds."""
    groups: dict[tuple[str, int], Rollup] = {}
    for fine in rollups:
        key = (fine.metric, fine.at - fine.at % span)
        coarse = groups.get(key)
        groups[key] = fine if coarse is None else joined(coarse, fine)
    return [
        Rollup(metric, at, whole.count, whole.total, whole.least, whole.greatest, whole.last)
        for (metric, at), whole in groups.items()
    ]


def joined(first: Rollup, second: Rollup) -> Rollup:
    """Two spans of one metric as one; the second is the later."""
    return Rollup(
        first.metric,
        first.at,
        first.count + second.count,
        first.total + second.total,
        min(first.least, second.least),
        max(first.greatest, second.greatest),
        second.last,
    )
