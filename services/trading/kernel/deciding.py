"""At which bars a score asks for an entry or an exit."""

from services.trading.kernel.crossings import DOWN, UP
from services.trading.steps.compiled import Floats, Integers, step
from services.trading.steps.score import required_hold, score


@step
def decided(
    pool: Floats, slots: Integers, terms: int, count: int, weights: Floats, required: Floats, enter: float, exit_: float,
    since: Integers, warm_up: int, row: Floats, events: Integers,
) -> int:  # fmt: skip
    """Write down the bars that ask for something as ``events``; returns how many there are.

    Term t has its values from ``pool[slots[t] * count]`` on; ``row`` is room for those of a bar. ``since`` tells at
    each bar how many have passed since so many were missing that the terms have to become warm anew.
    """
    found, enters, leaves = 0, False, False
    for bar in range(count):
        same = bar > 0
        for term in range(terms):
            value = pool[slots[term] * count + bar]
            # NaN, no data, is like itself here. What says the same as before decides the same.
            same = same and (value == row[term] or (value != value and row[term] != row[term]))  # noqa: PLR0124
            row[term] = value
        if not same:
            total = score(row, weights, terms)
            enters = total >= enter and required_hold(row, required, terms)
            leaves = total <= exit_
        asks = (UP if enters and since[bar] >= warm_up else 0) + (DOWN if leaves else 0)
        if asks != 0:
            events[found] = 4 * bar + asks
            found += 1
    return found


@step
def warm_crosses(
    crosses: Integers, start: int, found: int, since: Integers, warm_up: int, events: Integers
) -> int:
    """The same of one cross that lasts a bar: of its crosses those that are ready, and of those up the warm ones."""
    kept = 0
    for place in range(start, start + found):
        cross = crosses[place]
        bar = cross >> 2
        events[kept] = cross
        kept += 1 if bar >= warm_up and (cross & DOWN != 0 or since[bar] >= warm_up) else 0
    return kept
