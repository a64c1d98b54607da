"""How the book trades: what an order is filled with, and what it leaves in the book."""

from services.trading.steps.book_layout import (
    AFTER,
    AGE,
    AMONG_FILLS,
    CASH,
    COOL,
    COOL_DOWN,
    ENTERED,
    ENTRY,
    FEE,
    FEE_IN_BASE,
    FEE_IN_OTHER,
    FEES,
    FILL,
    FILLS,
    FUNDED,
    FUNDING,
    HELD,
    HIGH,
    LIMIT,
    LIMIT_SHARE,
    MARGIN,
    MIN_NOTIONAL,
    NO_PRICE,
    NO_VOLATILITY,
    NO_VOLUME,
    NOT_ONE_STEP,
    OPEN,
    OWED,
    PAID,
    PLACED,
    PRICE,
    QUANTITY,
    REASON,
    REFUSED,
    REFUSED_SIDE,
    REPRICED,
    REST,
    REST_SIDE,
    SIDE,
    SLIPPAGE_TICKS,
    STEP_PART,
    STEP_SCALE,
    TICK_PART,
    TICK_SCALE,
    TOO_SMALL,
    VOLUME_IN_QUOTE,
)
from services.trading.steps.compiled import Floats, step
from services.trading.steps.grids import at, nearest, whole
from services.trading.steps.sizes import free_at, payable, quote_fee, sized


@step
def market_price(terms: Floats, quote: float, side: float) -> float:
    """The quote on the grid of prices, moved against us by the slippage; 0 or less where nothing is left of it."""
    ticks = nearest(quote, terms[TICK_PART], terms[TICK_SCALE]) + side * terms[SLIPPAGE_TICKS]
    return at(ticks, terms[TICK_PART], terms[TICK_SCALE])


@step
def refusal(quantity: float, price: float, least: float, terms: Floats) -> float:
    """Why this cannot be traded; ``least`` is the notional that has to reach the minimum."""
    if price <= 0.0:
        return NO_PRICE
    if quantity <= 0.0:
        return NOT_ONE_STEP
    return TOO_SMALL if least < terms[MIN_NOTIONAL] else PLACED


@step
def refused(book: Floats, why: float, side: float) -> None:
    """An order of this bar is not placed, or is no more."""
    book[REFUSED], book[REFUSED_SIDE] = why, side


@step
def measured(book: Floats, terms: Floats, price: float, side: float) -> float:
    """The steps of a whole entry at that price; 0 where it is refused, and the book says why. A position that could not
    be left again for being too small is not entered."""
    if price <= 0.0:
        refused(book, NO_PRICE, side)
        return 0.0
    steps = sized(book, terms, price)
    if steps < 0.0:
        refused(book, NO_VOLATILITY, side)
        return 0.0
    quantity = at(steps, terms[STEP_PART], terms[STEP_SCALE])
    why = refusal(quantity, price, quantity * price * (1.0 - terms[FEE]), terms)
    refused(book, why, side)
    return steps if why == PLACED else 0.0


@step
def entered(book: Floats, terms: Floats, fills: Floats, price: float, side: float, reason: float) -> None:
    """Enter at market: with what a limit left over, or whole; or refuse, and say why."""
    steps = book[REST]
    cleared(book)
    if steps == 0.0:
        steps = measured(book, terms, price, side)
    elif price <= 0.0:
        refused(book, NO_PRICE, side)
        steps = 0.0
    else:
        steps = min(steps, payable(terms, price, free_at(book, price)))
        quantity = at(steps, terms[STEP_PART], terms[STEP_SCALE])
        why = refusal(quantity, price, quantity * price * (1.0 - terms[FEE]), terms)
        refused(book, why, side)
        steps = steps if why == PLACED else 0.0
    if steps > 0.0:
        opened(book, terms, fills, side, steps, price, reason)


@step
def opened(book: Floats, terms: Floats, fills: Floats, side: float, steps: float, price: float, reason: float) -> None:
    """So many steps are entered, beside those that were before."""
    quantity = at(steps, terms[STEP_PART], terms[STEP_SCALE])
    notional = quantity * price
    fee, paid = notional * terms[FEE], notional * quote_fee(terms)
    if side > 0.0:
        book[CASH] -= notional + paid
        book[HELD] += quantity * (1.0 - terms[FEE]) if terms[FEE_IN_BASE] > 0.0 else quantity
    else:
        book[CASH] += notional - paid
        book[HELD] -= quantity
    if book[OPEN] == 0.0:
        book[ENTRY], book[HIGH], book[ENTERED] = price, price, quantity
    else:
        whole_entry = book[ENTERED] + quantity
        book[ENTRY] = (book[ENTRY] * book[ENTERED] + notional) / whole_entry
        book[ENTERED] = whole_entry
    book[OPEN] = side
    written(book, terms, fills, side, quantity, price, fee, reason)


@step
def left(book: Floats, terms: Floats, fills: Floats, price: float, reason: float) -> None:
    """Leave with every whole step that is held. What cannot be sold for being too little stays as dust, and the
    position is over all the same: nothing waits for ever for an exit that no exchange would take."""
    steps = whole(abs(book[HELD]), terms[STEP_PART], terms[STEP_SCALE])
    count = book[FILLS]
    _leave(book, terms, fills, steps, price, reason)
    _over(book, terms)
    if book[FILLS] > count:
        fills[(int(count) & AMONG_FILLS) * FILL + AFTER] = 0.0


@step
def limit_left(book: Floats, terms: Floats, fills: Floats, price: float, volume: float, reason: float) -> None:
    """Leave by a limit order, which takes its share of the bar's volume at most; the rest stays open."""
    held = whole(abs(book[HELD]), terms[STEP_PART], terms[STEP_SCALE])
    steps = min(held, takes(terms, volume, price))
    if steps <= 0.0 < held:
        refused(book, NO_VOLUME, -book[OPEN])
        return
    count = book[FILLS]
    _leave(book, terms, fills, steps, price, reason)
    remains = at(held - steps, terms[STEP_PART], terms[STEP_SCALE]) * price
    if steps == held or (terms[MARGIN] == 0.0 and remains < terms[MIN_NOTIONAL]):
        _over(book, terms)
        if book[FILLS] > count:
            fills[(int(count) & AMONG_FILLS) * FILL + AFTER] = 0.0


@step
def takes(terms: Floats, volume: float, price: float) -> float:
    """The steps that a limit order may take of a bar's volume."""
    base = volume / price if terms[VOLUME_IN_QUOTE] > 0.0 else volume
    return whole(base * terms[LIMIT_SHARE], terms[STEP_PART], terms[STEP_SCALE])


@step
def cleared(book: Floats) -> None:
    """Nothing of an entry rests any more."""
    book[REST], book[REST_SIDE], book[LIMIT], book[AGE], book[REPRICED] = 0.0, 0.0, 0.0, 0.0, 0.0


@step
def _leave(book: Floats, terms: Floats, fills: Floats, steps: float, price: float, reason: float) -> None:
    side = -book[OPEN]
    quantity = at(steps, terms[STEP_PART], terms[STEP_SCALE])
    notional = quantity * price
    why = refusal(quantity, price, terms[MIN_NOTIONAL] if terms[MARGIN] > 0.0 else notional, terms)
    refused(book, why, side)
    if why != PLACED:
        return
    fee = notional * terms[FEE]
    paid = 0.0 if terms[FEE_IN_OTHER] > 0.0 else fee
    if side < 0.0:
        book[CASH] += notional - paid
        book[HELD] = max(book[HELD] - quantity, 0.0)
    else:
        book[CASH] -= notional + paid
        rest = book[HELD] + quantity
        # A short is of whole steps: less than half of one is a rounding of the sum, and no debt.
        book[HELD] = rest if rest < -0.5 * terms[STEP_PART] / terms[STEP_SCALE] else 0.0
    written(book, terms, fills, side, quantity, price, fee, reason)


@step
def _over(book: Floats, terms: Floats) -> None:
    book[OPEN], book[ENTRY], book[HIGH], book[ENTERED] = 0.0, 0.0, 0.0, 0.0
    book[COOL] = terms[COOL_DOWN] + 1.0 if terms[COOL_DOWN] > 0.0 else 0.0  # this bar, and so many after it
    cleared(book)


@step
def written(
    book: Floats, terms: Floats, fills: Floats, side: float, quantity: float, price: float, fee: float, reason: float
) -> None:
    """A fill is taken down; the funding since the one before is told with it."""
    start = (int(book[FILLS]) & AMONG_FILLS) * FILL
    fills[start + SIDE], fills[start + QUANTITY], fills[start + PRICE] = side, quantity, price
    fills[start + PAID], fills[start + REASON] = fee, reason
    fills[start + FUNDED], fills[start + AFTER] = book[FUNDING], book[HELD]
    book[FUNDING] = 0.0
    book[FILLS] += 1.0
    book[FEES] += fee
    if terms[FEE_IN_OTHER] > 0.0:
        book[OWED] += fee
