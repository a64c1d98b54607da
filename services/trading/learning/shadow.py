"""A shadow run: champion and challenger on the same bars, each with its own capital, and no order of either placed."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil, sqrt
from typing import Any, Self

import msgspec

from services.trading.backtest.run import Backtest
from services.trading.candles import Candle
from services.trading.learning.promotion import Proven, Requirements, Shadowed, lacking, lacks_time, look
from services.trading.side_data import NONE, SideData
from services.trading.social.post import Row
from services.trading.statistics.figure import Undefined
from services.trading.statistics.interval import Interval
from services.trading.statistics.moments import Moments
from services.trading.statistics.returns import YEAR
from services.trading.strategy import Strategy

MOST_POINTS = 1024
"""Points of an equity line that are kept; where there are more, every second one goes."""
_NEVER = sys.maxsize
MOST_LOOKS = 6
"""After those what a further one may err is too little to find anything."""


class Side(msgspec.Struct, omit_defaults=True):
    """How one of the two stands."""

    equity: float
    book: list[float] = []
    under_way: float = 0.0
    """What the fills of an open position added to its cash so far."""
    closed: int = 0
    profit: float = 0.0
    """Of all closed trades."""
    returned: Moments = Moments()
    """Of its returns, bar by bar."""
    peak: float = 0.0
    deepest: float = 0.0
    """The deepest fall of its equity from the peak, as a share."""

    def mark(self, equity: float) -> None:
        """What it is worth after a bar."""
        if self.equity > 0:  # of nothing there is no return
            self.returned = self.returned.together(Moments(1, equity / self.equity - 1))
        self.peak = max(self.peak, self.equity, equity)
        self.deepest = max(self.deepest, 1 - equity / self.peak) if self.peak > 0 else 0.0
        self.equity = equity

    def sharpe(self, bar: timedelta) -> float | None:
        """Annualised, of bars that are so long; None where there is none."""
        try:
            return self.returned.shape().sharpe * sqrt(YEAR / bar)
        except Undefined:
            return None


class Point(msgspec.Struct, array_like=True):
    """What both were worth after a bar."""

    time: datetime
    champion: float
    challenger: float


class ShadowState(msgspec.Struct, omit_defaults=True):
    """All that a shadow run has to remember over a restart."""

    version: str
    champion: Side
    challenger: Side
    first: datetime | None = None
    """Opens of its first and its latest bar."""
    last: datetime | None = None
    bars: int = 0
    returned: Moments = Moments()
    """Of the challenger's returns, bar by bar."""
    every: int = 1
    """Bars from one point to the next."""
    points: list[Point] = []
    looks: int = 0
    next_look: int = 0
    """How many bars there have to be."""
    low: float | None = None
    high: float | None = None
    """The bounds of the latest look: mean return by point, challenger above champion."""
    proposed: str = ""
    """The decision that asks for the promotion, once there is one."""
    ended: str = ""
    """Why it is over, once that was told."""

    @classmethod
    def begun(cls, version: str, champion: Strategy, challenger: Strategy) -> Self:
        one, other = (Side(each.capital) for each in (champion, challenger))
        return cls(version, one, other)

    @classmethod
    def of(cls, position: dict[str, Any] | None) -> Self | None:
        """Read a run's position; raises ``msgspec.ValidationError`` where it is none of a shadow run."""
        return msgspec.convert(position, cls) if position else None

    def to_json(self) -> dict[str, Any]:
        """As a run's position."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built

    @property
    def spent(self) -> bool:
        """Whether its last look has found no promotion earned."""
        return self.looks >= MOST_LOOKS and not self.proposed

    @property
    def time(self) -> timedelta:
        """From the first bar's open to the latest one's."""
        return self.last - self.first if self.first and self.last else timedelta(0)


@dataclass(frozen=True, slots=True)
class Closed:
    """A trade of one of the two has ended flat."""

    who: str
    """``champion`` or ``challenger``."""
    profit: float
    """In quote, after fees."""
    at: datetime
    """Open of the bar that it ended in."""
    because: str


@dataclass(frozen=True, slots=True)
class Sides:
    """What each of the two decides by beside its bars."""

    champion: SideData = NONE
    challenger: SideData = NONE

    @property
    def versions(self) -> tuple[str, ...]:
        """The SHA-256 of each plug-in, once."""
        told = (each.series.versions for each in (self.champion, self.challenger) if each.series)
        return tuple(dict.fromkeys(version for versions in told for version in versions))


@dataclass
class Shadow:
    """Takes closed bars in order. Bars before the first that is taken, ``warm``, are read and not traded."""

    champion: Strategy
    challenger: Strategy
    state: ShadowState
    least: Requirements = field(default_factory=Requirements)
    sides: Sides = Sides()

    def __post_init__(self) -> None:
        self._runs = {name: self._run(name) for name in ("champion", "challenger")}
        self._taken = False

    def _run(self, name: str) -> Backtest:
        side: SideData = getattr(self.sides, name)
        return Backtest(getattr(self, name), side.posts, series=side.series, warm=_NEVER)

    def hear(self, row: Row) -> None:
        """What came since of the posts that both listen to."""
        for run in self._runs.values():
            run.hear(row)

    def warm(self, candle: Candle) -> None:
        """Read a bar from before."""
        for run in self._runs.values():
            run.take(candle)

    def take(self, candle: Candle) -> list[Closed]:
        """One closed bar for both; returns the trades that ended in it."""
        if not self._taken:
            self._taken = True
            for name, run in self._runs.items():
                run.resume(getattr(self.state, name).book or run.book)
        state, before = self.state, self.state.challenger.equity
        closed = [each for name in self._runs for each in self._take(name, candle)]
        if before > 0:  # of nothing there is no return
            state.returned = state.returned.together(Moments(1, state.challenger.equity / before - 1))
        state.first, state.last = state.first or candle.time, candle.time
        state.bars += 1
        if state.bars % state.every == 0:
            self._point(candle.time)
        return closed

    def due(self) -> bool:
        """Whether it is time for a look: once there is enough, and then each time there is twice as much."""
        state = self.state
        waits = any(lacks_time(self._shadowed(None), self.least))
        return not waits and state.bars >= state.next_look and not (state.spent or state.proposed)

    @property
    def looks_at(self) -> int:
        """How many bars there have to be for the next look; it is due with enough closed trades."""
        return max(self.state.next_look, ceil(self.least.time / self.champion.bar))

    def looked(self, proven: Proven) -> tuple[str, ...]:
        """Look at it once, by what is ``proven`` as of now.

        Returns what is still missing, and nothing where the challenger may be promoted.
        """
        state = self.state
        state.looks += 1
        state.next_look = 2 * state.bars
        interval = look(*self._returns(), state.looks, self.least)
        state.low, state.high = (interval.low, interval.high) if interval else (None, None)
        return lacking(proven, self._shadowed(interval), self.least)

    def _shadowed(self, interval: Interval | None) -> Shadowed:
        time = self.state.time + self.champion.bar if self.state.bars else timedelta(0)
        return Shadowed(self.state.challenger.closed, time, interval, max(self.state.looks, 1))

    def _returns(self) -> tuple[list[float], list[float]]:
        """Of both, from point to point, the first on the capital."""
        points = self.state.points
        ones = [self.champion.capital, *(point.champion for point in points)]
        others = [self.challenger.capital, *(point.challenger for point in points)]
        return _changes(ones), _changes(others)

    def _take(self, name: str, candle: Candle) -> Iterator[Closed]:
        run, side = self._runs[name], getattr(self.state, name)
        known = len(run.fills)
        side.mark(run.take(candle))
        side.book = list(run.book)
        for fill in run.fills[known:]:
            side.under_way += fill.cash
            if fill.position == 0:
                profit, side.under_way = side.under_way, 0.0
                side.closed += 1
                side.profit += profit
                yield Closed(name, profit, candle.time, fill.because)

    def _point(self, time: datetime) -> None:
        state = self.state
        state.points.append(Point(time, state.champion.equity, state.challenger.equity))
        if len(state.points) >= MOST_POINTS:
            state.points = state.points[1::2]
            state.every *= 2


def _changes(levels: list[float]) -> list[float]:
    return [after / before - 1 for before, after in pairwise(levels)]
