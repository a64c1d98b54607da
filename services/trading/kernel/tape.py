"""Bars as the kernel's loops read them."""

from datetime import timedelta

import numpy as np

from services.trading.candles import Bars
from services.trading.kernel.layout import Numbers, Tape

LEAP = 16
"""Bars that are passed at once where none of them comes to a level."""
WIDE = 16
"""A row of what is measured; so many numbers may be read after the last close, and be written after the last level."""
NOTHING: Numbers = np.zeros(0)
_MICROSECOND = timedelta(microseconds=1)


def tape_of(bars: Bars, timeframe: timedelta, max_missing: int, *, begin: int = 0, funded: bool = False) -> Tape:
    """The columns of bars, most of them seen without a copy, and where so many are missing that terms have to be warm
    anew. ``funded``: the market is one with funding.

    Raises ``ValueError`` where there is no bar.
    """
    count = len(bars)
    if not count:
        raise ValueError("there is no bar")
    opens, highs, lows, closes, volumes = (
        np.frombuffer(column, dtype=np.float64)
        for column in (bars.opens, bars.highs, bars.lows, bars.closes, bars.volumes)
    )
    funding = np.zeros(0) if bars.funding is None else np.frombuffer(bars.funding, dtype=np.float64)
    dues = np.flatnonzero(funding)
    times = np.frombuffer(bars.times, dtype=np.int64)
    missing = np.diff(times) // (timeframe // _MICROSECOND) - 1
    stale = np.concatenate(([False], missing > max_missing)).astype(np.uint8)
    places = np.arange(count)
    latest = np.maximum.accumulate(np.where(stale, places, -1))
    return Tape(
        begin=begin,
        bars=count,
        opens=opens,
        highs=highs,
        lows=lows,
        closes=np.concatenate([closes, np.zeros(WIDE)]),
        volumes=volumes,
        lowest=_over_leap(np.minimum, opens, lows),
        highest=_over_leap(np.maximum, opens, highs),
        funding=funding,
        dues=dues,
        due_count=len(dues) if funded else 0,
        stale=stale,
        breaks=bool(stale.any()),
        since=np.where(latest >= 0, places - latest, np.iinfo(np.int64).max),
        spreads=NOTHING,
    )


def _over_leap(extreme: np.ufunc, opens: Numbers, others: Numbers) -> Numbers:
    """The least or the most of each bar and those behind it, ``LEAP`` together or as many as there are."""
    found: Numbers = extreme(opens, others)
    width = 1
    while width < LEAP:
        found[:-width] = extreme(found[:-width], found[width:])
        width *= 2
    return found
