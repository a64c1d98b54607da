"""What a bot owns of a market: the exact sum of its own fills. The order in which they became known does not matter."""

from dataclasses import dataclass, replace
from decimal import Decimal

from services.trading.desk.events import OrderFilled
from services.trading.fills import Side

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Holding:
    """Coins and money of one bot on one market. Fees in other currencies stand apart, at their trade's rate.

    ``cash`` is what its trades brought (+) or took (-) in quote, fees in quote included.
    """

    bot: str
    symbol: str
    quantity: Decimal = ZERO
    cash: Decimal = ZERO
    fees: tuple[tuple[str, Decimal], ...] = ()
    """Of each currency, what was paid: also those that ``quantity`` and ``cash`` already bear."""
    worth_elsewhere: Decimal = ZERO
    """Fees in other currencies, in quote, each at the rate of its trade."""
    unvalued: tuple[tuple[str, Decimal], ...] = ()
    """Of other currencies, the fees whose rate was not known then."""
    opened: bool = False
    """A trade is under way: bought, and not sold yet but for what is too small to be."""
    cash_before: Decimal = ZERO
    """``cash`` less ``worth_elsewhere`` when the trade under way began."""

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
        elsewhere = fill.fee_currency not in (self.base, self.quote)
        unknown = ((fill.fee_currency, fill.fee),) if elsewhere and fill.fee_worth is None else ()
        begins = side is Side.BUY and not self.opened
        return replace(
            self,
            quantity=self.quantity + way * fill.quantity - in_base,
            cash=self.cash - way * fill.quantity * fill.price - in_quote,
            fees=_summed(self.fees, ((fill.fee_currency, fill.fee),)),
            worth_elsewhere=self.worth_elsewhere + (fill.fee_worth or ZERO),
            unvalued=_summed(self.unvalued, unknown),
            opened=self.opened or begins,
            cash_before=self.net if begins else self.cash_before,
        )

    def closed(self) -> "Holding":
        """The trade is over; what is left is too small to be sold and waits for the next one."""
        return replace(self, opened=False, cash_before=self.net)

    @property
    def net(self) -> Decimal:
        """What its trades brought or took in quote, every fee that has a worth in it included."""
        return self.cash - self.worth_elsewhere

    @property
    def result(self) -> Decimal:
        """What the trade under way brought so far in quote, its coins not counted."""
        return self.net - self.cash_before


def _summed(
    paid: tuple[tuple[str, Decimal], ...], more: tuple[tuple[str, Decimal], ...]
) -> tuple[tuple[str, Decimal], ...]:
    """Of each currency, both together."""
    both = dict(paid)
    for currency, fee in more:
        both[currency] = both.get(currency, ZERO) + fee
    return tuple(sorted(both.items()))
