"""A book over all bars, of which only those are gone through at which something can happen.

That is each bar after a decision, each that asks for an entry while there is no position, or for an exit while there
is one, and each that touches a stop or target. At every other bar the steps of the book change nothing but two numbers,
which are brought up to date here: how long it cools down, and the highest price of the position's earlier bars.
"""

from services.trading.kernel.crossings import DOWN, UP
from services.trading.steps.book import begin, closing, opening, stop_price, target_price, watches, within
from services.trading.steps.book_layout import (
    CASH,
    COOL,
    FEE_IN_BASE,
    FILL,
    FILLS,
    HELD,
    HIGH,
    OPEN,
    PAID,
    PENDING,
    PRICE,
    QUANTITY,
    REFUSED,
    SIDE,
    STOP_FIRST,
    TICK_PART,
    TICK_SCALE,
    TRAILING,
)
from services.trading.steps.compiled import Floats, Integers, step
from services.trading.steps.exits import NONE, touched

SPELL = 3
"""A spell: from the close of which bar on the book holds what; its cash; its coins."""
TRADES, WON, WINS, LOSSES, EXPOSED = 0, 1, 2, 3, 4
"""Round trips that were closed; those with a profit; the sum of the profits, of the losses; the bars they were held."""
TRADED, FILLED, TRIP, SINCE, PROFIT = 5, 6, 7, 8, 9
"""Notional of all fills, and their number; 1 within a round trip, the bar that it began at, what it has earned."""
REFUSALS = 10
"""How often an order was not placed, by its reason, from here on."""
TALLY = 20
LOGGED = 1 + FILL
"""A fill that is written down: its bar, and its row."""


@step
def traded(
    book: Floats, terms: Floats, rows: Floats, opens: Floats, highs: Floats, lows: Floats, closes: Floats,
    volumes: Floats, stale: Integers, count: int, events: Integers, found: int, spells: Floats, tally: Floats,
    logs: bool, log: Floats,
) -> int:  # fmt: skip
    """Trade by the ``events``, oldest first; returns how many ``spells`` there were."""
    guarded = watches(terms)
    seen, place, down, spell = 0, 0, 0, 1
    spells[0], spells[1], spells[2] = 0.0, book[CASH], book[HELD]
    while True:
        bar = seen
        if book[PENDING] == 0.0:
            if book[OPEN] > 0.0:
                down = next_event(events, found, max(down, place), seen, DOWN)
                bar = events[down] >> 2 if down < found else count
                if guarded:
                    bar = next_touched(book, terms, opens, highs, lows, seen, bar)
            else:
                place = next_event(events, found, place, seen, UP)
                bar = events[place] >> 2 if place < found else count
        if bar >= count:
            return spell
        if book[COOL] > 0.0:
            book[COOL] = max(book[COOL] - (bar - seen), 0.0)
        begin(book)
        opening(book, terms, rows, opens[bar], stale[bar] != 0)
        written = counted(book, terms, rows, bar, 0, tally, logs, log)
        within(book, terms, rows, opens[bar], highs[bar], lows[bar], volumes[bar])
        written = counted(book, terms, rows, bar, written, tally, logs, log)
        while place < found and events[place] >> 2 < bar:
            place += 1
        asks = events[place] & (UP + DOWN) if place < found and events[place] >> 2 == bar else 0
        closing(book, terms, rows, closes[bar], asks & UP != 0, asks & DOWN != 0, bar == count - 1)
        written = counted(book, terms, rows, bar, written, tally, logs, log)
        if book[REFUSED] > 0.0:
            tally[REFUSALS + int(book[REFUSED])] += 1.0
        if written > 0:
            if spells[(spell - 1) * SPELL] == bar:
                spell -= 1
            spells[spell * SPELL] = bar
            spells[spell * SPELL + 1], spells[spell * SPELL + 2] = book[CASH], book[HELD]
            spell += 1
        seen = bar + 1


@step
def next_event(events: Integers, found: int, place: int, seen: int, asked: int) -> int:
    """The place of the first event from ``place`` on that is no earlier than the bar ``seen`` and asks for that."""
    while place < found and (events[place] >> 2 < seen or events[place] & asked == 0):
        place += 1
    return place


@step
def next_touched(
    book: Floats, terms: Floats, opens: Floats, highs: Floats, lows: Floats, start: int, stop: int
) -> int:
    """The first bar from ``start`` on that touches the position's stop or target, or ``stop``."""
    level, target = stop_price(book, terms), target_price(book, terms)
    tick, stop_first = terms[TICK_PART] / terms[TICK_SCALE], terms[STOP_FIRST] > 0.0
    for bar in range(start, stop):
        if touched(level, target, tick, opens[bar], highs[bar], lows[bar], stop_first) != NONE:
            return bar
        if highs[bar] > book[HIGH]:
            book[HIGH] = highs[bar]
            if terms[TRAILING] > 0.0:
                level = stop_price(book, terms)
    return stop


@step
def counted(
    book: Floats, terms: Floats, rows: Floats, bar: int, written: int, tally: Floats, logs: bool, log: Floats
) -> int:
    """Take account of the fill that has come since ``written`` were there, if any; returns how many there are now."""
    filled = int(book[FILLS])
    if filled == written:
        return filled
    row = written * FILL
    side, notional = rows[row + SIDE], rows[row + QUANTITY] * rows[row + PRICE]
    paid = 0.0 if terms[FEE_IN_BASE] > 0.0 and side > 0.0 else rows[row + PAID]
    if logs:
        start = int(tally[FILLED]) * LOGGED
        log[start] = bar
        for part in range(FILL):
            log[start + 1 + part] = rows[row + part]
    if tally[TRIP] == 0.0:
        tally[TRIP], tally[SINCE], tally[PROFIT] = 1.0, bar, 0.0
    tally[FILLED] += 1.0
    tally[TRADED] += notional
    tally[PROFIT] += -side * notional - paid
    if book[OPEN] == 0.0:
        ended(tally, bar)
    return filled


@step
def ended(tally: Floats, bar: int) -> None:
    """A round trip is over."""
    profit = tally[PROFIT]
    tally[TRIP] = 0.0
    tally[TRADES] += 1.0
    tally[EXPOSED] += bar - tally[SINCE]
    if profit > 0.0:
        tally[WON] += 1.0
        tally[WINS] += profit
    else:
        tally[LOSSES] -= profit
