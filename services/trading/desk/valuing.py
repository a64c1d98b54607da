"""What the account's bots are worth and what is at risk, in the account's currency."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.trading.desk.book import Book
from services.trading.desk.events import CapitalSet
from services.trading.desk.holding import Holding
from services.trading.desk.order import Order
from services.trading.fills import Side

ZERO = Decimal(0)
Price = Callable[[str], Decimal | None]
Rate = Callable[[str], Decimal | None]
"""One unit of a currency in the account's; None where that is not known now."""


class NoRate(Exception):
    """Something cannot be valued now, and what."""


@dataclass(frozen=True, slots=True)
class Valuing:
    """``price`` is of a market in its quote currency. What has neither price nor rate is not guessed."""

    price: Price
    rate: Rate
    fee_rate: Decimal

    def equity(self, book: Book, allotted: Mapping[str, CapitalSet] | None = None) -> Decimal:
        """Capital + realised + unrealised - fees over all bots. Raises ``NoRate``.

        A fee in a third currency counts at the rate of its trade; at the one of now where that was not known.
        """
        worth = self.capital(book.allotted() if allotted is None else allotted)
        for holding in book.holdings.values():
            worth += holding.net * self._rate(holding.quote)
            worth += self._coins(holding)
            worth -= sum((fee * self._rate(currency) for currency, fee in holding.unvalued), ZERO)
        return worth

    def capital(self, allotted: Mapping[str, CapitalSet]) -> Decimal:
        """What the bots were given. Raises ``NoRate``."""
        return sum((each.capital * self._rate(each.quote) for each in allotted.values() if each.capital), ZERO)

    def exposure(self, book: Book) -> Decimal:
        """Of all that is held, and of every entry that is open or unknown, at its price. Raises ``NoRate``."""
        at_risk = ZERO
        for holding in book.holdings.values():
            at_risk += self._coins(holding)
        for order in _buying(book.open_orders()):
            at_risk += order.remaining * (order.price or self._price(order.symbol)) * self._rate(_quote(order.symbol))
        return at_risk

    def needed(self, book: Book, currency: str) -> Decimal:
        """What open and unknown entries may still take of a quote currency, fee included."""
        orders = [order for order in _buying(book.open_orders()) if _quote(order.symbol) == currency]
        return sum((self.cost(order.remaining, order.price) for order in orders), ZERO)

    def free(self, book: Book, bot: str, symbol: str, given: CapitalSet | None = None) -> Decimal:
        """What a bot's capital leaves in quote: capital + what its trades brought - what its entries may take."""
        given = given or book.capital.get(bot)
        if given is None or given.quote != _quote(symbol):
            return ZERO
        brought = sum((each.cash for each in book.holdings.values() if each.bot == bot), ZERO)
        orders = _buying(book.open_orders(bot))
        return given.capital + brought - sum((self.cost(each.remaining, each.price) for each in orders), ZERO)

    def cost(self, quantity: Decimal, price: Decimal) -> Decimal:
        return quantity * price * (1 + self.fee_rate)

    def in_account(self, amount: Decimal, currency: str) -> Decimal:
        """``amount`` of a currency in the account's. Raises ``NoRate``."""
        return amount * self._rate(currency)

    def _coins(self, holding: Holding) -> Decimal:
        """Dust of a trade that is over is worth nothing: it cannot be sold, and its market may be gone."""
        if not holding.opened or not holding.quantity:
            return ZERO
        return holding.quantity * self._price(holding.symbol) * self._rate(holding.quote)

    def _price(self, symbol: str) -> Decimal:
        price = self.price(symbol)
        if price is None:
            raise NoRate(f"the price of {symbol} is not known")
        return price

    def _rate(self, currency: str) -> Decimal:
        rate = self.rate(currency)
        if rate is None:
            raise NoRate(f"the rate of {currency} is not known")
        return rate


def _buying(orders: Iterable[Order]) -> list[Order]:
    return [order for order in orders if order.side is Side.BUY and order.open]


def _quote(symbol: str) -> str:
    return symbol.split("/")[1].split(":")[0]
