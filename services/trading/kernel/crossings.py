"""Crosses of many MACDs at once: what they share is computed once, and several signal lines go side by side.

Every value is that of ``steps.macd`` and ``steps.cross``, bit by bit. Rows of ``LANES`` numbers stand one behind the
other, a row for each bar: what each lane does at a bar is then one plain loop, which a compiler turns into few
instructions.
"""

from services.trading.steps.compiled import Floats, Integers, step
from services.trading.steps.cross import crossed
from services.trading.steps.exponential import blended

LANES = 8
"""MACDs that go side by side: as many as keep a processor busy while each waits for its own last value."""
BLOCK = 256
"""Bars that lanes take at once: what one loop has written is still at hand when the next one reads it."""
UP, DOWN, SHORT, COVER = 1, 2, 4, 8
"""What an event asks for: to enter a long, to leave it, to enter a short, to leave it."""
EVENT = 16
"""An event is one number: the bar's, times this, and the bits of what is asked for. A cross is one of ``UP`` or
``DOWN``."""


@step
def means(values: Floats, alpha: float, count: int, out: Floats, start: int) -> None:
    """The exponential mean at each bar, from ``out[start]`` on."""
    mean = values[0]
    out[start] = mean
    for bar in range(1, count):
        mean = blended(mean, alpha, values[bar])
        out[start + bar] = mean


@step
def cross_lanes(
    pool: Floats, fast: Integers, slow: Integers, alphas: Floats, count: int, lines: Floats, signals: Floats,
    ways: Integers, words: Integers, events: Integers, found: Integers,
) -> None:  # fmt: skip
    """Each lane's crosses: lane l has ``found[l]`` of them from ``events[l * (count + 1)]`` on.

    The means of lane l stand from ``pool[fast[l]]`` and ``pool[slow[l]]`` on. The rest is room to work in, ``BLOCK``
    rows each and one more for the bar before; ``words`` are the bytes of ``ways``, eight in one number.
    """
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
        for lane in range(LANES):
            put_lines(pool, fast[lane] + start, slow[lane] + start, lane, size, lines)
        if start == 0:  # a signal line begins with its line, so that its histogram is 0
            for lane in range(LANES):
                lines[lane] = lines[LANES + lane]
                signals[lane] = lines[lane]
        put_signals(lines, alphas, size, signals)
        put_ways(lines, signals, size, ways)
        gather(ways, words, start, size, events, count + 1, found)
        for lane in range(LANES):
            lines[lane], signals[lane] = lines[size * LANES + lane], signals[size * LANES + lane]


@step
def put_lines(pool: Floats, fast: int, slow: int, lane: int, size: int, rows: Floats) -> None:
    """The MACD line of one lane, from the second row on; the first row is that of the bar before, here and below."""
    for bar in range(size):
        rows[(bar + 1) * LANES + lane] = pool[fast + bar] - pool[slow + bar]


@step
def put_signals(lines: Floats, alphas: Floats, size: int, rows: Floats) -> None:
    """The signal lines."""
    for bar in range(size):
        for lane in range(LANES):
            place = bar * LANES + lane
            rows[place + LANES] = blended(rows[place], alphas[lane], lines[place + LANES])


@step
def put_ways(lines: Floats, signals: Floats, size: int, ways: Integers) -> None:
    """1 where a line less its signal line crosses 0 upwards, -1 where it does so downwards, else 0."""
    for place in range(size * LANES):
        before, now = lines[place] - signals[place], lines[place + LANES] - signals[place + LANES]
        ways[place] = int(crossed(before, now))


@step
def gather(
    ways: Integers, words: Integers, start: int, size: int, events: Integers, room: int, found: Integers
) -> None:
    """Write down each lane's crosses behind those that were found."""
    for bar in range(size):
        if words[bar] != 0:
            for lane in range(LANES):
                way = ways[bar * LANES + lane]
                events[lane * room + found[lane]] = EVENT * (start + bar) + (UP if way > 0 else DOWN)
                found[lane] += 1 if way != 0 else 0
