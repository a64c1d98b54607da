"""Entries that rest at a limit: placed at a close, filled bar by bar, priced anew, given up or sent at market."""

from services.trading.steps.book_layout import (
    AGE,
    BY_LIMIT,
    FEE,
    GIVEN_UP,
    INSIDE,
    LIMIT,
    MIN_NOTIONAL,
    NO_PRICE,
    NO_VOLUME,
    OFFSET_SHARE,
    OFFSET_TICKS,
    OPEN,
    PENDING,
    REPRICE_BARS,
    REPRICE_TIMES,
    REPRICED,
    REST,
    REST_SIDE,
    STEP_PART,
    STEP_SCALE,
    THEN_MARKET,
    TICK_PART,
    TICK_SCALE,
    TOO_SMALL,
)
from services.trading.steps.compiled import Floats, step
from services.trading.steps.exits import traded_through, worse
from services.trading.steps.grids import at, nearest, upwards, whole
from services.trading.steps.levels import stop_level
from services.trading.steps.orders import cleared, measured, opened, refused, takes
from services.trading.steps.sizes import free_at, payable


@step
def limit_price(terms: Floats, quote: float, side: float) -> float:
    """The quote moved in our favour by the offset, on the grid of prices, and rounded in our favour too."""
    part, scale = terms[TICK_PART], terms[TICK_SCALE]
    wanted = quote * (1.0 - side * terms[OFFSET_SHARE])
    ticks = whole(wanted, part, scale) if side > 0.0 else upwards(wanted, part, scale)
    return at(ticks - side * terms[OFFSET_TICKS], part, scale)


@step
def rests(book: Floats, terms: Floats, quote: float, side: float) -> None:
    """Place an entry at its limit, or refuse it; nothing of it is filled before the prices after this moment."""
    price = limit_price(terms, quote, side)
    steps = measured(book, terms, price, side)
    if steps > 0.0:
        cleared(book)
        book[REST], book[REST_SIDE], book[LIMIT] = steps, side, price


@step
def resting(book: Floats, terms: Floats, fills: Floats, open_: float, high: float, low: float, volume: float) -> None:
    """Fill what rests where the price trades through the limit by a tick, with its share of the bar's volume at most.

    What opens beyond the limit is filled at the open, which is better. A part below the minimum is not filled by
    itself; a rest below it is given up, for no exchange would take that alone.
    """
    if book[REST] == 0.0:
        return
    side, limit, part, scale = book[REST_SIDE], book[LIMIT], terms[TICK_PART], terms[TICK_SCALE]
    tick = part / scale
    if book[OPEN] != 0.0 and worse(side, open_, stop_level(book, terms)):
        return  # what was filled before is left by its stop at the open, and the rest with it
    if limit == 0.0 or not traded_through(side, limit, tick, low if side > 0.0 else high):
        return
    at_open = traded_through(side, limit, tick, open_)
    price = at(nearest(open_, part, scale), part, scale) if at_open else limit
    steps = min(book[REST], takes(terms, volume, price), payable(terms, price, free_at(book, price)))
    notional = at(steps, terms[STEP_PART], terms[STEP_SCALE]) * price
    if steps <= 0.0 or notional * (1.0 - terms[FEE]) < terms[MIN_NOTIONAL]:
        refused(book, NO_VOLUME if steps <= 0.0 else TOO_SMALL, side)
        return
    book[INSIDE] = 0.0 if at_open else 1.0
    opened(book, terms, fills, side, steps, price, BY_LIMIT)
    book[REST] -= steps
    if book[REST] <= 0.0 or at(book[REST], terms[STEP_PART], terms[STEP_SCALE]) * limit < terms[MIN_NOTIONAL]:
        cleared(book)


@step
def waited(book: Floats, terms: Floats, close: float) -> None:
    """A bar has closed on what rests: in time it is priced anew, and at last given up or sent at market."""
    if book[REST] == 0.0 or book[LIMIT] == 0.0:
        return
    book[AGE] += 1.0
    if book[AGE] < terms[REPRICE_BARS]:
        return
    book[AGE] = 0.0
    if book[REPRICED] < terms[REPRICE_TIMES]:
        _priced_anew(book, terms, close)
    elif terms[THEN_MARKET] > 0.0:
        book[PENDING], book[LIMIT] = book[REST_SIDE], 0.0
    else:
        called_off(book, GIVEN_UP)


@step
def called_off(book: Floats, why: float) -> None:
    """What rests is cancelled; what was filled of it stays."""
    if book[REST] > 0.0:
        refused(book, why, book[REST_SIDE])
        cleared(book)


@step
def _priced_anew(book: Floats, terms: Floats, close: float) -> None:
    side = book[REST_SIDE]
    price = limit_price(terms, close, side)
    if price <= 0.0:
        called_off(book, NO_PRICE)
        return
    book[REPRICED] += 1.0
    book[LIMIT] = price
    book[REST] = min(book[REST], payable(terms, price, free_at(book, price)))
