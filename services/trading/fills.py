"""How an order becomes a fill: slippage, fee, whole steps, and what the account can pay. Pure arithmetic."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.core.words import number_text
from services.trading.size_grids import grid
from services.trading.steps import costs, grids


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
    tick: float = 0.0
    """Of the grid of prices; 0 in orders of versions that had none."""
    fee_in: str = "quote"
    """``quote``, ``base`` (of what is bought), or another currency, which is counted by its worth in quote."""
    margin: bool = False
    """Of a linear perpetual future: what is held may be below 0, and the cash pays losses rather than coins."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What was traded: ``quantity`` of base at ``price``; ``fee`` in quote; ``candle`` is the bar that decided."""

    client_id: str
    side: Side
    quantity: float
    price: float
    fee: float
    candle: datetime
    fee_in: str = "quote"
    coins: float = 0.0
    """What of a purchase arrived, where its fee was taken of the coins; else 0, and all of it did."""
    funding: float = 0.0
    """Paid since the fill before, in quote."""

    @property
    def notional(self) -> float:
        return self.quantity * self.price

    @property
    def arrived(self) -> float:
        """The coins that a purchase brought."""
        return self.coins or self.quantity

    @property
    def paid(self) -> float:
        """The fee that the cash in quote paid."""
        return self.fee if self.fee_in == "quote" or (self.fee_in == "base" and self.side is Side.SELL) else 0.0

    @property
    def owed(self) -> float:
        """The fee that another currency paid, by its worth in quote."""
        return self.fee if self.fee_in not in ("quote", "base") else 0.0


class Unfillable(Exception):
    """The order cannot be filled, and says why."""


def fill_price(side: Side, quote: float, terms: Terms) -> float:
    """The quote, moved against us; raises ``Unfillable`` when nothing would be left of a price."""
    moved = terms.slippage if side is Side.BUY else -terms.slippage
    price = _on_grid(quote, moved, terms.tick) if terms.tick else quote + moved
    if price <= 0:
        raise Unfillable(f"slippage of {number_text(terms.slippage, 8)} leaves no price of {number_text(quote, 8)}")
    return price


def affordable(budget: float, price: float, terms: Terms) -> float:
    """The largest whole number of steps that ``budget`` pays, fee included: budget / (price (1 + fee)), floored."""
    part, scale = grid(terms.step)
    return grids.at(costs.affordable(budget, price, _quote_rate(terms), part, scale), part, scale)


def whole_steps(quantity: float, terms: Terms) -> float:
    """``quantity`` floored to the step."""
    part, scale = grid(terms.step)
    return grids.at(max(grids.whole(quantity, part, scale), 0.0), part, scale)


def cost(quantity: float, price: float, terms: Terms) -> float:
    """What a purchase takes of the cash, fee included."""
    return costs.cost(quantity, price, _quote_rate(terms))


def cash_after(cash: float, fill: Fill) -> float:
    """The cash in quote once the fill is booked."""
    if fill.funding:
        cash -= fill.funding
    return cash - (fill.notional + fill.paid) if fill.side is Side.BUY else cash + (fill.notional - fill.paid)


def held_after(held: float, fill: Fill) -> float:
    """The coins once the fill is booked."""
    return held + fill.arrived if fill.side is Side.BUY else held - fill.quantity


def refuse_small(side: Side, quantity: float, price: float, terms: Terms) -> None:
    """Raises ``Unfillable`` below the minimum notional; an entry must also leave an exit that is large enough."""
    if quantity <= 0:
        raise Unfillable(f"not one step of {number_text(terms.step, 8)} can be traded")
    notional = quantity * price
    least = notional * (1 - terms.fee_rate) if side is Side.BUY else notional
    if least < terms.min_notional:
        raise Unfillable(f"notional {number_text(least, 8)} is below the minimum {number_text(terms.min_notional, 8)}")


def _quote_rate(terms: Terms) -> float:
    """The fee of a purchase that is paid in quote beside its notional."""
    return terms.fee_rate if terms.fee_in == "quote" else 0.0


def _on_grid(quote: float, moved: float, tick: float) -> float:
    part, scale = grid(tick)
    return grids.at(grids.nearest(quote, part, scale) + grids.nearest(moved, part, scale), part, scale)
