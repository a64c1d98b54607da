"""How much an entry takes: of the cash a share or a fixed amount, or as much as spreads by what is wanted."""

from services.trading.steps.book_layout import (
    CASH,
    FEE,
    FEE_IN_BASE,
    FEE_IN_OTHER,
    FIXED,
    HELD,
    OWED,
    SHARE,
    STEP_PART,
    STEP_SCALE,
    VOLATILITY,
    VOLATILITY_TARGET,
)
from services.trading.steps.compiled import Floats, step
from services.trading.steps.costs import affordable
from services.trading.steps.grids import whole

UNKNOWN = -1.0
"""Steps of an entry whose volatility nobody knows yet."""


@step
def quote_fee(terms: Floats) -> float:
    """The part of the notional that a purchase pays in quote beside it: nothing where coins pay the fee."""
    return 0.0 if terms[FEE_IN_BASE] > 0.0 or terms[FEE_IN_OTHER] > 0.0 else terms[FEE]


@step
def free_at(book: Floats, price: float) -> float:
    """What more may be entered with at that price: equity less what is in the position already."""
    return book[CASH] - book[OWED] + min(book[HELD], 0.0) * price * 2.0


@step
def payable(terms: Floats, price: float, budget: float) -> float:
    """How many steps that budget pays, fee included."""
    return affordable(budget, price, quote_fee(terms), terms[STEP_PART], terms[STEP_SCALE])


@step
def sized(book: Floats, terms: Floats, price: float) -> float:
    """The steps of a whole entry at that price, or ``UNKNOWN``.

    A target of volatility is met by notional = equity * target / volatility, and never by more than the cash pays.
    """
    free = free_at(book, price)
    if terms[VOLATILITY_TARGET] > 0.0:
        spread = book[VOLATILITY]
        if spread < 0.0:
            return UNKNOWN
        most = payable(terms, price, free)
        if spread <= 0.0:
            return most
        wanted = free * terms[VOLATILITY_TARGET] / spread
        return most if wanted >= free else min(most, whole(wanted / price, terms[STEP_PART], terms[STEP_SCALE]))
    budget = min(terms[FIXED], free) if terms[FIXED] > 0.0 else free * terms[SHARE]
    return payable(terms, price, budget)
