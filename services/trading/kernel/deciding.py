"""At which bars a score asks for an entry or an exit."""

from services.trading.kernel.crossings import COVER, DOWN, EVENT, SHORT, UP
from services.trading.kernel.layout import Lanes, Rule, Tape, Workroom
from services.trading.steps.compiled import Floats, Integers, step
from services.trading.steps.score import required_fall, required_hold, score

READY, WARM_UP, SHORTS = 0, 1, 2
"""Of each lane of crosses: from which bar on it speaks; how many bars without a gap it takes to be warm anew; 1 where
it speaks for shorts too."""
LANE = 3


@step
def decided(pool: Floats, rule: Rule, tape: Tape, row: Floats, events: Integers) -> int:
    """Write down the bars that ask for something as ``events``; returns how many there are.

    Term t has its values from ``pool[rule.slots[t] * tape.bars]`` on; ``row`` is room for those of a bar.
    """
    found, enters, leaves = 0, 0, 0
    for bar in range(tape.bars):
        same = bar > 0
        for term in range(rule.terms):
            value = pool[rule.slots[term] * tape.bars + bar]
            # NaN, no data, is like itself here. What says the same as before decides the same.
            same = same and (value == row[term] or (value != value and row[term] != row[term]))
            row[term] = value
        if not same:
            total = score(row, rule.weights, rule.terms)
            enters = UP if total >= rule.enter and required_hold(row, rule.required, rule.terms) else 0
            leaves = DOWN if total <= rule.exit_at else 0
            if rule.shorts:
                enters += SHORT if total <= rule.short_enter and required_fall(row, rule.required, rule.terms) else 0
                leaves += COVER if total >= rule.short_exit else 0
        asks = leaves + (enters if tape.since[bar] >= rule.warm_up else 0)
        if asks != 0:
            events[found] = EVENT * bar + asks
            found += 1
    return found


@step
def warm_crosses(tape: Tape, lanes: Lanes, lane: int, work: Workroom, start: int, stop: int) -> int:
    """The same of a cross that lasts a bar: the lane's crosses from ``start`` to before ``stop`` become what they ask
    for, from the bar on from which it speaks; returns where they end."""
    events, since, row = work.events, tape.since, lane * LANE
    ready, warm_up, shorts = lanes.rows[row + READY], lanes.rows[row + WARM_UP], lanes.rows[row + SHORTS] != 0
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
