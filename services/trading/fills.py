"""How an order becomes a fill: slippage, fee, whole steps, and what the account can pay. Pure arithmetic."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import floor, isclose

from services.core.words import number_text


class Side(StrEnum):
    """Which way an order goes."""

    BUY = "buy"
    SELL = "sell"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a paper order is filled. Money is in quote, quantities in base."""

    capital: float
    """What the account is opened with at its first order."""
    fee_rate: float
    """Of the fill's notional."""
    slippage: float
    """Against us, as a difference of price."""
    step: float
    min_notional: float


@dataclass(frozen=True, slots=True)
class Fill:
    """What was traded: ``quantity`` of base at ``price``; ``fee`` in quote; ``candle`` is the bar that decided."""

    client_id: str
    side: Side
    quantity: float
    price: float
    fee: float
    candle: datetime

    @property
    def notional(self) -> float:
        return self.quantity * self.price


class Unfillable(Exception):
    """The order cannot be filled, and says why."""


def fill_price(side: Side, quote: float, terms: Terms) -> float:
    """The quote, moved against us; raises ``Unfillable`` when nothing would be left of a price."""
    price = quote + terms.slippage if side is Side.BUY else quote - terms.slippage
    if price <= 0:
        raise Unfillable(f"slippage of {number_text(terms.slippage, 8)} leaves no price of {number_text(quote, 8)}")
    return price


def affordable(budget: float, price: float, terms: Terms) -> float:
    """The largest whole number of steps that ``budget`` pays, fee included: budget / (price (1 + fee)), floored."""
    steps = _steps(budget / (price * (1 + terms.fee_rate)), terms)
    # Counting steps forgives a rounding error; the account does not, so a step that cannot be paid is given up.
    while steps > 0 and cost(_quantity(steps, terms), price, terms) > budget:
        steps -= max(1, steps >> 50)  # beyond a double's 53 bits one step alone would change nothing
    return _quantity(steps, terms)


def whole_steps(quantity: float, terms: Terms) -> float:
    """``quantity`` floored to the step."""
    return _quantity(_steps(quantity, terms), terms)


def cost(quantity: float, price: float, terms: Terms) -> float:
    """What a purchase takes of the cash, fee included."""
    notional = quantity * price
    return notional + notional * terms.fee_rate


def refuse_small(side: Side, quantity: float, price: float, terms: Terms) -> None:
    """Raises ``Unfillable`` below the minimum notional; an entry must also leave an exit that is large enough."""
    if quantity <= 0:
        raise Unfillable(f"not one step of {number_text(terms.step, 8)} can be traded")
    notional = quantity * price
    least = notional * (1 - terms.fee_rate) if side is Side.BUY else notional
    if least < terms.min_notional:
        raise Unfillable(f"notional {number_text(least, 8)} is below the minimum {number_text(terms.min_notional, 8)}")


def _steps(quantity: float, terms: Terms) -> int:
    """Whole steps in ``quantity``; 0.3 holds three steps of 0.1 although the division gives 2.9999999999999996."""
    steps = quantity / terms.step
    whole = round(steps)
    return whole if isclose(steps, whole, rel_tol=1e-12, abs_tol=1e-9) else floor(steps)


def _quantity(steps: int, terms: Terms) -> float:
    return round(max(0, steps) * terms.step, 12)
