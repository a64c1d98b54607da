"""Samples: numbers that stream. The newest wins on its way to the screen; only roll-ups are kept.

Anyone may ``put``; once a second the core rolls up what has gathered. A roll-up says how many samples a second held,
their sum, least, greatest and last.
"""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice


@dataclass(frozen=True, slots=True)
class Rollup:
    """What one span of time held of one metric; ``at`` is the span's first second (UTC, since 1970)."""

    metric: str
    at: int
    count: int
    total: float
    least: float
    greatest: float
    last: float

    @property
    def mean(self) -> float:
        return self.total / self.count


@dataclass
class Samples:
    """Takes samples in from any thread, at a hundred thousand a second, and rolls them up."""

    remember: int = 3_600
    """Seconds of roll-ups per metric that stay in memory for the live charts."""
    _gathered: dict[str, list[float]] = field(default_factory=dict)
    _recent: dict[str, deque[Rollup]] = field(default_factory=dict)
    newest: dict[str, float] = field(default_factory=dict)
    taken: int = 0

    def put(self, metric: str, value: float) -> None:
        """Take one sample. Costs a list append; what is not finite is dropped when rolled up."""
        try:
            self._gathered[metric].append(value)
        except KeyError:
            self._gathered.setdefault(metric, []).append(value)

    def roll(self, second: int) -> list[Rollup]:
        """Roll up everything gathered as of ``second``; called by the core, once a second."""
        rolled = []
        for metric, gathered in tuple(self._gathered.items()):
            # Two steps that each hold the interpreter's lock: an append in between stays for the next second.
            values = gathered[:]
            del gathered[: len(values)]
            rollup = _rollup(metric, second, values)
            if rollup is not None:
                rolled.append(rollup)
                self._remember(rollup)
                self.taken += len(values)
        return rolled

    def recall(self, rollups: Iterable[Rollup]) -> None:
        """Take roll-ups kept by an earlier start into memory, oldest first."""
        for rollup in rollups:
            self._remember(rollup)

    def recent(self, metric: str, since: int) -> tuple[Rollup, ...]:
        """The remembered roll-ups of ``metric`` from second ``since`` on. From any thread."""
        kept = tuple(self._recent.get(metric, ()))
        first = next((index for index, rollup in enumerate(kept) if rollup.at >= since), len(kept))
        return tuple(islice(kept, first, None))

    def metrics(self) -> tuple[str, ...]:
        return tuple(self._recent)

    def _remember(self, rollup: Rollup) -> None:
        ring = self._recent.get(rollup.metric)
        if ring is None:
            ring = self._recent[rollup.metric] = deque(maxlen=self.remember)
        ring.append(rollup)
        self.newest[rollup.metric] = rollup.last


def _rollup(metric: str, second: int, values: list[float]) -> Rollup | None:
    if not values:
        return None
    total = math.fsum(values) if len(values) < 1_000 else sum(values)
    if not math.isfinite(total):
        values = [value for value in values if math.isfinite(value)]
        return _rollup(metric, second, values)
    return Rollup(metric, second, len(values), total, min(values), max(values), values[-1])


def combine(rollups: Iterable[Rollup], span: int) -> list[Rollup]:
    """Roll finer roll-ups (in order of time) up into spans of ``span`` seconds."""
    groups: dict[tuple[str, int], Rollup] = {}
    for fine in rollups:
        key = (fine.metric, fine.at - fine.at % span)
        coarse = groups.get(key)
        groups[key] = fine if coarse is None else _joined(coarse, fine)
    return [
        Rollup(metric, at, joined.count, joined.total, joined.least, joined.greatest, joined.last)
        for (metric, at), joined in groups.items()
    ]


def _joined(first: Rollup, second: Rollup) -> Rollup:
    return Rollup(
        first.metric,
        first.at,
        first.count + second.count,
        first.total + second.total,
        min(first.least, second.least),
        max(first.greatest, second.greatest),
        second.last,
    )
