"""Many strategies over the same bars together, a stretch of them at a time.

All of a stretch's numbers stay at hand while one strategy after the other goes through it, and nothing grows with the
length of the bars.
"""

from services.trading.kernel.crossings import ALPHAS, EVENT, LANES, MEANS, STRETCH, begun, cross_lanes
from services.trading.kernel.deciding import warm_crosses
from services.trading.kernel.local import room
from services.trading.kernel.measuring import MEASURES, fallen, measured
from services.trading.kernel.trading import SPELL, TALLY, next_event, traded
from services.trading.steps.book_layout import BOOK, TERMS
from services.trading.steps.compiled import Floats, Integers, step

READY, WARM_UP, SHORTS = 0, 1, 2
"""Of each lane of crosses: from which bar on it speaks; how many bars without a gap it takes to be warm anew; 1 where
it speaks for shorts too."""
LANE = 3
_spell = room(SPELL)


@step
def together(
    opens: Floats, highs: Floats, lows: Floats, closes: Floats, volumes: Floats, lowest: Floats, highest: Floats,
    funding: Floats, dues: Integers, due_count: int, stale: Integers, breaks: bool, since: Integers, spreads: Floats,
    begin: int, count: int, crossing: bool, groups: int, alphas: Floats, means: Floats, lanes: Integers,
    members: Integers, given: Integers, given_count: int, books: Floats, terms: Floats, tallies: Floats, sums: Floats,
    spells: Floats, levels: Floats, ends: Integers, ways: Integers, words: Integers, events: Integers, found: Integers,
    width: int, logs: bool, log: Floats,
) -> None:  # fmt: skip
    """Trade every strategy from the bar ``begin`` on, and measure it up to the last bar, which ``finished`` measures.

    Lane l decides for the strategies from ``members[l]`` to before ``members[l + 1]``: where they are ``crossing`` by
    its crosses, and otherwise the first lane by the events that are ``given``. From ``spells`` on all but the log is
    room to work in, see ``cross_lanes`` and ``measured``.
    """
    taken = 0
    for group in range(groups):
        begun(means, group * MEANS, closes[0])
    for start in range(0, count, STRETCH):
        stop = min(start + STRETCH, count)
        for group in range(groups):
            if crossing:
                cross_lanes(
                    closes, max(start, 1), stop, alphas, group * ALPHAS, means, group * MEANS, width, ways, words,
                    events, found,
                )  # fmt: skip
            elif stop > begin:
                first = next_event(given, given_count, taken, start, EVENT - 1)
                taken = next_event(given, given_count, first, stop, EVENT - 1)
                for place in range(first, taken):
                    events[place - first] = given[place]
                found[0] = taken - first
            for lane in range(LANES if stop > begin else 0):
                of, place = group * LANES + lane, lane * STRETCH
                end, row = place + found[lane], of * LANE
                if crossing and (breaks or start <= lanes[row + READY] or lanes[row + SHORTS] != 0):
                    end = warm_crosses(
                        events, place, end, since, lanes[row + READY], lanes[row + WARM_UP], lanes[row + SHORTS] != 0
                    )  # fmt: skip
                for one in range(members[of], members[of + 1]):
                    count_of = traded(
                        books, one * BOOK, terms, one * TERMS, tallies, one * TALLY, opens, highs, lows, closes,
                        volumes, lowest, highest, funding, dues, due_count, stale, spreads, stop, count, events, place,
                        end, spells, logs, log,
                    )  # fmt: skip
                    measured(spells, count_of, closes, min(stop, count - 1), sums, one * MEASURES, levels, ends)


@step
def finished(
    finals: Floats, number: int, closes: Floats, count: int, sums: Floats, levels: Floats, ends: Integers
) -> None:
    """Measure the last bar of so many strategies; ``finals`` has the spell of each at its close."""
    spell = _spell()
    for one in range(number):
        for part in range(SPELL):
            spell[part] = finals[one * SPELL + part]
        at = one * MEASURES
        measured(spell, 1, closes, count, sums, at, levels, ends)
        fallen(sums, at, count - 1, 0.0)
