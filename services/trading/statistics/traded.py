"""A fill of a backtest, with what it did to the account."""

from dataclasses import dataclass
from math import isfinite

from services.trading.fills import Side


@dataclass(frozen=True, slots=True)
class Traded:
    """One fill at one bar. Raises ``ValueError`` for what was no trade, and for money that is no number."""

    bar: int
    """The 0-based index of the bar that it was filled in."""
    side: Side
    quantity: float
    """In base, before any fee in base."""
    price: float
    fee: float
    """Valued in quote at the fill, whatever it was paid in."""
    cash: float
    """What it added to the cash in quote, below 0 for a purchase; with the funding since the fill before, and with the
    fee, except where that was taken in base."""
    position: float
    """Base held after it, below 0 when short; exactly 0 ends a round trip."""
    because: str = ""
    """What asked for it: a signal, stop, target."""
    funding: float = 0.0
    """Paid since the fill before, in quote."""

    def __post_init__(self) -> None:
        money = (self.quantity, self.price, self.fee, self.cash, self.position)
        if not all(map(isfinite, money)) or self.quantity <= 0 or self.price <= 0 or self.bar < 0:
            raise ValueError(f"no fill: {self}")

    @property
    def notional(self) -> float:
        return self.quantity * self.price
