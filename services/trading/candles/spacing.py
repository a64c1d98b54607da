"""How bars follow each other: the step that is usual, whether it is the strategy's timeframe, and where bars lack."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from operator import sub
from pathlib import Path

from services.core.durations import write_duration
from services.core.errors import UserError
from services.trading.candles.bars import Bars
from services.trading.candles.moments import MICROSECOND, moment

LISTED = 5
"""Gaps that are told one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Bars that lack before ``row`` (1 = the first bar). They are never made up."""

    row: int
    after: datetime
    """The open of the bar before the gap."""
    missing: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """Every gap of a file in two numbers, and the first few one by one."""

    count: int
    missing: int
    """Bars that lack in all of them."""
    first: tuple[Gap, ...]


def usual_step(bars: Bars) -> timedelta | None:
    """The most frequent time from one bar to the next, the shorter where two are; None for fewer than two bars."""
    if len(bars) < 2:
        return None
    steps: Counter[int] = Counter(map(sub, bars.times[1:], bars.times))
    return min(steps, key=lambda step: (-steps[step], step)) * MICROSECOND


def require_timeframe(bars: Bars, timeframe: timedelta, where: Path | str) -> None:
    """Raise ``UserError`` where ``bars`` are of another length: traded without complaint, they mean something else.

    A single bar is of no length that could be seen.
    """
    mend = "Set timeframe to the file's own"
    _refuse_jitter(bars, timeframe // MICROSECOND, where)
    usual = usual_step(bars)
    if usual is not None and usual != timeframe:
        what = f"its bars are {write_duration(usual)} apart, and the timeframe is {write_duration(timeframe)}"
        raise UserError(what, str(where), mend)
    length = timeframe // MICROSECOND
    for row, (one, next_) in enumerate(pairwise(bars.times), 2):
        if (next_ - one) % length:
            step = (next_ - one) * MICROSECOND
            of = f"no multiple of the timeframe {write_duration(timeframe)}"
            what = f"row {row} comes {write_duration(step)} after the one before, {of}"
            raise UserError(what, str(where), "Remove the rows between, or name another file")


def require_tick(bars: Bars, tick: float, where: Path | str) -> None:
    """Raise ``UserError`` where a price of ``bars`` is below the smallest step of a price: they are another market's,
    or in another unit."""
    lowest = min(bars.lows, default=tick)
    if lowest < tick:
        what = f"a price in it is {lowest:.10g}, and the market's tick is {tick:.10g}: no order could be at that price"
        raise UserError(what, str(where), "Set market.tick to that of the exchange, or name another file")


def _refuse_jitter(bars: Bars, length: int, where: Path | str) -> None:
    """Times that are those of bars, but for a little: it is not guessed which bar is meant. Raises ``UserError``."""
    steps = [next_ - one for one, next_ in pairwise(bars.times)]
    off = [abs(step - round(step / length) * length) for step in steps]
    near = sum(gap * 4 < length <= step * 2 for gap, step in zip(off, steps, strict=True))
    if not any(off) or near * 10 < len(steps) * 9:
        return  # none is off, or they are bars of another length
    jittered = [row for row, gap in enumerate(off, 2) if gap]
    step, timeframe = steps[jittered[0] - 2] * MICROSECOND, length * MICROSECOND
    rest = f", and {len(jittered) - 1:,} more do likewise" if len(jittered) > 1 else ""
    what = (
        f"row {jittered[0]} comes {step} after the one before, where bars of {timeframe} come at multiples of it{rest}"
    )
    raise UserError(what, str(where), "Write the time at which each bar opens, without what it came late by")


def gaps_in(bars: Bars, timeframe: timedelta) -> Gaps:
    """Where bars of ``timeframe`` lack, and how many."""
    found = list(_gaps(bars, timeframe // MICROSECOND))
    return Gaps(len(found), sum(gap.missing for gap in found), tuple(found[:LISTED]))


def _gaps(bars: Bars, length: int) -> Iterator[Gap]:
    for row, (one, next_) in enumerate(pairwise(bars.times), 2):
        if next_ - one > length:
            yield Gap(row, moment(one), (next_ - one - 1) // length)
