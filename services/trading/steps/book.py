"""The book of one bot on one market, bar by bar. Long or flat.

At the open what the last close decided is filled; within the bar stops and targets are met; at the close the next
decision is taken. The conventions are those of the strategy's file; each is a number of ``terms``.
"""

from services.trading.steps import exits
from services.trading.steps.book_layout import (
    AT_CLOSE,
    BARS_MISSING,
    BOTH,
    BY_SIGNAL,
    BY_STOP,
    BY_TARGET,
    BY_TRAILING,
    CASH,
    COOL,
    ENTRY,
    FILLS,
    HELD,
    HIGH,
    LEFT,
    OPEN,
    PENDING,
    PLACED,
    REFUSED,
    STOP,
    STOP_FIRST,
    TARGET,
    TICK_PART,
    TICK_SCALE,
    TRAILING,
)
from services.trading.steps.compiled import Floats, step
from services.trading.steps.grids import at, nearest, upwards
from services.trading.steps.orders import bought, limit_sold, market_price, sold


@step
def begin(book: Floats) -> None:
    """A bar begins: nothing of it is filled, refused or left by a stop yet, and cooling down is a bar shorter."""
    book[FILLS], book[REFUSED], book[LEFT] = 0.0, PLACED, 0.0
    if book[COOL] > 0.0:
        book[COOL] -= 1.0


@step
def opening(book: Floats, terms: Floats, fills: Floats, open_: float, stale: bool) -> None:
    """Fill at the open what the last close decided; an entry is given up where too many bars are missing."""
    wanted = book[PENDING]
    book[PENDING] = 0.0
    if wanted > 0.0 and stale:
        book[REFUSED] = BARS_MISSING
    elif wanted > 0.0:
        bought(book, terms, fills, market_price(terms, open_, 1.0))
    elif wanted < 0.0:
        sold(book, terms, fills, market_price(terms, open_, -1.0), BY_SIGNAL)


@step
def stop_price(book: Floats, terms: Floats) -> float:
    """Where on the grid of prices the position's stop lies now; 0 for none."""
    part, scale = terms[TICK_PART], terms[TICK_SCALE]
    level = exits.stop_level(book[ENTRY], book[HIGH], terms[STOP], terms[TRAILING])
    return at(nearest(level, part, scale), part, scale)


@step
def target_price(book: Floats, terms: Floats) -> float:
    """Where on the grid of prices the position's target lies; 0 for none."""
    part, scale = terms[TICK_PART], terms[TICK_SCALE]
    return at(upwards(book[ENTRY] * (1.0 + terms[TARGET]), part, scale), part, scale) if terms[TARGET] > 0.0 else 0.0


@step
def watches(terms: Floats) -> bool:
    """Whether a position is left within a bar at all."""
    return terms[STOP] > 0.0 or terms[TRAILING] > 0.0 or terms[TARGET] > 0.0


@step
def within(book: Floats, terms: Floats, fills: Floats, open_: float, high: float, low: float, volume: float) -> None:
    """Meet the stop or the target of a position that was open before this moment of the bar."""
    if book[OPEN] == 0.0:
        return
    if not watches(terms):
        book[HIGH] = max(book[HIGH], high)
        return
    entry, highest = book[ENTRY], book[HIGH]
    level, target = stop_price(book, terms), target_price(book, terms)
    tick = terms[TICK_PART] / terms[TICK_SCALE]
    met = exits.touched(level, target, tick, open_, high, low, terms[STOP_FIRST] > 0.0)
    if exits.both(level, target, tick, open_, high, low):
        book[BOTH] += 1.0
    if met == exits.STOP:
        trails = exits.trails(entry, highest, terms[STOP], terms[TRAILING])
        price = market_price(terms, min(open_, level), -1.0)
        sold(book, terms, fills, price, BY_TRAILING if trails else BY_STOP)
        book[LEFT] = 1.0
    elif met == exits.TARGET:
        limit_sold(book, terms, fills, max(open_, target), volume, BY_TARGET)
    book[HIGH] = max(highest, high)


@step
def closing(book: Floats, terms: Floats, fills: Floats, close: float, enters: bool, leaves: bool, last: bool) -> None:
    """Decide at the close. ``enters``: the score asks for an entry that nothing forbids; ``leaves``: for an exit.

    An exit is never held back. What the last bar decides is not filled.
    """
    holding = book[OPEN] > 0.0
    if holding and leaves:
        book[PENDING] = -1.0
    elif not holding and enters and book[LEFT] == 0.0 and book[COOL] == 0.0:
        book[PENDING] = 1.0
    if terms[AT_CLOSE] == 0.0 or book[PENDING] == 0.0:
        return
    wanted = book[PENDING]
    book[PENDING] = 0.0
    if last:
        return
    if wanted > 0.0:
        bought(book, terms, fills, market_price(terms, close, 1.0))
    else:
        sold(book, terms, fills, market_price(terms, close, -1.0), BY_SIGNAL)


@step
def equity(book: Floats, close: float) -> float:
    """Worth when the coins are marked at the close, without an exit fee."""
    return worth(book[CASH], book[HELD], close)


@step
def worth(cash: float, held: float, close: float) -> float:
    """The same of a cash and coins."""
    return cash + held * close
