"""The book of one bot on one market, bar by bar: long, short or flat.

At the open what the last close decided is filled; within the bar limits, stops and targets are met; at the close the
next decision is taken. The conventions are those of the strategy's file; each is a number of ``terms``. A bar is
``before_close`` and ``at_close``; who has to do something between two fills takes their steps one by one.
"""

from services.trading.steps import exits
from services.trading.steps.book_layout import (
    AT_CLOSE,
    BARS_MISSING,
    BOTH,
    BY_LIMITS,
    BY_SIGNAL,
    BY_TARGET,
    BY_TURN,
    CALLED_OFF,
    CASH,
    COOL,
    FILLS,
    FUNDING,
    HELD,
    HIGH,
    INSIDE,
    LEFT,
    OPEN,
    OWED,
    PENDING,
    PLACED,
    REFUSED,
    REST,
    REST_SIDE,
    STOP_FIRST,
    TICK_PART,
    TICK_SCALE,
    TURNS,
)
from services.trading.steps.compiled import Floats, step
from services.trading.steps.levels import stop_level, stopped_by, target_price, watched
from services.trading.steps.orders import cleared, entered, left, limit_left, market_price, refused
from services.trading.steps.resting import called_off, resting, rests, waited


@step
def before_close(
    book: Floats, terms: Floats, fills: Floats, open_: float, high: float, low: float, volume: float, funding: float,
    stale: bool,
) -> None:  # fmt: skip
    """All of a bar but its close. ``funding`` is the rate due at its open; ``stale``: too many bars lack before it."""
    begin(book)
    if book[OPEN] == 0.0 and book[PENDING] == 0.0 and book[REST] == 0.0 and book[TURNS] == 0.0:
        return  # there is nothing that the bar could meet
    funded(book, open_, funding)
    opening(book, terms, fills, open_, stale)
    turning(book, terms, fills, open_)
    resting(book, terms, fills, open_, high, low, volume)
    within(book, terms, fills, open_, high, low, volume)


@step
def at_close(
    book: Floats, terms: Floats, fills: Floats, close: float, enters: float, leaves: bool, covers: bool, last: bool
) -> None:
    """The close of a bar, as ``closing`` has it."""
    closing(book, terms, fills, close, enters, leaves, covers, last)
    if terms[AT_CLOSE] > 0.0:
        turning(book, terms, fills, close)


@step
def begin(book: Floats) -> None:
    """A bar begins: nothing of it is filled, refused or left by a stop yet, and cooling down is a bar shorter."""
    book[FILLS], book[REFUSED], book[LEFT], book[INSIDE] = 0.0, PLACED, 0.0, 0.0
    if book[COOL] > 0.0:
        book[COOL] -= 1.0


@step
def funded(book: Floats, price: float, rate: float) -> None:
    """The funding of a perpetual future: who is long pays that share of the notional, who is short receives it."""
    if rate != 0.0 and book[OPEN] != 0.0:
        paid = book[HELD] * price * rate
        book[CASH] -= paid
        book[FUNDING] += paid


@step
def opening(book: Floats, terms: Floats, fills: Floats, open_: float, stale: bool) -> None:
    """Fill at the open what the last close decided; an entry is given up where too many bars are missing."""
    wanted = book[PENDING]
    book[PENDING] = 0.0
    if wanted != 0.0 and book[OPEN] == -wanted:
        left(book, terms, fills, market_price(terms, open_, wanted), BY_SIGNAL)
    elif wanted != 0.0 and not stale:
        entered(book, terms, fills, market_price(terms, open_, wanted), wanted, BY_SIGNAL)
    elif wanted != 0.0:
        cleared(book)
        refused(book, BARS_MISSING, wanted)
    if stale:
        called_off(book, BARS_MISSING)
        book[TURNS] = 0.0


@step
def turning(book: Floats, terms: Floats, fills: Floats, quote: float) -> None:
    """Enter the other way what was just left for it, unless it cools down."""
    side = book[TURNS]
    if side == 0.0 or book[PENDING] != 0.0:
        return
    book[TURNS] = 0.0
    if book[OPEN] != 0.0 or book[COOL] > 0.0:
        return
    if terms[BY_LIMITS] > 0.0:
        rests(book, terms, quote, side)
    else:
        entered(book, terms, fills, market_price(terms, quote, side), side, BY_TURN)


@step
def within(book: Floats, terms: Floats, fills: Floats, open_: float, high: float, low: float, volume: float) -> None:
    """Meet the stop or the target of a position that was open before this moment of the bar.

    After a limit that was filled within the bar, its stop alone is met: of the prices that speak for us nobody knows
    whether they came later, and of the one that met the limit and went on to the stop everybody does.
    """
    side = book[OPEN]
    if side == 0.0:
        return
    if not watched(book, terms):
        if book[INSIDE] == 0.0:
            book[HIGH] = max(book[HIGH], high)
        return
    best, worst = (high, low) if side > 0.0 else (low, high)
    tick, inside = terms[TICK_PART] / terms[TICK_SCALE], book[INSIDE] > 0.0
    level = stop_level(book, terms)
    target = 0.0 if inside else target_price(book, terms)
    met = exits.touched(side, level, target, tick, open_, best, worst, terms[STOP_FIRST] > 0.0)
    if exits.both(side, level, target, tick, open_, best, worst):
        book[BOTH] += 1.0
    if met == exits.STOP:
        beyond = exits.worse(side, open_, level) and not inside
        reason = stopped_by(book, terms)
        left(book, terms, fills, market_price(terms, open_ if beyond else level, -side), reason)
        book[LEFT], book[TURNS] = 1.0, 0.0
    elif met == exits.TARGET:
        beyond = exits.worse(-side, open_, target)
        cleared(book)
        limit_left(book, terms, fills, open_ if beyond else target, volume, BY_TARGET)
    if book[OPEN] != 0.0 and not inside:
        book[HIGH] = max(book[HIGH], high) if side > 0.0 else min(book[HIGH], low)


@step
def closing(
    book: Floats, terms: Floats, fills: Floats, close: float, enters: float, leaves: bool, covers: bool, last: bool
) -> None:
    """Decide at the close. ``enters``: which way the score asks for an entry that nothing forbids (0: none);
    ``leaves``: it asks to leave a long; ``covers``: it asks to leave a short.

    An exit is never held back. What the last bar decides is not filled.
    """
    side = book[OPEN]
    out = (leaves and max(side, book[REST_SIDE]) > 0.0) or (covers and min(side, book[REST_SIDE]) < 0.0)
    if out:
        called_off(book, CALLED_OFF)
    if side != 0.0 and out:
        book[PENDING] = -side
        book[TURNS] = enters if enters == -side else 0.0
    elif side == 0.0 and book[REST] == 0.0 and enters != 0.0 and book[LEFT] == 0.0 and book[COOL] == 0.0:
        if terms[BY_LIMITS] == 0.0:
            book[PENDING] = enters
        elif not last:
            rests(book, terms, close, enters)
    else:
        waited(book, terms, close)
    if terms[AT_CLOSE] == 0.0 or book[PENDING] == 0.0:
        return
    wanted = book[PENDING]
    book[PENDING] = 0.0
    if last:
        book[TURNS] = 0.0
    elif side == -wanted:
        left(book, terms, fills, market_price(terms, close, wanted), BY_SIGNAL)
    else:
        entered(book, terms, fills, market_price(terms, close, wanted), wanted, BY_SIGNAL)


@step
def equity(book: Floats, close: float) -> float:
    """Worth when the coins are marked at the close, without an exit fee."""
    return worth(book[CASH], book[HELD], book[OWED], close)


@step
def worth(cash: float, held: float, owed: float, close: float) -> float:
    """The same of a book's numbers."""
    return cash + held * close - owed
