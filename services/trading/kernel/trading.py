"""A book over all bars, of which only those are gone through at which something can happen.

That is each bar after a decision and while an entry rests, each that asks for an entry while there is no position, or
for an exit while there is one, each that touches a stop or target, and each at which funding is due. At every other bar
the steps of the book change nothing but two numbers, which are brought up to date here: how long it cools down, and the
best price of the position's earlier bars.
"""

from services.trading.kernel.crossings import COVER, DOWN, EVENT, SHORT, UP
from services.trading.steps.book import at_close, before_close
from services.trading.steps.book_layout import (
    AFTER,
    CASH,
    COOL,
    FEE_IN_BASE,
    FILL,
    FILLS,
    FUNDED,
    HELD,
    HIGH,
    OPEN,
    OWED,
    PAID,
    PENDING,
    PRICE,
    QUANTITY,
    REFUSED,
    REST,
    SIDE,
    STOP_FIRST,
    TICK_PART,
    TICK_SCALE,
    TRAILING,
    TURNS,
    VOLATILITY,
    VOLATILITY_TARGET,
)
from services.trading.steps.compiled import Floats, Integers, step
from services.trading.steps.exits import NONE, touched
from services.trading.steps.levels import stop_level, target_price, watched

SPELL = 4
"""A spell: from the close of which bar on the book holds what; its cash; its coins; what it owes."""
TRADES, WON, WINS, LOSSES, EXPOSED = 0, 1, 2, 3, 4
"""Round trips that were closed; those with a profit; the sum of the profits, of the losses; the bars they were held."""
TRADED, FILLED, TRIP, SINCE, PROFIT = 5, 6, 7, 8, 9
"""Notional of all fills, and their number; 1 within a round trip, the bar that it began at, what it has earned."""
REFUSALS = 10
"""How often an order was not placed, by its reason, from here on."""
TALLY = 30
LOGGED = 1 + FILL
"""A fill that is written down: its bar, and its row."""


@step
def traded(
    book: Floats, terms: Floats, rows: Floats, opens: Floats, highs: Floats, lows: Floats, closes: Floats,
    volumes: Floats, funding: Floats, dues: Integers, due_count: int, stale: Integers, spreads: Floats, count: int,
    events: Integers, found: int, spells: Floats, tally: Floats, logs: bool, log: Floats,
) -> int:  # fmt: skip
    """Trade by the ``events``, oldest first; returns how many ``spells`` there were.

    ``dues`` are the bars at which ``funding`` is due. ``spreads`` is read where the sizing has a target of volatility.
    """
    seen, place, exit_, due, spell = 0, 0, 0, 0, 1
    put_spell(spells, 0, 0, book)
    while True:
        bar = seen
        side = book[OPEN]
        if book[PENDING] == 0.0 and book[REST] == 0.0 and book[TURNS] == 0.0:
            if side == 0.0:
                place = next_event(events, found, place, seen, UP + SHORT)
                bar = events[place] // EVENT if place < found else count
            else:
                exit_ = next_event(events, found, max(exit_, place), seen, DOWN if side > 0.0 else COVER)
                bar = events[exit_] // EVENT if exit_ < found else count
                if due_count > 0:
                    while due < due_count and dues[due] < seen:
                        due += 1
                    bar = min(bar, dues[due]) if due < due_count else bar
                if watched(book, terms):
                    bar = next_touched(book, terms, opens, highs, lows, seen, bar)
        if bar >= count:
            return spell
        if book[COOL] > 0.0:
            book[COOL] = max(book[COOL] - (bar - seen), 0.0)
        prices = opens[bar], highs[bar], lows[bar], volumes[bar], funding[bar] if due_count > 0 else 0.0
        cash = book[CASH]
        before_close(book, terms, rows, prices[0], prices[1], prices[2], prices[3], prices[4], stale[bar] != 0)
        if terms[VOLATILITY_TARGET] > 0.0:
            book[VOLATILITY] = spreads[bar]
        place = next_event(events, found, place, bar, EVENT - 1)
        asks = events[place] % EVENT if place < found and events[place] // EVENT == bar else 0
        enters = (1.0 if asks & UP != 0 else 0.0) - (1.0 if asks & SHORT != 0 else 0.0)
        at_close(book, terms, rows, closes[bar], enters, asks & DOWN != 0, asks & COVER != 0, bar == count - 1)
        if book[REFUSED] > 0.0:
            tally[REFUSALS + int(book[REFUSED])] += 1.0
        if book[FILLS] > 0.0 or book[CASH] != cash:
            counted(book, terms, rows, bar, tally, logs, log)
            spell -= 1 if spells[(spell - 1) * SPELL] == bar else 0
            put_spell(spells, spell, bar, book)
            spell += 1
        seen = bar + 1


@step
def put_spell(spells: Floats, spell: int, bar: int, book: Floats) -> None:
    """From this bar's close on the book holds what it holds now."""
    start = spell * SPELL
    spells[start], spells[start + 1] = bar, book[CASH]
    spells[start + 2], spells[start + 3] = book[HELD], book[OWED]


@step
def next_event(events: Integers, found: int, place: int, seen: int, asked: int) -> int:
    """The place of the first event from ``place`` on that is no earlier than the bar ``seen`` and asks for that."""
    while place < found and (events[place] // EVENT < seen or events[place] & asked == 0):
        place += 1
    return place


@step
def next_touched(book: Floats, terms: Floats, opens: Floats, highs: Floats, lows: Floats, start: int, stop: int) -> int:
    """The first bar from ``start`` on that touches the position's stop or target, or ``stop``."""
    side, level, target = book[OPEN], stop_level(book, terms), target_price(book, terms)
    tick, stop_first = terms[TICK_PART] / terms[TICK_SCALE], terms[STOP_FIRST] > 0.0
    for bar in range(start, stop):
        best, worst = (highs[bar], lows[bar]) if side > 0.0 else (lows[bar], highs[bar])
        if touched(side, level, target, tick, opens[bar], best, worst, stop_first) != NONE:
            return bar
        if (best - book[HIGH]) * side > 0.0:
            book[HIGH] = best
            if terms[TRAILING] > 0.0:
                level = stop_level(book, terms)
    return stop


@step
def counted(book: Floats, terms: Floats, rows: Floats, bar: int, tally: Floats, logs: bool, log: Floats) -> None:
    """Take account of the fills of a bar."""
    for number in range(int(book[FILLS])):
        row = number * FILL
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
        tally[PROFIT] += -side * notional - paid - rows[row + FUNDED]
        if rows[row + AFTER] == 0.0:
            ended(tally, bar)


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
