"""A book over all bars, of which only those are gone through at which something can happen.

That is each bar after a decision and while an entry rests, each that asks for an entry while there is no position, or
for an exit while there is one, each that touches a stop or target, and each at which funding is due. At every other bar
the steps of the book change nothing but two numbers, which are brought up to date here: how long it cools down, and the
best price of the position's earlier bars. And where a bar only asks for something, nothing happens before its close.
"""

from math import inf

from services.trading.kernel.crossings import COVER, DOWN, EVENT, SHORT, UP
from services.trading.kernel.layout import Books, Tape, Workroom
from services.trading.kernel.local import ahead, room
from services.trading.kernel.tape import LEAP
from services.trading.steps.book import at_close, before_close, begin
from services.trading.steps.book_layout import (
    AFTER,
    BOOK,
    CASH,
    COOL,
    FEE_IN_BASE,
    FILL,
    FILLS,
    FUNDED,
    HELD,
    HIGH,
    MOST_FILLS,
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
    TERMS,
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
SEEN, DUE = 10, 11
"""The first bar that is not gone through yet, and the place of the first funding that may lie after it."""
TRIPS = 12
REFUSALS = 12
"""How often an order was not placed, by its reason, from here on."""
TALLY = 32
LOGGED = 1 + FILL
"""A fill that is written down: its bar, and its row."""
_book, _terms, _rows, _trips = room(BOOK), room(TERMS), room(FILL * MOST_FILLS), room(TRIPS)


@step
def traded(books: Books, one: int, tape: Tape, stop: int, work: Workroom, first: int, end: int) -> int:
    """Trade a strategy up to before the bar ``stop``, by the events of ``work`` from ``first`` to before ``end``,
    oldest first; returns how many spells there were since the bar it went on from."""
    book, terms, rows, trips = _book(), _terms(), _rows(), _trips()
    book_at, terms_at, tally_at = one * BOOK, one * TERMS, one * TALLY
    events, spells, tallies = work.events, work.spells, books.tallies
    for place in range(BOOK):
        book[place] = books.books[book_at + place]
    for place in range(TERMS):
        terms[place] = books.terms[terms_at + place]
    for place in range(TRIPS):
        trips[place] = tallies[tally_at + place]
    seen, due = int(trips[SEEN]), int(trips[DUE])
    asked, exit_, spell = first, first, 1
    put_spell(spells, 0, seen, book)
    while True:
        bar, side = seen, book[OPEN]
        meets = book[PENDING] != 0.0 or book[REST] != 0.0 or book[TURNS] != 0.0
        if not meets and side == 0.0:
            asked = next_event(events, end, asked, seen, UP + SHORT)
            bar = min(events[ahead(asked)] // EVENT, stop) if asked < end else stop
        elif not meets:
            exit_ = next_event(events, end, max(exit_, asked), seen, DOWN if side > 0.0 else COVER)
            bar = min(events[ahead(exit_)] // EVENT, stop) if exit_ < end else stop
            if tape.due_count > 0:
                while due < tape.due_count and tape.dues[due] < seen:
                    due += 1
                meets = due < tape.due_count and tape.dues[due] <= bar
                bar = tape.dues[due] if meets else bar
            if watched(book, terms):
                last = bar if meets else min(bar + 1, stop)
                near = next_touched(book, terms, tape, seen, last)
                bar, meets = min(bar, near), meets or near < last
        if book[COOL] > 0.0:
            book[COOL] = max(book[COOL] - (bar - seen), 0.0)
        if bar >= stop:
            break
        cash, place = book[CASH], ahead(bar)
        if meets:
            open_, high, low, volume = tape.opens[place], tape.highs[place], tape.lows[place], tape.volumes[place]
            rate = tape.funding[place] if tape.due_count > 0 else 0.0
            before_close(book, terms, rows, open_, high, low, volume, rate, tape.stale[place] != 0)
        else:
            begin(book)
        if terms[VOLATILITY_TARGET] > 0.0:
            book[VOLATILITY] = tape.spreads[place]
        asked = next_event(events, end, asked, bar, EVENT - 1)
        asks = events[ahead(asked)] % EVENT if asked < end and events[ahead(asked)] // EVENT == bar else 0
        enters = (1.0 if asks & UP != 0 else 0.0) - (1.0 if asks & SHORT != 0 else 0.0)
        leaves, covers, last_of_all = asks & DOWN != 0, asks & COVER != 0, bar == tape.bars - 1
        at_close(book, terms, rows, tape.closes[place], enters, leaves, covers, last_of_all)
        if book[REFUSED] > 0.0:
            tallies[tally_at + REFUSALS + int(book[REFUSED])] += 1.0
        if book[FILLS] > 0.0 or book[CASH] != cash:
            counted(book, terms, rows, bar, trips, books)
            spell -= 1 if spells[ahead((spell - 1) * SPELL)] == bar else 0
            put_spell(spells, spell, bar, book)
            spell += 1
        seen = bar + 1
    trips[SEEN], trips[DUE] = stop, due
    for place in range(BOOK):
        books.books[book_at + place] = book[place]
    for place in range(TRIPS):
        tallies[tally_at + place] = trips[place]
    return spell


@step
def put_spell(spells: Floats, spell: int, bar: int, book: Floats) -> None:
    """From this bar's close on the book holds what it holds now."""
    start = spell * SPELL
    spells[ahead(start)], spells[ahead(start + 1)] = bar, book[CASH]
    spells[ahead(start + 2)], spells[ahead(start + 3)] = book[HELD], book[OWED]


@step
def next_event(events: Integers, end: int, place: int, seen: int, asked: int) -> int:
    """The place of the first event from ``place`` on that is no earlier than the bar ``seen`` and asks for that."""
    while place < end and (events[ahead(place)] // EVENT < seen or events[ahead(place)] & asked == 0):
        place += 1
    return place


@step
def next_touched(book: Floats, terms: Floats, tape: Tape, start: int, stop: int) -> int:
    """The first bar from ``start`` on that touches the position's stop or target, or ``stop``."""
    side, level, target = book[OPEN], stop_level(book, terms), target_price(book, terms)
    tick, stop_first, trails = terms[TICK_PART] / terms[TICK_SCALE], terms[STOP_FIRST] > 0.0, terms[TRAILING] > 0.0
    opens, highs, lows, bar = tape.opens, tape.highs, tape.lows, start
    while True:
        if not trails:  # its levels stay where they are, and it need not know the best price
            bar = next_near(side, level, target, tape, bar, stop)
        if bar >= stop:
            return stop
        best, worst = (highs[bar], lows[bar]) if side > 0.0 else (lows[bar], highs[bar])
        if touched(side, level, target, tick, opens[bar], best, worst, stop_first) != NONE:
            return bar
        if trails and (best - book[HIGH]) * side > 0.0:
            book[HIGH] = best
            level = stop_level(book, terms)
        bar += 1


@step
def next_near(side: float, level: float, target: float, tape: Tape, bar: int, stop: int) -> int:
    """The first bar from ``bar`` on that comes to one of the levels, or ``stop``. Only such a bar can touch them: a
    target asks for the open there, or for a tick more. Bars none of which comes there are passed at once."""
    long = side > 0.0
    floor, above = (level, target) if long else (target, level)
    ceiling = above if above > 0.0 else inf
    while bar < stop:
        if tape.lowest[ahead(bar)] > floor and tape.highest[ahead(bar)] < ceiling:
            bar += LEAP
            continue
        open_, high, low = tape.opens[ahead(bar)], tape.highs[ahead(bar)], tape.lows[ahead(bar)]
        most, least = (max(open_, high), low) if long else (high, min(open_, low))
        if not (least > floor and most < ceiling):
            return bar
        bar += 1
    return stop


@step
def counted(book: Floats, terms: Floats, rows: Floats, bar: int, trips: Floats, books: Books) -> None:
    """Take account of the fills of a bar."""
    for number in range(int(book[FILLS])):
        row = number * FILL
        side, notional = rows[row + SIDE], rows[row + QUANTITY] * rows[row + PRICE]
        paid = 0.0 if terms[FEE_IN_BASE] > 0.0 and side > 0.0 else rows[row + PAID]
        if books.logs:
            start = int(trips[FILLED]) * LOGGED
            books.log[start] = bar
            for part in range(FILL):
                books.log[start + 1 + part] = rows[row + part]
        if trips[TRIP] == 0.0:
            trips[TRIP], trips[SINCE], trips[PROFIT] = 1.0, bar, 0.0
        trips[FILLED] += 1.0
        trips[TRADED] += notional
        trips[PROFIT] += -side * notional - paid - rows[row + FUNDED]
        if rows[row + AFTER] == 0.0:
            ended(trips, bar)


@step
def ended(trips: Floats, bar: int) -> None:
    """A round trip is over. Whether it won is as good as chance, so nothing is left out by it: no processor foresees
    such a jump."""
    profit = trips[PROFIT]
    trips[TRIP] = 0.0
    trips[TRADES] += 1.0
    trips[EXPOSED] += bar - trips[SINCE]
    trips[WON] += 1.0 if profit > 0.0 else 0.0
    trips[WINS] += profit if profit > 0.0 else 0.0
    trips[LOSSES] -= profit if profit <= 0.0 else 0.0
