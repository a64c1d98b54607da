"""Many strategies over the same bars together, a stretch of them at a time.

All of a stretch's numbers stay at hand while one strategy after the other goes through it, and nothing grows with the
length of the bars.
"""

from services.trading.kernel.crossings import EVENT, LANES, STRETCH, begun, cross_lanes
from services.trading.kernel.deciding import LANE, READY, SHORTS, warm_crosses
from services.trading.kernel.layout import Books, Lanes, Tape, Workroom
from services.trading.kernel.measuring import MEASURES, fallen, measured
from services.trading.kernel.trading import SPELL, next_event, traded
from services.trading.steps.compiled import Floats, step


@step
def together(tape: Tape, lanes: Lanes, books: Books, work: Workroom) -> None:
    """Trade every strategy from the bar ``tape.begin`` on, and measure it up to the last bar; that one ``finished``
    measures."""
    taken = 0
    for group in range(lanes.groups):
        begun(lanes, group, tape.closes[0])
    for start in range(0, tape.bars, STRETCH):
        stop = min(start + STRETCH, tape.bars)
        for group in range(lanes.groups):
            if lanes.crossing:
                cross_lanes(tape, max(start, 1), stop, lanes, group, work)
            elif stop > tape.begin:
                first = next_event(lanes.given, lanes.given_count, taken, start, EVENT - 1)
                taken = next_event(lanes.given, lanes.given_count, first, stop, EVENT - 1)
                for place in range(first, taken):
                    work.events[place - first] = lanes.given[place]
                work.found[0] = taken - first
            for lane in range(LANES if stop > tape.begin else 0):
                of, place = group * LANES + lane, lane * STRETCH
                end = place + work.found[lane]
                if lanes.crossing:
                    row = of * LANE
                    if tape.breaks or start <= lanes.rows[row + READY] or lanes.rows[row + SHORTS] != 0:
                        end = warm_crosses(tape, lanes, of, work, place, end)
                for one in range(lanes.members[of], lanes.members[of + 1]):
                    spells = traded(books, one, tape, stop, work, place, end)
                    measured(work, spells, tape, min(stop, tape.bars - 1), books.sums, one * MEASURES)


@step
def finished(finals: Floats, number: int, tape: Tape, sums: Floats, work: Workroom) -> None:
    """Measure the last bar of so many strategies; ``finals`` has the spell of each at its close."""
    for one in range(number):
        for part in range(SPELL):
            work.spells[part] = finals[one * SPELL + part]
        at = one * MEASURES
        measured(work, 1, tape, tape.bars, sums, at)
        fallen(sums, at, tape.bars - 1, 0.0)
