"""What the account has that is not ours: by it an order of ours is seen of which nothing else tells.

An order, the list of open orders and the trades may all be told late; the coins that it holds back, or has sold, are
gone from what the account had beside ours all the same. So with the money of a purchase.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from services.trading.desk.book import Book
from services.trading.desk.order import Order
from services.trading.desk.register import Register
from services.trading.desk.states import OrderState, Role
from services.trading.fills import Side
from services.trading.venue.told import Funds

ZERO = Decimal(0)
_KEPT = "beside"
_RESTING = frozenset({OrderState.ACCEPTED, OrderState.PARTIALLY_FILLED, OrderState.CANCEL_PENDING})
Reading = tuple[Decimal, Decimal]
"""Of one coin: all that is not ours, and what of it orders that are not ours hold back."""
NOTHING = (ZERO, ZERO)


@dataclass
class Beside:
    """Read while nothing of ours is under way; what is unsure is measured by the latest reading before it."""

    register: Register
    _known: dict[str, Reading | None] | None = None
    """None before the first reading; of a coin that was not at rest at any reading, None."""
    _latest: dict[str, Reading] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if kept := self.register.ledger.kept(_KEPT):
            told = json.loads(kept).items()
            self._known = {coin: (Decimal(each[0]), Decimal(each[1])) if each else None for coin, each in told}

    def see(self, funds: Mapping[str, Funds], missed: Collection[str] = ()) -> None:
        """Take a reading of each coin that is at rest. A change counts once two readings in a row tell it.

        ``missed`` are ids of orders that should be at the exchange and are not found there.
        """
        book = self.register.book
        before = self._known if self._known is not None else {}
        now: dict[str, Reading | None] = dict(before)
        for coin in {*funds, *before, *_coins(book)}:
            if not _at_rest(book, coin, missed):
                now.setdefault(coin, None if self._known is None else NOTHING)
                self._latest.pop(coin, None)
                continue
            told = _reading(book, coin, funds)
            known = self._of(coin)
            if known is None or self._latest.get(coin) == told:
                now[coin] = told
            self._latest[coin] = told
        self._keep(now)

    def against(self, order: Order, funds: Mapping[str, Funds]) -> str:
        """Why what an order pays with does not bear out that it neither rests nor was filled; empty if it does."""
        coin, least = paying(order), self._least(order)
        known = self._of(coin)
        if known is None:
            return f"how much {coin} the account had before that is not ours is not known"
        total, held = _reading(self.register.book, coin, funds)
        if known[0] - total > least:
            return f"{_plain(known[0] - total)} {coin} are missing that nothing known has paid"
        if held - known[1] > least:
            return f"{_plain(held - known[1])} {coin} are held back by an order that is not shown"
        return ""

    def forget(self, coin: str) -> None:
        """A person has told what became of an order: what the account has now is what is not ours."""
        if self._known is not None:
            self._latest.pop(coin, None)
            self._keep(self._known | {coin: None})

    def knows(self, coin: str) -> bool:
        return self._of(coin) is not None

    def _least(self, order: Order) -> Decimal:
        """What counts for nothing: less than a step, or than a tenth of the smallest order."""
        rules = self.register.rules(order.symbol)
        return rules.step / 2 if order.side is Side.SELL else rules.min_notional / 10

    def _of(self, coin: str) -> Reading | None:
        return None if self._known is None else self._known.get(coin, NOTHING)

    def _keep(self, now: dict[str, Reading | None]) -> None:
        told = {coin: each for coin, each in now.items() if each != NOTHING}
        if told != self._known:
            self._known = told
            text = {coin: each and [str(part) for part in each] for coin, each in sorted(told.items())}
            self.register.keep({_KEPT: json.dumps(text)})


def _coins(book: Book) -> Iterable[str]:
    """All that our orders and holdings are made of."""
    for symbol in {symbol for _, symbol in book.positions()} | {each.symbol for each in book.held()}:
        yield from pair(symbol)


def _at_rest(book: Book, coin: str, missed: Collection[str]) -> bool:
    """Whether no order of ours moves it now, but for stops that are known to rest."""
    orders = [order for order in book.open_orders() if coin in pair(order.symbol)]
    if any(order.client_id in missed for order in orders):
        return False
    return all(o.role is Role.STOP and o.state is OrderState.ACCEPTED and not o.owing for o in orders)


def _reading(book: Book, coin: str, funds: Mapping[str, Funds]) -> Reading:
    told = funds.get(coin, Funds(ZERO, ZERO))
    return told.total - _ours(book, coin), told.held - _held(book, coin)


def _ours(book: Book, coin: str) -> Decimal:
    """What our trades made of it: bought and sold, earned and paid, fees in it among them."""
    total = ZERO
    for each in book.holdings.values():
        base, quote = pair(each.symbol)
        total += each.quantity if base == coin else ZERO
        total += each.cash if quote == coin else ZERO
        total -= dict(each.fees_elsewhere).get(coin, ZERO)
    return total


def _held(book: Book, coin: str) -> Decimal:
    """What those of our orders hold back of it that are known to rest."""
    total = ZERO
    for order in book.open_orders():
        base, quote = pair(order.symbol)
        if order.state in _RESTING and order.side is Side.SELL and base == coin:
            total += order.remaining
        if order.state in _RESTING and order.side is Side.BUY and quote == coin:
            total += order.remaining * order.price
    return total


def paying(order: Order) -> str:
    """The coin that an order gives away."""
    base, quote = pair(order.symbol)
    return base if order.side is Side.SELL else quote


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def pair(symbol: str) -> tuple[str, str]:
    base, _, quote = symbol.partition("/")
    return base, quote.split(":")[0]
