"""Views: the one way to ask what is or was known, whether now or at a past moment.

A page is built from a view and cannot tell which it got; that is what lets the window be scrubbed back in time.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol

from services.core.clock import Clock
from services.core.projections.projection import Projection
from services.core.samples import DAY, Rollup, Samples
from services.core.samples.files import MINUTES, SECONDS, Resolution, SampleFiles

if TYPE_CHECKING:  # the store's libraries are not loaded for who only looks
    from services.core.projections.kept import Projections

HOUR = 3_600
"""Seconds up to which a series is told second by second; a longer one has minutes, and at most a day of them."""
REMEMBERED = 2 * DAY
"""Seconds for which the newest value of a metric counts as known."""

_AT = attrgetter("at")
_Edges = tuple[str, int, tuple[int, ...]]
"""A metric, the seconds of its series, and the edges that were asked for."""


class View(Protocol):
    """What was known at ``at``."""

    @property
    def at(self) -> datetime: ...

    @property
    def live(self) -> bool: ...

    @property
    def left(self) -> bool:
        """Nothing runs since: it is how the program left everything."""
        ...

    def value(self, projection: type[Projection[Any, Any]]) -> Any:
        """The frozen value of a projection."""
        ...

    def newest(self, metric: str, since: datetime | None = None) -> float | None:
        """The last sample of the newest second that is over, or None where there was none for two days or since."""
        ...

    def series(self, metric: str, seconds: int) -> Sequence[Rollup]:
        """The roll-ups of the last ``seconds`` that are over: of seconds up to an hour, of minutes up to a day."""
        ...

    def first(self, metric: str, seconds: int) -> int | None:
        """When the oldest of that ``series`` began, in seconds since 1970; None for an empty one."""
        ...

    def values_before(self, metric: str, seconds: int, edges: tuple[int, ...]) -> Sequence[float | None]:
        """The last value of that ``series`` before each of the rising ``edges``; None before its first."""
        ...


@dataclass
class Board:
    """The newest frozen value of each projection. The core publishes; anyone reads, without a lock."""

    values: dict[str, Any] = field(default_factory=dict)
    revision: int = 0

    def publish(self, name: str, value: Any) -> None:
        self.values[name] = value
        self.revision += 1


@dataclass(frozen=True)
class LiveView:
    """What is known now."""

    board: Board
    samples: Samples
    clock: Clock
    live: bool = True
    left: bool = False
    moment: datetime | None = None
    """Where time stands still for who builds several things of one view."""

    @property
    def at(self) -> datetime:
        return self.moment or self.clock.now()

    def value(self, projection: type[Projection[Any, Any]]) -> Any:
        found = self.board.values.get(projection.name)
        return projection().value() if found is None else found

    def newest(self, metric: str, since: datetime | None = None) -> float | None:
        return _told_since(self.samples.last(metric), int(self.at.timestamp()) - REMEMBERED, since)

    def series(self, metric: str, seconds: int) -> Sequence[Rollup]:
        now = int(self.at.timestamp())
        if seconds <= HOUR:
            return self.samples.recent(metric, now - seconds)
        return self.samples.minutes(metric, now - min(seconds, DAY), now)

    def first(self, metric: str, seconds: int) -> int | None:
        known = self.series(metric, seconds)
        return known[0].at if known else None

    def values_before(self, metric: str, seconds: int, edges: tuple[int, ...]) -> Sequence[float | None]:
        known = self.series(metric, seconds)
        ends = (bisect_left(known, edge, key=_AT) for edge in edges)
        return [known[end - 1].last if end else None for end in ends]


@dataclass(frozen=True)
class PastView:
    """What was known at a past moment and no more.

    Building it reads the disk, and so does the first asking for a series; from then on it is remembered. So who is
    going to show it in the window has its state built once in a worker first.
    """

    at: datetime
    values: dict[str, Any]
    files: SampleFiles
    live: bool = False
    left: bool = False
    _newest: dict[str, Rollup | None] = field(default_factory=dict, repr=False, compare=False)
    _series: dict[tuple[str, int], Sequence[Rollup]] = field(default_factory=dict, repr=False, compare=False)
    _first: dict[tuple[str, int], int | None] = field(default_factory=dict, repr=False, compare=False)
    _before: dict[_Edges, Sequence[float | None]] = field(default_factory=dict, repr=False, compare=False)

    def value(self, projection: type[Projection[Any, Any]]) -> Any:
        return self.values[projection.name]

    def newest(self, metric: str, since: datetime | None = None) -> float | None:
        now = int(self.at.timestamp())
        if metric not in self._newest:
            self._newest[metric] = self.files.last(metric, now - REMEMBERED, now)
        return _told_since(self._newest[metric], now - REMEMBERED, since)

    def series(self, metric: str, seconds: int) -> Sequence[Rollup]:
        if (metric, seconds) not in self._series:
            self._series[metric, seconds] = self._read(metric, seconds)
        return self._series[metric, seconds]

    def first(self, metric: str, seconds: int) -> int | None:
        if (metric, seconds) not in self._first:
            self._first[metric, seconds] = self.files.first_known(metric, *self._span(seconds))
        return self._first[metric, seconds]

    def values_before(self, metric: str, seconds: int, edges: tuple[int, ...]) -> Sequence[float | None]:
        asked = metric, seconds, edges
        if asked not in self._before:
            self._before[asked] = self.files.values_before(metric, *self._span(seconds), edges)
        return self._before[asked]

    def _read(self, metric: str, seconds: int) -> Sequence[Rollup]:
        return tuple(self.files.read_known(metric, *self._span(seconds)))

    def _span(self, seconds: int) -> tuple[int, int, Resolution]:
        """From when to when, and how fine, a series of the last ``seconds`` is."""
        now = int(self.at.timestamp())
        return (now - seconds, now, SECONDS) if seconds <= HOUR else (now - min(seconds, DAY), now, MINUTES)


def _told_since(found: Rollup | None, oldest: int, since: datetime | None) -> float | None:
    earliest = max(oldest, int(since.timestamp())) if since else oldest
    return found.last if found and found.at >= earliest else None


def steady(view: View) -> View:
    """``view`` with one moment for all that is asked of it: that of this call."""
    return replace(view, moment=view.at) if isinstance(view, LiveView) else view


def past_view(
    projections: "Projections", files: SampleFiles, moment: datetime, kinds: Sequence[type[Projection[Any, Any]]]
) -> PastView:
    """The view of ``moment`` with the values of ``kinds``. Blocks."""
    seq = projections.journal.seq_at(moment)
    values = {projection.name: projection.value() for projection in projections.all_at_seq(kinds, seq)}
    return PastView(moment, values, files)
