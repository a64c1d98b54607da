"""At what prices the open position is left within a bar, on the grid of prices."""

from services.trading.steps import exits
from services.trading.steps.book_layout import (
    BY_LIQUIDATION,
    BY_STOP,
    BY_TRAILING,
    CASH,
    ENTRY,
    HELD,
    HIGH,
    OPEN,
    OWED,
    STOP,
    TARGET,
    TICK_PART,
    TICK_SCALE,
    TRAILING,
)
from services.trading.steps.compiled import Floats, step
from services.trading.steps.grids import at, nearest, upwards, whole


@step
def stop_level(book: Floats, terms: Floats) -> float:
    """Where the position is left by a stop; 0 for none."""
    side, part, scale = book[OPEN], terms[TICK_PART], terms[TICK_SCALE]
    fixed = exits.fixed_stop(side, book[ENTRY], terms[STOP])
    trailing = exits.trailing_stop(side, book[HIGH], terms[TRAILING])
    level = exits.nearer(side, fixed, trailing)
    if side < 0.0:
        level = exits.nearer(side, level, nothing_left(book))
    return at(nearest(level, part, scale), part, scale)


@step
def watched(book: Floats, terms: Floats) -> bool:
    """Whether the position can be left within a bar at all; a short always can, for its equity can end."""
    return book[OPEN] < 0.0 or terms[STOP] > 0.0 or terms[TRAILING] > 0.0 or terms[TARGET] > 0.0


@step
def nothing_left(book: Floats) -> float:
    """The price at which a short has lost all of the equity."""
    return max((book[CASH] - book[OWED]) / -book[HELD], 0.0) if book[HELD] < 0.0 else 0.0


@step
def stopped_by(book: Floats, terms: Floats) -> float:
    """What the nearest stop is: the fixed one, the trailing one, or the end of the equity."""
    side = book[OPEN]
    fixed = exits.fixed_stop(side, book[ENTRY], terms[STOP])
    trailing = exits.trailing_stop(side, book[HIGH], terms[TRAILING])
    own = exits.nearer(side, fixed, trailing)
    if side < 0.0:
        end = nothing_left(book)
        if exits.nearer(side, own, end) != own:
            return BY_LIQUIDATION
    return BY_TRAILING if own != fixed else BY_STOP


@step
def target_price(book: Floats, terms: Floats) -> float:
    """Where the position is left by its target; 0 for none."""
    side, part, scale = book[OPEN], terms[TICK_PART], terms[TICK_SCALE]
    wanted = exits.target_level(side, book[ENTRY], terms[TARGET])
    return at(upwards(wanted, part, scale) if side > 0.0 else whole(wanted, part, scale), part, scale)
