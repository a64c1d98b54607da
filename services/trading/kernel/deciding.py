"""At which bars a score asks for an entry or an exit."""

from services.trading.kernel.crossings import COVER, DOWN, EVENT, SHORT, UP
from services.trading.steps.compiled import Floats, Integers, step
from services.trading.steps.score import required_fall, required_hold, score


@step
def decided(
    pool: Floats, slots: Integers, terms: int, count: int, weights: Floats, required: Floats, enter: float,
    exit_: float, shorts: bool, short_enter: float, short_exit: float, since: Integers, warm_up: int, row: Floats,
    events: Integers,
) -> int:  # fmt: skip
    """Write down the bars that ask for something as ``events``; returns how many there are.

    Term t has its values from ``pool[slots[t] * count]`` on; ``row`` is room for those of a bar. ``since`` tells at
    each bar how many have passed since so many were missing that the terms have to become warm anew.
    """
    found, enters, leaves = 0, 0, 0
    for bar in range(count):
        same = bar > 0
        for term in range(terms):
            value = pool[slots[term] * count + bar]
            # NaN, no data, is like itself here. What says the same as before decides the same.
            same = same and (value == row[term] or (value != value and row[term] != row[term]))
            row[term] = value
        if not same:
            total = score(row, weights, terms)
            enters = UP if total >= enter and required_hold(row, required, terms) else 0
            leaves = DOWN if total <= exit_ else 0
            if shorts:
                enters += SHORT if total <= short_enter and required_fall(row, required, terms) else 0
                leaves += COVER if total >= short_exit else 0
        asks = leaves + (enters if since[bar] >= warm_up else 0)
        if asks != 0:
            events[found] = EVENT * bar + asks
            found += 1
    return found


@step
def warm_crosses(
    events: Integers, start: int, stop: int, since: Integers, ready: int, warm_up: int, shorts: bool
) -> int:
    """The same of a cross that lasts a bar: its crosses from ``start`` to before ``stop`` become what they ask for,
    from the bar ``ready`` on; returns where they end."""
    kept = start
    for place in range(start, stop):
        bar = events[place] // EVENT
        if events[place] & UP != 0:
            enters, leaves = UP, COVER if shorts else 0
        else:
            enters, leaves = SHORT if shorts else 0, DOWN
        asks = leaves + (enters if since[bar] >= warm_up else 0)
        events[kept] = EVENT * bar + asks
        kept += 1 if bar >= ready and asks != 0 else 0
    return kept
