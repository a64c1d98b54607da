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
UP, DOWN = 1, 2
"""What an event asks for: an entry, an exit; both are bits of it, below the bar's number times 4."""


@step
def means(values: Floats, alpha: float, count: int, out: Floats) -> None:
    """The exponential mean at each bar."""
    mean = values[0]
    out[0] = mean
    for bar in range(1, count):
        mean = blended(mean, alpha, values[bar])
        out[bar] = mean


@step
def put_lines(fast: Floats, slow: Floats, lane: int, start: int, stop: int, rows: Floats) -> None:
    """The MACD line of one lane at the bars from ``start`` on."""
    for bar in range(start, stop):
        rows[(bar - start) * LANES + lane] = fast[bar] - slow[bar]


@step
def put_signals(lines: Floats, alphas: Floats, count: int, rows: Floats) -> None:
    """The signal lines at ``count`` bars, from the second row on; the first row is that of the bar before."""
    for bar in range(count):
        for lane in range(LANES):
            place = bar * LANES + lane
            rows[place + LANES] = blended(rows[place], alphas[lane], lines[place])


@step
def put_histograms(lines: Floats, signals: Floats, count: int, rows: Floats) -> None:
    """Each line less its signal line; both of the latter two begin with the row of the bar before."""
    for place in range(count * LANES):
        rows[place + LANES] = lines[place] - signals[place + LANES]


@step
def put_ways(histograms: Floats, count: int, ways: Integers) -> None:
    """1 where a histogram crosses 0 upwards, -1 where it does so downwards, else 0."""
    for place in range(count * LANES):
        ways[place] = int(crossed(histograms[place], histograms[place + LANES]))


@step
def gather(
    ways: Integers, words: Integers, start: int, count: int, events: Integers, room: int, found: Integers
) -> None:
    """Write down each lane's crosses behind those that were found; lane l has its own from ``events[l * room]`` on.

    ``words`` are the same bytes, eight in one number: where it is 0, no lane crosses.
    """
    for bar in range(count):
        if words[bar] != 0:
            for lane in range(LANES):
                way = ways[bar * LANES + lane]
                events[lane * room + found[lane]] = 4 * (start + bar) + (UP if way > 0 else DOWN)
                found[lane] += 1 if way != 0 else 0
