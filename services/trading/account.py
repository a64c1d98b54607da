"""What one bot owns: cash and coins, as the sum of its own fills."""

from dataclasses import dataclass, replace
from typing import Self

from services.trading.fills import Fill, Side


@dataclass(frozen=True, slots=True)
class Account:
    """A frozen account in quote currency; ``quantity`` is in base. Long or flat.

    Equity = capital + realised + unrealised - fees, which equals cash + quantity at the price it is marked at.
    """

    capital: float
    cash: float
    quantity: float = 0.0
    basis: float = 0.0
    """What the coins held were bought for, without fees."""
    realised: float = 0.0
    """Profit of what was sold, without fees."""
    fees: float = 0.0
    fills: int = 0
    trades: int = 0
    """Round trips that ended flat."""

    @classmethod
    def opened(cls, capital: float) -> Self:
        return cls(capital=capital, cash=capital)

    @property
    def holding(self) -> bool:
        return self.quantity > 0

    def equity(self, price: float) -> float:
        """Worth when the coins are marked at ``price``, without an exit fee."""
        return self.cash + self.quantity * price

    def pnl_percent(self, price: float) -> float:
        return (self.equity(price) / self.capital - 1) * 100

    def after(self, fill: Fill) -> "Account":
        """The account once ``fill`` is booked; raises ``ValueError`` if it was not this account's to make."""
        booked = self._bought(fill) if fill.side is Side.BUY else self._sold(fill)
        if booked.cash < 0 or booked.quantity < 0:
            raise ValueError(f"{fill} does not fit {self}")
        return replace(booked, fees=self.fees + fill.fee, fills=self.fills + 1)

    def _bought(self, fill: Fill) -> "Account":
        return replace(
            self,
            cash=self.cash - (fill.notional + fill.fee),
            quantity=self.quantity + fill.quantity,
            basis=self.basis + fill.notional,
        )

    def _sold(self, fill: Fill) -> "Account":
        left = self.quantity - fill.quantity
        given = self.basis if left == 0 else self.basis * fill.quantity / self.quantity
        return replace(
            self,
            cash=self.cash + (fill.notional - fill.fee),
            quantity=left,
            basis=self.basis - given,
            realised=self.realised + fill.notional - given,
            trades=self.trades + (left == 0),
        )
