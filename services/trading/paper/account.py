"""What one bot owns: cash and coins, as the sum of its own fills."""

from dataclasses import dataclass, replace
from typing import Self

from services.trading.fills import Fill, Side, cash_after, held_after


@dataclass(frozen=True, slots=True)
class Account:
    """A frozen account in quote currency; ``quantity`` is in base, below 0 when short.

    Equity = capital + realised + unrealised - fees - funding, which equals cash + quantity at the price it is marked
    at, less the fees that another currency paid.
    """

    capital: float
    cash: float
    quantity: float = 0.0
    basis: float = 0.0
    """What the coins held were bought for, or those owed were sold for (below 0), without fees."""
    realised: float = 0.0
    """Profit of what was sold, without fees."""
    fees: float = 0.0
    fills: int = 0
    trades: int = 0
    """Round trips that ended flat."""
    owed: float = 0.0
    """Fees that another currency paid, by their worth in quote."""
    funding: float = 0.0
    """Paid with the fills so far."""
    margin: bool = False
    """Whether it may be short."""
    step: float = 0.0
    """What is held below it cannot be sold: the account is flat all the same."""

    @classmethod
    def opened(cls, capital: float, *, margin: bool = False, step: float = 0.0) -> Self:
        return cls(capital=capital, cash=capital, margin=margin, step=step)

    @property
    def holding(self) -> bool:
        return not self._flat(self.quantity)

    def equity(self, price: float) -> float:
        """Worth when the coins are marked at ``price``, without an exit fee."""
        return self.cash + self.quantity * price - self.owed

    def pnl_percent(self, price: float) -> float:
        return (self.equity(price) / self.capital - 1) * 100

    def after(self, fill: Fill) -> "Account":
        """The account once ``fill`` is booked; raises ``ValueError`` if it was not this account's to make."""
        opens = not self.holding or (self.quantity > 0) == (fill.side is Side.BUY)
        booked = self._more(fill) if opens else self._less(fill)
        if not self.margin and (booked.cash < 0 or booked.quantity < 0):
            raise ValueError(f"{fill} does not fit {self}")
        return replace(
            booked,
            cash=cash_after(self.cash, fill),
            fees=self.fees + fill.fee,
            owed=self.owed + fill.owed,
            funding=self.funding + fill.funding,
            fills=self.fills + 1,
        )

    def _more(self, fill: Fill) -> "Account":
        sign = 1.0 if fill.side is Side.BUY else -1.0
        quantity = held_after(self.quantity, fill)
        return replace(
            self, cash=cash_after(self.cash, fill), quantity=quantity, basis=self.basis + sign * fill.notional
        )

    def _less(self, fill: Fill) -> "Account":
        sign = 1.0 if fill.side is Side.SELL else -1.0
        left = held_after(self.quantity, fill)
        given = self.basis if left == 0 else self.basis * fill.quantity / abs(self.quantity)
        return replace(
            self,
            cash=cash_after(self.cash, fill),
            quantity=left,
            basis=self.basis - given,
            realised=self.realised + sign * fill.notional - given,
            trades=self.trades + self._flat(left),
        )

    def _flat(self, quantity: float) -> bool:
        return quantity == 0 or abs(quantity) < self.step * (1 - 1e-9)
