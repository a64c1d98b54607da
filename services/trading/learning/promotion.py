"""What a challenger has to show before it may take the champion's place.

Windows that it was not chosen on; a Sharpe ratio there that is more than the best of all trials' luck; and a run on the
champion's own bars after that, in the open, whose difference is more than noise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.core.words import counted
from services.trading.statistics.figure import Undefined
from services.trading.statistics.interval import Interval

RESAMPLES_IN_THE_TAIL = 20
"""How many of the resamples lie below a bound: with fewer the bound itself is chance."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """The least of each."""

    windows: int = 3
    trades: int = 30
    time: timedelta = timedelta(days=7)
    deflated: float = 0.95
    error: float = 0.05
    """How often, at most, noise may pass the bootstrap, over all looks at a shadow run together; half of it above."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What a walk forward showed."""

    windows: int
    deflated: float | None
    """The deflated Sharpe ratio of its test windows put together."""
    trials: int
    """Combinations ever tried on the market in the family, by which it was deflated."""


@dataclass(frozen=True, slots=True)
class Shadowed:
    """What a shadow run has shown so far."""

    trades: int
    """The challenger's closed trades."""
    time: timedelta
    """From the first bar's open to the last one's close."""
    interval: Interval | None = None
    """The challenger's mean return above the champion's, as of the latest look."""


def lacking(proven: Proven, shadowed: Shadowed, least: Requirements) -> tuple[str, ...]:
    """Each thing that is missing, in words; nothing where it may be promoted."""
    return (*lacks_windows(proven, least), *lacks_time(shadowed, least), *_lacks_difference(shadowed))


def lacks_windows(proven: Proven, least: Requirements) -> Iterator[str]:
    """What its walk forward leaves open."""
    if proven.windows < least.windows:
        yield f"{counted(proven.windows, 'out-of-sample window')} of {least.windows:,}"
    if proven.deflated is None:
        yield "a deflated Sharpe ratio: its windows have none"
    elif proven.deflated < least.deflated:
        told = f"{100 * proven.deflated:.1f} % of {100 * least.deflated:g} %"
        yield f"a deflated Sharpe ratio out of sample, after {counted(proven.trials, 'trial')}: {told}"


def lacks_time(shadowed: Shadowed, least: Requirements) -> Iterator[str]:
    """What its shadow run has still to run for."""
    if shadowed.trades < least.trades:
        yield f"{counted(shadowed.trades, 'closed trade')} of {least.trades:,} in its shadow run"
    if shadowed.time < least.time:
        day = timedelta(days=1)
        yield f"{shadowed.time / day:.1f} of {least.time / day:g} days in its shadow run"


def _lacks_difference(shadowed: Shadowed) -> Iterator[str]:
    told = shadowed.interval
    if told is None:
        yield "a look at its shadow run"
    elif told.low <= 0:
        bound = f"{1e4 * told.low:.3f} basis points"
        yield f"a difference from the champion that is more than noise: its lower bound is {bound}"


def look(champion: Sequence[float], challenger: Sequence[float], number: int, least: Requirements) -> Interval | None:
    """The ``number``-th look (1 is the first) at the returns of a shadow run; None where there are too few.

    Who looks again and again finds something in the end. So each look may err half as often as the one before, which
    keeps all of them together at ``least.error``.
    """
    from services.trading.statistics.bootstrap import paired_difference  # numpy, which no start waits for

    error = least.error / 2**number
    try:
        return paired_difference(
            challenger,
            champion,
            seed=number,
            confidence=1 - error,
            resamples=int(2 * RESAMPLES_IN_THE_TAIL / error),
        )
    except Undefined:
        return None
