"""Where a position is left within a bar: by its stop, its trailing stop, or its target.

A bar tells four prices and not their order. What opens beyond a level is filled at the open; otherwise the stop comes
before the target, unless the strategy says the other way round. Levels of 0 are none.
"""

from services.trading.steps.compiled import step

NONE, STOP, TARGET = 0, 1, 2


@step
def fixed_stop(entry: float, stop: float) -> float:
    """The price so far below the entry, as a share of it."""
    return entry * (1.0 - stop) if stop > 0.0 else 0.0


@step
def trailing_stop(high: float, trailing: float) -> float:
    """The price so far below the highest one of earlier bars."""
    return high * (1.0 - trailing) if trailing > 0.0 else 0.0


@step
def stop_level(entry: float, high: float, stop: float, trailing: float) -> float:
    """The price at or below which the position is sold: the nearer of both stops."""
    return max(fixed_stop(entry, stop), trailing_stop(high, trailing))


@step
def trails(entry: float, high: float, stop: float, trailing: float) -> bool:
    """Whether the trailing stop is the nearer one."""
    return trailing_stop(high, trailing) > fixed_stop(entry, stop)


@step
def reached(target: float, tick: float, open_: float, high: float) -> bool:
    """A target is a limit order: the price has to open at it or beyond, or trade through it by a tick."""
    return target > 0.0 and (open_ >= target or high >= target + 0.999 * tick)


@step
def both(level: float, target: float, tick: float, open_: float, high: float, low: float) -> bool:
    """Whether nobody can tell from the bar which of stop and target came first."""
    gap = open_ <= level or (target > 0.0 and open_ >= target)
    return not gap and low <= level and reached(target, tick, open_, high)


@step
def touched(level: float, target: float, tick: float, open_: float, high: float, low: float, stop_first: bool) -> int:
    """What is met within the bar: ``STOP``, ``TARGET`` or ``NONE``."""
    stopped = low <= level  # a level of 0 is below every price
    aimed = reached(target, tick, open_, high)
    if stopped and aimed:
        if open_ <= level:
            return STOP
        return STOP if stop_first and open_ < target else TARGET
    if stopped:
        return STOP
    return TARGET if aimed else NONE
