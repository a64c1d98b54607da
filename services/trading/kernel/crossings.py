"""Crosses of many MACDs at once, several of them side by side, a stretch of bars at a time.

Every value is that of ``steps.macd`` and ``steps.cross``, bit by bit. What the lanes do at a bar is one plain loop over
numbers that stand one behind the other, which a compiler turns into few instructions.
"""

from services.trading.kernel.layout import Lanes, Tape, Workroom
from services.trading.kernel.local import ahead, room, whole_room
from services.trading.steps.compiled import step
from services.trading.steps.cross import crossed
from services.trading.steps.exponential import blended

LANES = 8
"""MACDs that go side by side."""
STRETCH = 2048
"""Bars that are gone through at once: few enough that all of their numbers are at hand for every strategy."""
UP, DOWN, SHORT, COVER = 1, 2, 4, 8
"""What an event asks for: to enter a long, to leave it, to enter a short, to leave it."""
EVENT = 16
"""An event is one number: the bar's, times this, and the bits of what is asked for. A cross is one of ``UP`` or
``DOWN``."""
FAST, SLOW, SIGNAL, BEFORE = 0, LANES, 2 * LANES, 3 * LANES
"""Where a group of lanes has its means of the closes and of the lines, and the histograms of the bar before; and, of
the first three, what the newest value weighs."""
MEANS, ALPHAS = 4 * LANES, 3 * LANES
_fast, _slow, _signal, _before = room(LANES), room(LANES), room(LANES), room(LANES)
_fast_alpha, _slow_alpha, _signal_alpha = room(LANES), room(LANES), room(LANES)
_found = whole_room(LANES)


@step
def begun(lanes: Lanes, group: int, close: float) -> None:
    """A group before the second bar: at the first all means are its close, and the lines and histograms are 0."""
    means, at = lanes.means, group * MEANS
    for lane in range(LANES):
        means[at + FAST + lane], means[at + SLOW + lane] = close, close
        means[at + SIGNAL + lane], means[at + BEFORE + lane] = 0.0, 0.0


@step
def cross_lanes(tape: Tape, start: int, stop: int, lanes: Lanes, group: int, work: Workroom) -> None:
    """The crosses of a group at the bars from ``start`` (1 or later) to before ``stop``: lane l has ``work.found[l]``,
    from ``work.events[l * STRETCH]`` on."""
    put_ways(tape, start, stop, lanes, group, work)
    gather(start, stop - start, work)


@step
def put_ways(tape: Tape, start: int, stop: int, lanes: Lanes, group: int, work: Workroom) -> None:
    """1 where a lane's line crosses its signal line upwards, -1 where it does so downwards, else 0."""
    closes, ways, width = tape.closes, work.ways, work.width
    alphas, weighs, means, at = lanes.alphas, group * ALPHAS, lanes.means, group * MEANS
    fast, slow, signal, before = _fast(), _slow(), _signal(), _before()
    fast_alpha, slow_alpha, signal_alpha = _fast_alpha(), _slow_alpha(), _signal_alpha()
    for lane in range(width):
        fast[lane], slow[lane] = means[at + FAST + lane], means[at + SLOW + lane]
        signal[lane], before[lane] = means[at + SIGNAL + lane], means[at + BEFORE + lane]
        fast_alpha[lane], slow_alpha[lane] = alphas[weighs + FAST + lane], alphas[weighs + SLOW + lane]
        signal_alpha[lane] = alphas[weighs + SIGNAL + lane]
    for bar in range(stop - start):
        close = closes[ahead(start + bar)]
        for lane in range(width):
            fast[lane] = blended(fast[lane], fast_alpha[lane], close)
            slow[lane] = blended(slow[lane], slow_alpha[lane], close)
            line = fast[lane] - slow[lane]
            signal[lane] = blended(signal[lane], signal_alpha[lane], line)
            now = line - signal[lane]
            ways[bar * LANES + lane] = int(crossed(before[lane], now))
            before[lane] = now
    for lane in range(width):
        means[at + FAST + lane], means[at + SLOW + lane] = fast[lane], slow[lane]
        means[at + SIGNAL + lane], means[at + BEFORE + lane] = signal[lane], before[lane]


@step
def gather(start: int, size: int, work: Workroom) -> None:
    """Write down each lane's crosses, oldest first. Of a lane's byte the lowest bit says that there is one, and the
    next that it is downwards; what is written where there is none is written over."""
    words, events, found, many = work.words, work.events, work.found, _found()
    for lane in range(LANES):
        many[lane] = lane * STRETCH
    for bar in range(size):
        word = words[ahead(bar)]
        if word != 0:
            for lane in range(LANES):
                way = word >> (8 * lane)
                events[ahead(many[lane])] = EVENT * (start + bar) + UP + (way >> 1 & 1) * (DOWN - UP)
                many[lane] += way & 1
    for lane in range(LANES):
        found[lane] = many[lane] - lane * STRETCH
