"""The account's book: every order, every holding, every latch, as the fold of the ledger's events."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from services.core.events import Event
from services.trading.desk.events import (
    AccountArmed,
    AccountDisarmed,
    BotRetired,
    CapitalSet,
    DayStarted,
    EntryAsked,
    EntryEnded,
    ExitAsked,
    HighSeen,
    Latched,
    OrderAdopted,
    OrderFilled,
    OrderInitialised,
    PositionClosed,
    Rearmed,
)
from services.trading.desk.holding import Holding
from services.trading.desk.order import ADOPTED, Order, applied, begun
from services.trading.desk.states import Role

ZERO = Decimal(0)
DESK = "desk"
"""Who does what no person asked for."""
Key = tuple[str, str]
"""Bot and symbol."""


@dataclass
class Book:
    """Grows by ``apply`` alone; the same events give the same book, whoever folds them."""

    orders: dict[str, Order] = field(default_factory=dict)
    holdings: dict[Key, Holding] = field(default_factory=dict)
    latches: dict[tuple[str, str], Latched] = field(default_factory=dict)
    closed: list[PositionClosed] = field(default_factory=list)
    capital: dict[str, CapitalSet] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    entries: dict[Key, EntryAsked] = field(default_factory=dict)
    """What bots asked to be bought and is not bought yet."""
    exits: dict[Key, ExitAsked] = field(default_factory=dict)
    """Positions that are being left."""
    unbought: list[EntryEnded] = field(default_factory=list)
    """Entries that ended with nothing bought, oldest first."""
    asked: dict[Key, EntryAsked] = field(default_factory=dict)
    """The latest entry that was asked for, whatever became of it."""
    wishes: dict[tuple[str, str, str], EntryAsked] = field(default_factory=dict)
    """Every entry that was asked for, by its cause: an order of it may turn up filled long after it was given up."""
    ended: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """By its cause, why nothing more is sent for an entry."""
    highs: dict[Key, Decimal] = field(default_factory=dict)
    """The highest price of a position's earlier bars."""
    day: DayStarted | None = None
    armed: AccountArmed | None = None
    rearmed_at: datetime | None = None
    """When a person last armed a guard again: rejections before it do not count."""
    _open: dict[str, None] = field(default_factory=dict)
    """Ids of the orders that are not over yet, in the order in which they began."""
    _strays: dict[str, list[OrderFilled]] = field(default_factory=dict)
    """Trades that became known before the order that they fill."""

    def apply(self, *events: Event) -> None:
        for event in events:
            self._apply(event)

    def is_news(self, event: Event) -> bool:
        """Whether ``event`` about an order would change anything."""
        order = self.orders.get(getattr(event, "client_id", ""))
        return order is None or applied(event, order) != order

    def open_orders(self, bot: str = "", symbol: str = "", role: Role | None = None) -> list[Order]:
        """Ours that are not over: in the book, on their way, unknown, or with trades that are still owed."""
        return [order for order in self._unfinished() if _meets(order, bot, symbol, role)]

    def holding(self, bot: str, symbol: str) -> Holding:
        return self.holdings.get((bot, symbol), Holding(bot, symbol))

    def held(self) -> list[Holding]:
        """What the bots own at present."""
        return [holding for holding in self.holdings.values() if holding.quantity > 0]

    def owned(self, currency: str) -> Decimal:
        """How much of a coin is ours, over all bots and markets."""
        return sum((each.quantity for each in self.holdings.values() if each.base == currency), ZERO)

    def allotted(self) -> dict[str, CapitalSet]:
        """What the bots are given that there are."""
        return {bot: given for bot, given in self.capital.items() if bot not in self.retired}

    def positions(self) -> set[Key]:
        """Of each bot and market on which anything of ours is going on."""
        of_orders = {(order.bot, order.symbol) for order in self._unfinished()}
        return of_orders | {key for key, each in self.holdings.items() if each.opened} | {*self.entries, *self.exits}

    def symbols(self) -> set[str]:
        """The markets on which something of ours is open."""
        return {symbol for _, symbol in self.positions()}

    def caused_by(self, bot: str, symbol: str, cause: str) -> list[Order]:
        """The orders that were made for a cause, in the order in which they began."""
        orders = (order for order in self.orders.values() if order.bot == bot and order.symbol == symbol)
        return [order for order in orders if order.cause.rsplit("#", 1)[0] == cause]

    def ending(self, asked: EntryAsked, why: str, at: datetime) -> EntryEnded:
        """That nothing more is sent for an entry, with whether anything of it was bought by now."""
        key = asked.bot, asked.symbol, asked.cause
        orders = [order for order in self.caused_by(*key) if order.role is Role.ENTRY]
        bought = any(order.open or order.owing or order.filled or order.told_filled for order in orders)
        return EntryEnded(*key, why, at, bought)

    def opened_by(self, bot: str, symbol: str) -> EntryAsked | None:
        """The entry that the position, or the latest one, was opened by; None where the ledger does not tell."""
        bought = self.bought(bot, symbol)
        return self.wishes.get((bot, symbol, bought[0].cause.rsplit("#", 1)[0])) if bought else None

    def stop_of(self, bot: str, symbol: str) -> Decimal | None:
        """Where a bot's latest position is given up, as it was opened: it stays whatever becomes of the strategy.

        A trailing stop follows the highs that were told, and never goes down.
        """
        bought = self.bought(bot, symbol)
        if not bought:
            return None
        share, asked = bought[-1].stop_share, self.opened_by(bot, symbol)
        fixed = bought[-1].stop if share is None else paid(bought) * (1 - share)
        if asked is None or asked.trailing_share is None:
            return fixed
        first = min((fill for order in bought for fill in order.fills), key=lambda fill: fill.at).price
        trailing = max(first, self.highs.get((bot, symbol), ZERO)) * (1 - asked.trailing_share)
        return trailing if fixed is None else max(fixed, trailing)

    def target_of(self, bot: str, symbol: str) -> Decimal | None:
        """Where a bot's latest position is sold; None for nowhere."""
        asked = self.opened_by(bot, symbol)
        if asked is None or asked.target_share is None:
            return None
        return paid(self.bought(bot, symbol)) * (1 + asked.target_share)

    def bought(self, bot: str, symbol: str) -> list[Order]:
        """The orders of a bot's latest entry that were filled, wholly or in part."""
        entries = self._entries(bot, symbol)
        latest = entries[-1].cause.rsplit("#", 1)[0] if entries else ""
        return [order for order in entries if order.cause.rsplit("#", 1)[0] == latest]

    def adopted(self, bot: str, symbol: str) -> bool:
        """Whether the latest entry of a bot is one that the ledger had lost, its stop with it."""
        entries = self._entries(bot, symbol)
        return bool(entries) and entries[-1].cause == ADOPTED

    def _entries(self, bot: str, symbol: str) -> list[Order]:
        return [
            order
            for order in self.orders.values()
            if order.bot == bot and order.symbol == symbol and order.role is Role.ENTRY and order.fills
        ]

    def _unfinished(self) -> Iterator[Order]:
        return (self.orders[client_id] for client_id in self._open)

    def _apply(self, event: Event) -> None:
        match event:
            case OrderInitialised() | OrderAdopted():
                self._begin(begun(event))
            case OrderFilled() if event.client_id not in self.orders:
                self._strays.setdefault(event.client_id, []).append(event)
            case Latched():
                self.latches.setdefault((event.guard, event.scope), event)
            case Rearmed():
                self.latches.pop((event.guard, event.scope), None)
                self.rearmed_at = self.rearmed_at if event.by == DESK else event.at
            case DayStarted():
                self.day = event
            case AccountArmed():
                self.armed = event
            case AccountDisarmed():
                self.armed = None
            case CapitalSet():
                self.capital[event.bot] = event
                self.retired.discard(event.bot)
            case BotRetired():
                self.retired.add(event.bot)
            case EntryAsked():
                self.entries[event.bot, event.symbol] = self.asked[event.bot, event.symbol] = event
                self.wishes[event.bot, event.symbol, event.cause] = event
                self.highs.pop((event.bot, event.symbol), None)
            case HighSeen():
                known = self.highs.get((event.bot, event.symbol), ZERO)
                self.highs[event.bot, event.symbol] = max(known, event.price)
            case EntryEnded():
                self.entries.pop((event.bot, event.symbol), None)
                self.ended[event.bot, event.symbol, event.cause] = event.why
                self.unbought += [] if event.bought else [event]
            case ExitAsked():
                self.exits.setdefault((event.bot, event.symbol), event)
            case PositionClosed():
                if self.holding(event.bot, event.symbol).opened:
                    self.closed.append(event)
                self.exits.pop((event.bot, event.symbol), None)
                self._hold(self.holding(event.bot, event.symbol).closed())
            case _:
                self._step(event)

    def _begin(self, order: Order) -> None:
        if order.client_id in self.orders:
            return
        self._put(order)
        self.apply(*self._strays.pop(order.client_id, ()))

    def _step(self, event: Event) -> None:
        before = self.orders.get(getattr(event, "client_id", ""))
        if before is None:
            return
        now = applied(event, before)
        if isinstance(event, OrderFilled) and now is not before:
            self._hold(self.holding(before.bot, before.symbol).after(before.side, event))
        self._put(now)

    def _put(self, order: Order) -> None:
        self.orders[order.client_id] = order
        if order.open or order.owing:
            self._open[order.client_id] = None
        else:
            self._open.pop(order.client_id, None)

    def _hold(self, holding: Holding) -> None:
        self.holdings[holding.bot, holding.symbol] = holding


def paid(orders: Iterable[Order]) -> Decimal:
    """What was paid for one coin on average, without fees."""
    fills = [fill for order in orders for fill in order.fills]
    return sum((fill.quantity * fill.price for fill in fills), ZERO) / sum((fill.quantity for fill in fills), ZERO)


def folded(events: Iterable[Event]) -> Book:
    """The book that these events make."""
    book = Book()
    book.apply(*events)
    return book


def _meets(order: Order, bot: str, symbol: str, role: Role | None) -> bool:
    return (not bot or order.bot == bot) and (not symbol or order.symbol == symbol) and (role in (None, order.role))
