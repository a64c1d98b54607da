"""Samples: numbers that stream. The newest wins on its way to the screen; only roll-ups are kept.

Anyone may ``put``; once a second the core rolls up what has gathered. A roll-up says how many samples a second held,
their sum, least, greatest and last.
"""

import math
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from services.core.samples.rollup import MINUTE, Rollup, joined

_METRIC, _AT = attrgetter("metric"), attrgetter("at")


@dataclass
class Samples:
    """Takes samples in from any thread, at a hundred thousand a second, and rolls them up."""

    remember: int = 3_600
    """Seconds of roll-ups per metric that stay in memory for the live charts."""
    remember_minutes: int = 1_440
    """Minutes of roll-ups per metric that stay in memory, for charts of a day."""
    taken: int = 0
    _gathered: dict[str, list[float]] = field(default_factory=dict)
    _recent: dict[str, deque[Rollup]] = field(default_factory=dict)
    _minutes: dict[str, deque[Rollup]] = field(default_factory=dict)
    """Whole minutes, and as the last one the minute that is not over yet."""
    _newest: dict[str, Rollup] = field(default_factory=dict)

    def put(self, metric: str, value: float) -> None:
        """Take one sample. Costs a list append; what is not finite is dropped when rolled up."""
        try:
            self._gathered[metric].append(value)
        except KeyError:
            self._gathered.setdefault(metric, []).append(value)

    def roll(self, second: int) -> list[Rollup]:
        """Roll up everything gathered in ``second``; called by the core, once a second, when that second is over."""
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

    def recall(self, minutes: Iterable[Rollup], seconds: Iterable[Rollup], newest: Iterable[Rollup]) -> None:
        """Take roll-ups kept by an earlier start into memory, metric by metric, each oldest first.

        Seconds of minutes that are not told must begin with a minute, or it would be told by a part of it.
        """
        for rollup in newest:
            self._newest[rollup.metric] = rollup
        for metric, told in groupby(minutes, _METRIC):
            self._ring(self._minutes, metric, self.remember_minutes + 1).extend(told)
        for metric, found in groupby(seconds, _METRIC):
            self._recall_seconds(metric, list(found))

    def _recall_seconds(self, metric: str, seconds: list[Rollup]) -> None:
        """Most of them lie in minutes that are told already, and are only kept."""
        minutes = self._minutes.get(metric)
        told = bisect_left(seconds, minutes[-1].at + MINUTE, key=_AT) if minutes else 0
        self._ring(self._recent, metric, self.remember).extend(seconds[:told])
        if told:
            self._newest[metric] = seconds[told - 1]
        for rollup in seconds[told:]:
            self._remember(rollup)

    def last(self, metric: str) -> Rollup | None:
        """The newest roll-up of ``metric``, however old."""
        return self._newest.get(metric)

    def recent(self, metric: str, since: int) -> tuple[Rollup, ...]:
        """The remembered roll-ups of ``metric`` from second ``since`` on. From any thread."""
        return _since(tuple(self._recent.get(metric, ())), since)

    def minutes(self, metric: str, since: int, ended: int) -> tuple[Rollup, ...]:
        """The remembered minutes of ``metric`` that began at ``since`` or later and are over at ``ended``."""
        kept = _since(tuple(self._minutes.get(metric, ())), since)
        return kept[:-1] if kept and kept[-1].at + MINUTE > ended else kept

    def metrics(self) -> tuple[str, ...]:
        return tuple(self._recent)

    def _remember(self, rollup: Rollup) -> None:
        seconds = self._ring(self._recent, rollup.metric, self.remember)
        seconds.append(rollup)
        while seconds[0].at < rollup.at - self.remember:
            seconds.popleft()  # a sparse metric would else keep its last thousands, however old
        self._newest[rollup.metric] = rollup
        ring = self._ring(self._minutes, rollup.metric, self.remember_minutes + 1)
        minute = rollup.at - rollup.at % MINUTE
        if ring and ring[-1].at == minute:
            ring[-1] = joined(ring[-1], rollup)
        elif not ring or ring[-1].at < minute:
            ring.append(rollup._replace(at=minute))
            while ring[0].at < minute - self.remember_minutes * MINUTE:
                ring.popleft()

    def _ring(self, rings: dict[str, deque[Rollup]], metric: str, size: int) -> deque[Rollup]:
        ring = rings.get(metric)
        if ring is None:
            ring = rings[metric] = deque(maxlen=size)
        return ring


def _since(kept: tuple[Rollup, ...], since: int) -> tuple[Rollup, ...]:
    return kept[bisect_left(kept, since, key=_AT) :]


def _rollup(metric: str, second: int, values: list[float]) -> Rollup | None:
    if not values:
        return None
    total = math.fsum(values) if len(values) < 1_000 else sum(values)
    if not math.isfinite(total):
        values = [value for value in values if math.isfinite(value)]
        return _rollup(metric, second, values)
    return Rollup(metric, second, len(values), total, min(values), max(values), values[-1])
