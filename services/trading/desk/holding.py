"""What a bot owns of a market: the exact sum of its own fills. The order in which they became known does not matter."""

from dataclasses import dataclass, replace
from decimal import Decimal

from services.trading.desk.events import OrderFilled
from services.trading.fills import Side

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Holding:
    """Coins and money of one bot on one market. Fees in other currencies stand apart, to be valued by who shows them.

    ``cash`` is what its trades brought (+) or took (-) in quote, fees in quote included.
    """

    bot: str
    symbol: str
    quantity: Decimal = ZERO
    cash: Decimal = ZERO
    fees: tuple[tuple[str, Decimal], ...] = ()
    """Of each currency, what was paid: also those that ``quantity`` and ``cash`` already bear."""
    opened: bool = False
    """A trade is under way: bought, and not sold yet but for what is too small to be."""
    cash_before: Decimal = ZERO
    """``cash`` when the trade under way began."""

    @property
    def base(self) -> str:
        return self.symbol.split("/")[0]

    @property
    def quote(self) -> str:
        return self.symbol.split("/")[1].split(":")[0]

    @property
    def fees_elsewhere(self) -> tuple[tuple[str, Decimal], ...]:
        """Fees in a currency that is neither of the market's."""
        return tuple(each for each in self.fees if each[0] not in (self.base, self.quote))

    def after(self, side: Side, fill: OrderFilled) -> "Holding":
        """With one more trade of its own."""
        way = 1 if side is Side.BUY else -1
        in_base = fill.fee if fill.fee_currency == self.base else ZERO
        in_quote = fill.fee if fill.fee_currency == self.quote else ZERO
        paid = dict(self.fees)
        paid[fill.fee_currency] = paid.get(fill.fee_currency, ZERO) + fill.fee
        begins = side is Side.BUY and not self.opened
        return replace(
            self,
            quantity=self.quantity + way * fill.quantity - in_base,
            cash=self.cash - way * fill.quantity * fill.price - in_quote,
            fees=tuple(sorted(paid.items())),
            opened=self.opened or begins,
            cash_before=self.cash if begins else self.cash_before,
        )

    def closed(self) -> "Holding":
        """The trade is over; what is left is too small to be sold and waits for the next one."""
        return replace(self, opened=False, cash_before=self.cash)

    @property
    def result(self) -> Decimal:
        """What the trade under way brought so far in quote, its coins not counted."""
        return self.cash - self.cash_before
