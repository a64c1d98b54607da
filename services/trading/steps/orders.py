"""How the book trades: what an order is filled with, and what it leaves in the book."""

from services.trading.steps.book_layout import (
    BY_SIGNAL,
    CASH,
    COOL,
    COOL_DOWN,
    ENTRY,
    FEE,
    FEE_IN_BASE,
    FEES,
    FILL,
    FILLS,
    FIXED,
    HELD,
    HIGH,
    LIMIT_SHARE,
    MIN_NOTIONAL,
    NO_PRICE,
    NO_VOLUME,
    NOT_ONE_STEP,
    OPEN,
    PAID,
    PLACED,
    PRICE,
    QUANTITY,
    REASON,
    REFUSED,
    SHARE,
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
from services.trading.steps.costs import affordable
from services.trading.steps.grids import at, nearest, whole


@step
def market_price(terms: Floats, quote: float, side: float) -> float:
    """The quote on the grid of prices, moved against us by the slippage; 0 or less where nothing is left of it."""
    ticks = nearest(quote, terms[TICK_PART], terms[TICK_SCALE]) + side * terms[SLIPPAGE_TICKS]
    return at(ticks, terms[TICK_PART], terms[TICK_SCALE])


@step
def bought(book: Floats, terms: Floats, fills: Floats, price: float) -> None:
    """Enter: as many steps as the sizing pays, short of cash as many as the cash pays; or refuse, and say why."""
    rate = terms[FEE]
    budget = min(terms[FIXED], book[CASH]) if terms[FIXED] > 0.0 else book[CASH] * terms[SHARE]
    # A fee in base is taken of the coins, so the cash pays the notional alone.
    paid = 0.0 if terms[FEE_IN_BASE] > 0.0 else rate
    if price <= 0.0:
        book[REFUSED] = NO_PRICE
        return
    steps = affordable(budget, price, paid, terms[STEP_PART], terms[STEP_SCALE])
    quantity = at(steps, terms[STEP_PART], terms[STEP_SCALE])
    refused = refusal(quantity, price, quantity * price * (1.0 - rate), terms)
    book[REFUSED] = refused
    if refused != PLACED:
        return
    notional = quantity * price
    fee = notional * rate
    book[CASH] -= notional + (notional * paid)
    book[HELD] += quantity * (1.0 - rate) if terms[FEE_IN_BASE] > 0.0 else quantity
    book[OPEN], book[ENTRY], book[HIGH] = 1.0, price, price
    _written(book, fills, 1.0, quantity, price, fee, BY_SIGNAL)


@step
def sold(book: Floats, terms: Floats, fills: Floats, price: float, reason: float) -> None:
    """Leave with every whole step that is held. What cannot be sold for being too little stays as dust, and the
    position is over all the same: nothing waits for ever for an exit that no exchange would take."""
    steps = whole(book[HELD], terms[STEP_PART], terms[STEP_SCALE])
    _sell(book, terms, fills, steps, price, reason)
    _over(book, terms)


@step
def limit_sold(book: Floats, terms: Floats, fills: Floats, price: float, volume: float, reason: float) -> None:
    """Leave by a limit order, which takes its share of the bar's volume at most; the rest stays open."""
    base = volume / price if terms[VOLUME_IN_QUOTE] > 0.0 else volume
    held = whole(book[HELD], terms[STEP_PART], terms[STEP_SCALE])
    steps = min(held, whole(base * terms[LIMIT_SHARE], terms[STEP_PART], terms[STEP_SCALE]))
    if steps <= 0.0 < held:
        book[REFUSED] = NO_VOLUME
        return
    _sell(book, terms, fills, steps, price, reason)
    left = at(held - steps, terms[STEP_PART], terms[STEP_SCALE]) * price
    if steps == held or left < terms[MIN_NOTIONAL]:
        _over(book, terms)


@step
def refusal(quantity: float, price: float, least: float, terms: Floats) -> float:
    """Why this cannot be traded; ``least`` is the notional that has to reach the minimum."""
    if price <= 0.0:
        return NO_PRICE
    if quantity <= 0.0:
        return NOT_ONE_STEP
    return TOO_SMALL if least < terms[MIN_NOTIONAL] else PLACED


@step
def _sell(book: Floats, terms: Floats, fills: Floats, steps: float, price: float, reason: float) -> None:
    quantity = at(steps, terms[STEP_PART], terms[STEP_SCALE])
    refused = refusal(quantity, price, quantity * price, terms)
    book[REFUSED] = refused
    if refused != PLACED:
        return
    notional = quantity * price
    fee = notional * terms[FEE]
    book[CASH] += notional - fee
    book[HELD] = max(book[HELD] - quantity, 0.0)
    _written(book, fills, -1.0, quantity, price, fee, reason)


@step
def _over(book: Floats, terms: Floats) -> None:
    book[OPEN], book[ENTRY], book[HIGH] = 0.0, 0.0, 0.0
    book[COOL] = terms[COOL_DOWN] + 1.0 if terms[COOL_DOWN] > 0.0 else 0.0  # this bar, and so many after it


@step
def _written(
    book: Floats, fills: Floats, side: float, quantity: float, price: float, fee: float, reason: float
) -> None:
    start = int(book[FILLS]) * FILL
    fills[start + SIDE], fills[start + QUANTITY], fills[start + PRICE] = side, quantity, price
    fills[start + PAID], fills[start + REASON] = fee, reason
    book[FILLS] += 1.0
    book[FEES] += fee
