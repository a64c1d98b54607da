"""What the account has that is not ours: by it an order of ours is seen of which nothing else tells.

An order, the list of open orders and the trades may all be told late; the coins that it holds back, or has sold, are
gone from what the account had beside ours all the same. So with the money of a purchase. What the user's own orders
hold back, and what their trades moved, is seen by those orders and trades, and speaks of none of ours.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from services.trading.desk.book import Book
from services.trading.desk.order import Order
from services.trading.desk.register import Register
from services.trading.desk.states import OrderState, Role
from services.trading.fills import Side
from services.trading.venue.told import Funds, Reported, Traded

ZERO = Decimal(0)
_KEPT = "beside unshown"
_RESTING = frozenset({OrderState.ACCEPTED, OrderState.PARTIALLY_FILLED, OrderState.CANCEL_PENDING})
Reading = tuple[Decimal, Decimal]
"""Of one coin: all that is not ours, and what of it is held back by nothing that is shown."""
NOTHING = (ZERO, ZERO)
KEPT_EVERY = timedelta(minutes=10)
"""How old what is kept of a coin that nobody moves may become: its trades are asked for since then after a restart."""


@dataclass
class Beside:
    """Read while nothing of ours is under way; what is unsure is measured by the latest reading before it."""

    register: Register
    _known: dict[str, Reading | None] | None = None
    """None before the first reading; of a coin that was not at rest at any reading, None."""
    _latest: dict[str, Reading] = field(default_factory=dict)
    _at: dict[str, datetime] = field(default_factory=dict)
    """Until when the known reading of a coin holds."""
    _kept_at: dict[str, datetime] = field(default_factory=dict)
    """The same, as it is on disk."""

    def __post_init__(self) -> None:
        if kept := self.register.ledger.kept(_KEPT):
            told: dict[str, list[str] | None] = json.loads(kept)
            self._known = {coin: (Decimal(each[0]), Decimal(each[1])) if each else None for coin, each in told.items()}
            at = {coin: each[2:] for coin, each in told.items() if each}  # an older ledger does not tell it
            self._at = {coin: datetime.fromisoformat(each[0]) for coin, each in at.items() if each}
            self._kept_at = dict(self._at)

    def see(self, funds: Mapping[str, Funds], missed: Collection[str] = (), shown: Sequence[Reported] = ()) -> None:
        """Take a reading of each coin that is at rest. A change counts once two readings in a row tell it.

        ``missed`` are ids of orders that should be at the exchange and are not found there, ``shown`` all that are in
        its list of open orders.
        """
        book = self.register.book
        before = self._known if self._known is not None else {}
        now: dict[str, Reading | None] = dict(before)
        for coin in {*funds, *before, *_coins(book)}:
            if not _at_rest(book, coin, missed):
                now.setdefault(coin, None if self._known is None else NOTHING)
                self._latest.pop(coin, None)
                continue
            told = _reading(book, coin, funds, shown)
            known = self._of(coin)
            if known is None or self._latest.get(coin) == told:
                now[coin], self._at[coin] = told, self.register.venue.now()
            self._latest[coin] = told
        self._keep(now)

    def against(
        self, order: Order, funds: Mapping[str, Funds], shown: Sequence[Reported] = (), theirs: Sequence[Traded] = ()
    ) -> str:
        """Why what an order pays with does not bear out that it neither rests nor was filled; empty if it does.

        ``shown`` is the list of open orders, ``theirs`` the user's own trades on its market since ``known_at``.
        """
        coin, least = paying(order), self._least(order)
        if any(each.owing for each in self._others(order, coin)):
            return f"trades of another order of ours in {coin} are owed"
        if self._of(coin) is None:
            return f"how much {coin} the account had before that is not ours is not known"
        missing, held = self._changed(order, funds, shown, theirs)
        if missing > least:
            return f"{_plain(missing)} {coin} are missing that nothing known has paid"
        if held > least:
            return f"{_plain(held)} {coin} are held back by an order that is not shown"
        return ""

    def alike(
        self, order: Order, funds: Mapping[str, Funds], shown: Sequence[Reported] = (), theirs: Sequence[Traded] = ()
    ) -> bool:
        """Whether that coin is to the last unit as it was before, and nothing else of ours moves it.

        Coins that came from elsewhere, or by another order of ours, may stand for those that this one has sold.
        """
        coin, least = paying(order), self._least(order)
        if self._of(coin) is None or not all(map(_rests, self._others(order, coin))):
            return False
        return all(abs(change) <= least for change in self._changed(order, funds, shown, theirs))

    def forget(self, coin: str) -> None:
        """A person has told what became of an order: what the account has now is what is not ours."""
        if self._known is not None:
            self._latest.pop(coin, None)
            self._at.pop(coin, None)
            self._keep(self._known | {coin: None})

    def knows(self, coin: str) -> bool:
        return self._of(coin) is not None

    def known_at(self, coin: str) -> datetime | None:
        """Until when what is known holds: what was traded since has changed it. None where that is not known."""
        return self._at.get(coin)

    def _changed(
        self, order: Order, funds: Mapping[str, Funds], shown: Sequence[Reported], theirs: Sequence[Traded]
    ) -> Reading:
        """Of the coin that it pays with: what is missing, and what more is held back, than at the latest reading."""
        coin = paying(order)
        total, held = _reading(self.register.book, coin, funds, shown)
        before = self._of(coin) or NOTHING
        return before[0] + _moved(coin, theirs) - total, held - before[1]

    def _others(self, order: Order, coin: str) -> list[Order]:
        """Ours that move a coin, beside one."""
        ours = self.register.book.open_orders()
        return [each for each in ours if each.client_id != order.client_id and coin in pair(each.symbol)]

    def _least(self, order: Order) -> Decimal:
        """What counts for nothing: less than a step, or than a tenth of the smallest order."""
        rules = self.register.rules(order.symbol)
        return rules.step / 2 if order.side is Side.SELL else rules.min_notional / 10

    def _of(self, coin: str) -> Reading | None:
        return None if self._known is None else self._known.get(coin, NOTHING)

    def _keep(self, now: dict[str, Reading | None]) -> None:
        told = {coin: each for coin, each in now.items() if each != NOTHING}
        changed, self._known = told != self._known, told
        if changed or any(self._is_old(coin) for coin in told):
            self._kept_at = dict(self._at)
            text = {coin: each and [*map(str, each), *self._since(coin)] for coin, each in sorted(told.items())}
            self.register.keep({_KEPT: json.dumps(text)})

    def _since(self, coin: str) -> list[str]:
        return [self._at[coin].isoformat()] if coin in self._at else []

    def _is_old(self, coin: str) -> bool:
        at, kept = self._at.get(coin), self._kept_at.get(coin)
        return at is not None and (kept is None or abs(at - kept) >= KEPT_EVERY)


def _coins(book: Book) -> Iterable[str]:
    """All that our orders and holdings are made of."""
    for symbol in {symbol for _, symbol in book.positions()} | {each.symbol for each in book.held()}:
        yield from pair(symbol)


def _at_rest(book: Book, coin: str, missed: Collection[str]) -> bool:
    """Whether no order of ours moves it now, but for stops that are known to rest."""
    orders = [order for order in book.open_orders() if coin in pair(order.symbol)]
    if any(order.client_id in missed for order in orders):
        return False
    return all(map(_rests, orders))


def _rests(order: Order) -> bool:
    """A stop that lies at the exchange, and nothing of it is filled that is not known."""
    return order.role is Role.STOP and order.state is OrderState.ACCEPTED and not order.owing


def _reading(book: Book, coin: str, funds: Mapping[str, Funds], shown: Sequence[Reported]) -> Reading:
    told = funds.get(coin, Funds(ZERO, ZERO))
    return told.total - _ours(book, coin), told.held - _held(book, coin) - _held_by_others(book, coin, shown)


def _held_by_others(book: Book, coin: str, shown: Sequence[Reported]) -> Decimal:
    """By sales of the user's that are in the list of open orders; what a purchase holds, the list does not tell."""
    theirs = [each for each in shown if each.client_id not in book.orders and each.side is Side.SELL]
    return sum((each.quantity - each.filled for each in theirs if pair(each.symbol)[0] == coin), ZERO)


def _moved(coin: str, trades: Sequence[Traded]) -> Decimal:
    """What trades brought of a coin, or took, their fees in it with them."""
    total = ZERO
    for each in trades:
        base, quote = pair(each.symbol)
        way = 1 if each.side is Side.BUY else -1
        total += way * each.quantity if base == coin else ZERO
        total -= way * each.quantity * each.price if quote == coin else ZERO
        total -= each.fee if each.fee_currency == coin else ZERO
    return total


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
