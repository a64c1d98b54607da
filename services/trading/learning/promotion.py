"""What a challenger has to show before it may take the champion's place.

Windows that it was not chosen on; a run on the champion's own bars after that, in the open, whose difference is more
than noise; and over both together a Sharpe ratio that is more than the best of all trials' luck.

Together, since the shadow run is the next of the test windows: nothing was chosen on its bars either. How sure a Sharpe
ratio is hangs on how long the record is (the minimum track record length of D. H. Bailey and M. Lopez de Prado, "The
Sharpe Ratio Efficient Frontier", J. of Risk 15 (2012)), and windows of the past alone stay as short as they were: where
the market fell in most of them, a true edge could never be shown. The record grows until it can be, or until the last
look at it has found that it cannot. Where the windows have no Sharpe ratio, it is the shadow run alone.

On candles of the past the shadow run begins after an embargo as long as that between a training and its window, so that
all of the record has edges of one kind. On live bars there is none, and none is needed: a bar that closes after the
choice was made is no part of what it was made on, so where there is no edge, the mean of its return, given all bars up
to the choice, is 0 whatever was chosen and however far back a term looks. An embargo keeps bars apart that one outcome
spans, such as that of a position held over the edge; there is none here, since a training ends flat at a close that was
known by then, and the shadow run begins flat at a later one.

Both tests are repeated at each look, so each spends its error by halves: noise passes one of them in at most ``error``
of the cases over all looks together (K. K. G. Lan and D. L. DeMets, "Discrete Sequential Boundaries for Clinical
Trials", Biometrika 70 (1983)). Both have to be passed, and they ask for different things: the one whether it is better
than the champion, which noise that trades less is, the other whether it earns at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from math import floor

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
    error: float = 0.05
    """How often, at most, noise may pass the deflated Sharpe ratio, or the bootstrap (half of it above), over all looks
    at a shadow run together."""

    def allowed(self, number: int) -> float:
        """What of it the ``number``-th look (1 is the first) may spend: half as much as the one before."""
        return self.error * 0.5**number

    def deflated(self, number: int) -> float:
        """The least deflated Sharpe ratio at that look."""
        return 1 - self.allowed(number)


@dataclass(frozen=True, slots=True)
class Proven:
    """What the bars showed that nothing was chosen on."""

    windows: int
    deflated: float | None
    """The deflated Sharpe ratio of its test windows and its shadow run put together, if they have one."""
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
    looks: int = 1
    """Which look that is."""


def lacking(proven: Proven, shadowed: Shadowed, least: Requirements) -> tuple[str, ...]:
    """Each thing that is missing, in words; nothing where it may be promoted."""
    return (
        *_lacks_windows(proven, shadowed.looks, least),
        *lacks_time(shadowed, least),
        *_lacks_difference(shadowed),
    )


def _lacks_windows(proven: Proven, number: int, least: Requirements) -> Iterator[str]:
    if proven.windows < least.windows:
        yield f"{counted(proven.windows, 'out-of-sample window')} of {least.windows:,}"
    if proven.deflated is None:
        yield "a deflated Sharpe ratio: its windows and its shadow run have none"
    elif proven.deflated < least.deflated(number):
        has, needed = _short_of(proven.deflated, least.deflated(number))
        tried = counted(proven.trials, "trial")
        yield f"a deflated Sharpe ratio of {needed} out of sample: it is {has} after the {tried} until then"


def _short_of(share: float, least: float) -> tuple[str, str]:
    """Both in percent, with as many decimals as it takes to see that it is less."""
    for decimals in range(1, 18):
        one, other = (f"{100 * Decimal(each):.{decimals}f} %" for each in (share, least))
        if one != other:
            break
    return one, other


def lacks_time(shadowed: Shadowed, least: Requirements) -> Iterator[str]:
    """What its shadow run has still to run for."""
    if shadowed.trades < least.trades:
        yield f"{counted(shadowed.trades, 'closed trade')} of {least.trades:,} in its shadow run"
    if shadowed.time < least.time:
        day = timedelta(days=1)
        yield f"{floor(10 * (shadowed.time / day)) / 10:.1f} of {least.time / day:g} days in its shadow run"


def _lacks_difference(shadowed: Shadowed) -> Iterator[str]:
    told = shadowed.interval
    if told is None:
        yield "a look at its shadow run"
    elif told.low <= 0:
        bound = f"{1e4 * told.low:.3f} basis points".replace("-", "−")
        yield f"a difference from the champion that is more than noise: its lower bound is {bound}"


def look(champion: Sequence[float], challenger: Sequence[float], number: int, least: Requirements) -> Interval | None:
    """The ``number``-th look (1 is the first) at the returns of a shadow run; None where there are too few.

    Who looks again and again finds something in the end. So each look may err half as often as the one before, which
    keeps all of them together at ``least.error``.
    """
    from services.trading.statistics.bootstrap import paired_difference  # numpy, which no start waits for

    error = least.allowed(number)
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
