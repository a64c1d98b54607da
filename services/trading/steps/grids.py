"""Prices move by ticks and quantities by steps: whole numbers of a grid, so that sums of them never drift.

A grid is ``part / scale``, both whole: a step of 0.025 is 25 / 1000. What n of them make is the float nearest to that
decimal number, which is also what an exchange's text of it reads as.
"""

from services.trading.steps.compiled import step

FRACTIONS_END = 2.0**52
"""From here on every float is a whole number."""


@step
def at(count: float, part: float, scale: float) -> float:
    """What ``count`` of the grid's parts make."""
    return count * part / scale


@step
def parts_in(value: float, part: float, scale: float) -> float:
    """How many parts the value is, with what is left as a fraction."""
    scaled = value * scale
    return scaled if part == 1.0 else scaled / part  # a division by 1 changes nothing and takes its time


@step
def below(value: float) -> float:
    """The whole number at or below the value, as a float: beyond 63 bits too."""
    if not abs(value) < FRACTIONS_END:
        return value
    # There and back again rounds to a whole number, and takes a compiled process less than any other way.
    end = FRACTIONS_END if value >= 0.0 else -FRACTIONS_END
    near = (value + end) - end
    return near - 1.0 if near > value else near


@step
def nearest(value: float, part: float, scale: float) -> float:
    """How many parts of the grid come nearest to the value, half a part upwards."""
    return below(parts_in(value, part, scale) + 0.5)


@step
def whole(value: float, part: float, scale: float) -> float:
    """How many whole parts the value holds; three of 0.1 in 0.3, though a division gives 2.9999999999999996."""
    parts = parts_in(value, part, scale)
    close = below(parts + 0.5)
    if abs(parts - close) <= max(1e-12 * abs(close), 1e-9):
        return close
    return close if close <= parts else close - 1.0


@step
def upwards(value: float, part: float, scale: float) -> float:
    """The fewest parts that are no less than the value."""
    held, parts = whole(value, part, scale), parts_in(value, part, scale)
    return held if parts <= held + max(1e-12 * held, 1e-9) else held + 1.0
