"""Where a position is left within a bar: by its stop, its trailing stop, or its target.

A bar tells four prices and not their order. What opens beyond a level is filled at the open; otherwise the stop comes
before the target, unless the strategy says the other way round. Levels of 0 are none. Everything is mirrored for a
short: its stops lie above, its target below, and where nothing is left of the equity it is liquidated.
"""

from services.trading.steps.compiled import step

NONE, STOP, TARGET = 0, 1, 2


@step
def fixed_stop(side: float, entry: float, stop: float) -> float:
    """The price so far against us from the entry, as a share of it."""
    return entry * (1.0 - side * stop) if stop > 0.0 else 0.0


@step
def trailing_stop(side: float, best: float, trailing: float) -> float:
    """The price so far against us from the best one of earlier bars."""
    return best * (1.0 - side * trailing) if trailing > 0.0 else 0.0


@step
def nearer(side: float, one: float, other: float) -> float:
    """Of two levels the one that is met first; 0 is none."""
    if one == 0.0 or other == 0.0:
        return max(one, other)
    return max(one, other) if side > 0.0 else min(one, other)


@step
def target_level(side: float, entry: float, target: float) -> float:
    """The price so far in our favour from the entry; 0 where there is none, or none above 0."""
    return max(entry * (1.0 + side * target), 0.0) if target > 0.0 else 0.0


@step
def worse(side: float, price: float, level: float) -> bool:
    """Whether the price is at the level or further against a position of that side."""
    if level == 0.0:
        return False
    return price <= level if side > 0.0 else price >= level


@step
def traded_through(side: float, limit: float, tick: float, price: float) -> bool:
    """Whether the price went beyond a limit order of that side, which waits below (1) or above (-1), by a tick."""
    return price <= limit - 0.999 * tick if side > 0.0 else price >= limit + 0.999 * tick


@step
def reached(side: float, target: float, tick: float, open_: float, best: float) -> bool:
    """A target is a limit order: the price has to open at it or beyond, or trade through it by a tick."""
    if target == 0.0:
        return False
    return worse(-side, open_, target) or traded_through(-side, target, tick, best)


@step
def both(side: float, level: float, target: float, tick: float, open_: float, best: float, worst: float) -> bool:
    """Whether nobody can tell from the bar which of stop and target came first."""
    gap = worse(side, open_, level) or worse(-side, open_, target)
    return not gap and worse(side, worst, level) and reached(side, target, tick, open_, best)


@step
def touched(
    side: float, level: float, target: float, tick: float, open_: float, best: float, worst: float, stop_first: bool
) -> int:
    """What is met within the bar: ``STOP``, ``TARGET`` or ``NONE``. ``best`` and ``worst`` are its high and low, as the
    position sees them."""
    stopped = worse(side, worst, level)
    aimed = reached(side, target, tick, open_, best)
    if stopped and aimed:
        if worse(side, open_, level):
            return STOP
        return STOP if stop_first and not worse(-side, open_, target) else TARGET
    if stopped:
        return STOP
    return TARGET if aimed else NONE
