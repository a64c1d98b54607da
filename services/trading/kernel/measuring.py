"""What equity did between fills, in the sums that the statistics are made of.

Within a spell neither cash nor coins change, so equity follows the closes alone; while there are no coins it stands
still, and then one bar speaks for all. The rest is gone through a stretch at a time, in rows of ``WIDE`` numbers: what
a row does is one loop, which a compiler turns into few instructions. The sums of a stretch are added up with what
rounding takes from them, so that a long series measures as exactly as ``services.trading.statistics`` does.
"""

from services.trading.kernel.layout import Tape, Workroom
from services.trading.kernel.local import ahead, room
from services.trading.kernel.tape import WIDE
from services.trading.kernel.trading import SPELL
from services.trading.steps.book import worth
from services.trading.steps.compiled import Floats, step

RETURNS, DOWNSIDE, WORTH = 0, 2, 4
"""Sums over all bars of the returns, of the losing ones' squares, and of equity; each is two numbers: the sum, and what
rounding took from it."""
MOVED, AROUND = 6, 7
"""The bars whose equity is not known to be that of the bar before, and how far their returns lie from their mean: the
sum of the squared differences."""
FINAL, LEAST = 8, 9
"""Equity at the last close, and the least of any bar."""
DEEPEST, FALL_BARS, RECOVERED = 10, 11, 12
"""The deepest fall as a share of its peak; its bars until equity was there again; 1 if it came to be."""
PEAK, LEVEL, LOWEST = 13, 14, 15
"""The bar of the latest peak, equity at it, and the lowest since.

Before the first bar ``FINAL``, ``LEAST``, ``LEVEL`` and ``LOWEST`` are the capital, and ``PEAK`` is the bar before it;
everything else is 0.
"""
MEASURES = 16
SEGMENT = 256
"""Bars of which it is asked together whether any is a peak; whole rows."""
_changes = room(SEGMENT)
_returns, _squares, _losses, _worths, _most, _least = (room(WIDE) for _ in range(6))


@step
def measured(work: Workroom, count: int, tape: Tape, stop: int, sums: Floats, at: int) -> None:
    """Go through the bars of so many spells up to before ``stop``; a strategy has its sums from ``at`` on."""
    size = spread_out(work, count, tape, stop, sums, at)
    if size > 0:
        put_sums(work, size, count, stop, sums, at)
        sums[at + FINAL] = work.levels[size]


@step
def spread_out(work: Workroom, count: int, tape: Tape, stop: int, sums: Floats, at: int) -> int:
    """Write equity at each bar that may move it one behind the other, from ``levels[1]`` on; returns how many there
    are. A row that is longer than the spell is written over by the next."""
    spells, levels, closes = work.spells, work.levels, tape.closes
    levels[0] = sums[at + FINAL]
    size, still = 0, 0.0
    for spell in range(count):
        place = spell * SPELL
        start, cash = int(spells[ahead(place)]), spells[ahead(place + 1)]
        held, owed = spells[ahead(place + 2)], spells[ahead(place + 3)]
        length = ended(spells, spell, count, stop) - start
        if held != 0.0:
            for bar in range((length + WIDE - 1) & -WIDE):
                levels[ahead(size + 1 + bar)] = worth(cash, held, owed, closes[ahead(start + bar)])
            size += max(length, 0)
        elif length > 0:
            size += 1
            levels[ahead(size)] = worth(cash, 0.0, owed, closes[ahead(start)])
            still += (length - 1) * levels[ahead(size)]
    add(sums, at + WORTH, still)
    return size


@step
def ended(spells: Floats, spell: int, count: int, stop: int) -> int:
    """The first bar after the spell."""
    return min(int(spells[ahead((spell + 1) * SPELL)]), stop) if spell + 1 < count else stop


@step
def put_ends(work: Workroom, count: int, stop: int) -> None:
    """Up to which bar equity stays at each of the numbers that ``spread_out`` has written."""
    spells, ends = work.spells, work.ends
    ends[0] = int(spells[0]) - 1
    size = 0
    for spell in range(count):
        start, end = int(spells[spell * SPELL]), ended(spells, spell, count, stop)
        if spells[spell * SPELL + 2] != 0.0:
            for bar in range(start, end):
                size += 1
                ends[size] = bar
        elif end > start:
            size += 1
            ends[size] = end - 1


@step
def put_sums(work: Workroom, size: int, count: int, stop: int, sums: Floats, at: int) -> None:
    """Add what a stretch made to the sums of all, and follow the peaks and the lowest since the latest."""
    changes, losses, worths, most, least = _changes(), _losses(), _worths(), _most(), _least()
    told = False
    for lane in range(WIDE):
        losses[lane], worths[lane] = 0.0, 0.0
    for start in range(0, size, SEGMENT):
        length = min(SEGMENT, size - start)
        total = put_changes(work.levels, start, length, changes, losses, worths, most, least)
        add(sums, at + RETURNS, total)
        join(sums, at, total, apart(changes, length, total / length), length)
        top, bottom = most[0], least[0]
        for lane in range(1, WIDE):
            top, bottom = max(top, most[lane]), min(bottom, least[lane])
        if top < sums[at + LEVEL]:
            sums[at + LOWEST] = min(sums[at + LOWEST], bottom)
        else:
            if not told:
                put_ends(work, count, stop)
                told = True
            put_peaks(work, start, start + length, sums, at)
    add(sums, at + DOWNSIDE, in_all(losses))
    add(sums, at + WORTH, in_all(worths))


@step
def put_changes(
    levels: Floats, start: int, length: int, changes: Floats, losses: Floats, worths: Floats, most: Floats,
    least: Floats,
) -> float:  # fmt: skip
    """Write the returns of a segment, and its highest and lowest by lanes; add to the sums of the stretch. Returns the
    sum of the returns.

    All of it in one loop: the division takes so long that the rest goes beside it.
    """
    returns = _returns()
    for lane in range(WIDE):
        returns[lane], most[lane], least[lane] = 0.0, levels[ahead(start + 1)], levels[ahead(start + 1)]
    for row in range(0, length, WIDE):
        for lane in range(min(WIDE, length - row)):
            level = levels[ahead(start + row + lane + 1)]
            change = level / levels[ahead(start + row + lane)] - 1.0
            loss = change if change < 0.0 else 0.0
            changes[ahead(row + lane)] = change
            returns[lane] += change
            losses[lane] += loss * loss
            worths[lane] += level
            # Without the 0 only what changes would be written, and a processor waits to read again what is so written.
            most[lane] = level if level > most[lane] else most[lane] + 0.0
            least[lane] = level if level < least[lane] else least[lane] + 0.0
    return in_all(returns)


@step
def apart(changes: Floats, size: int, mean: float) -> float:
    """The sum of the squared differences from the mean."""
    squares = _squares()
    for lane in range(WIDE):
        squares[lane] = 0.0
    for row in range(0, size, WIDE):
        for lane in range(min(WIDE, size - row)):
            off = changes[ahead(row + lane)] - mean
            squares[lane] += off * off
    return in_all(squares)


@step
def in_all(numbers: Floats) -> float:
    """The sum of a row, which is spent."""
    size = WIDE
    while size > 1:
        size //= 2
        for lane in range(size):
            numbers[lane] += numbers[lane + size]
    return numbers[0]


@step
def join(sums: Floats, at: int, total: float, around: float, size: int) -> None:
    """Two sums of squared differences, each from its own mean, make one from the mean of both (Chan et al. 1979)."""
    before = sums[at + MOVED]
    if before > 0.0:
        earlier = sums[at + RETURNS] + sums[at + RETURNS + 1] - total
        off = total / size - earlier / before
        around += off * off * before * size / (before + size)
    sums[at + MOVED] = before + size
    sums[at + AROUND] += around


@step
def put_peaks(work: Workroom, start: int, stop: int, sums: Floats, at: int) -> None:
    """The same number by number, for there is a peak among them."""
    levels, ends = work.levels, work.ends
    for place in range(start + 1, stop + 1):
        if levels[place] >= sums[at + LEVEL]:
            fallen(sums, at, ends[place - 1] + 1, 1.0)
            sums[at + LEVEL], sums[at + LOWEST], sums[at + PEAK] = levels[place], levels[place], ends[place]
        sums[at + LOWEST] = min(sums[at + LOWEST], levels[place])


@step
def fallen(sums: Floats, at: int, bar: int, recovered: float) -> None:
    """A fall from the latest peak has ended at ``bar``; keep it if it is the deepest."""
    level, lowest = sums[at + LEVEL], sums[at + LOWEST]
    sums[at + LEAST] = min(sums[at + LEAST], lowest)
    fall = 1.0 - lowest / level if lowest < level else 0.0
    if fall > sums[at + DEEPEST]:
        sums[at + DEEPEST], sums[at + FALL_BARS], sums[at + RECOVERED] = fall, bar - sums[at + PEAK], recovered


@step
def add(sums: Floats, at: int, value: float) -> None:
    """Add to a sum of two numbers (Neumaier)."""
    total = sums[at] + value
    if abs(sums[at]) >= abs(value):
        sums[at + 1] += (sums[at] - total) + value
    else:
        sums[at + 1] += (value - total) + sums[at]
    sums[at] = total
