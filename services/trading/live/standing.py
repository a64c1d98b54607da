"""How a bot stands in the account, as its trader has to know it. Asked in the account's thread."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from services.trading.desk.book import Book, Key
from services.trading.desk.desk import Desk
from services.trading.desk.events import CapitalSet, EntryAsked
from services.trading.desk.order import Order
from services.trading.fills import Side
from services.trading.live.entry import exact
from services.trading.strategy import Strategy
from services.trading.venue.live_bar import LiveBar
from services.trading.venue.told import OrderKind


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a bot holds anything, is about to, and what it may spend."""

    opened: bool
    busy: bool
    free: Decimal
    stopped: datetime | None = None
    """When its latest stop was filled."""
    left: datetime | None = None
    """When it last sold."""
    bought: datetime | None = None
    """Of what it holds, when the first of it was filled."""
    inside: Collection[datetime] = frozenset()
    """When limits of it were filled at their own price: within a bar, after its open."""
    gives_up: datetime | None = None
    """When a limit of it that was not filled is given up."""
    trails: bool = False
    """Whether its stop follows the highs of its bars."""
    leaving: bool = False
    """Whether the account has taken on to sell what it holds."""
    entered: datetime | None = None
    """The close of the bar that decided its latest entry, or when that was filled, where the ledger lost the rest."""

    def held_at(self, close: datetime) -> bool:
        """Whether it held something when a bar closed, and has sold it since: by a stop or a target, at once."""
        return self.left is not None and self.left >= close and self.bought is None

    def stopped_in(self, bar: LiveBar) -> bool:
        """Whether a stop was met within the bar: as in a backtest, that bar enters nothing."""
        return self.stopped is not None and bar.candle.time <= self.stopped < bar.candle.time + bar.timeframe

    def gave_up_in(self, bar: LiveBar) -> bool:
        """Whether a limit was given up by the bar's close: as in a backtest, another is placed from the next on."""
        close = bar.candle.time + bar.timeframe
        return self.gives_up is not None and bar.candle.time < self.gives_up <= close

    def cools(self, earliest: datetime) -> bool:
        """Whether it sold in a bar after which it still cools down, the first of which opened at ``earliest``."""
        return self.left is not None and self.left >= earliest

    def counts(self, opened: datetime, bar: timedelta) -> bool:
        """Whether the high of the bar that opened then is one of the position's: not of the bar within which a limit
        was filled, for nobody knows whether it came later."""
        if self.bought is None or opened + bar <= self.bought:
            return False
        return not any(opened <= at < opened + bar for at in self.inside)


def standing_of(desk: Desk, bot: str, strategy: Strategy) -> Standing:
    """In the account's thread. It may spend what the strategy gives it, and what its trades brought."""
    book, market, now = desk.book, strategy.market, desk.register.venue.now()
    key, given = (bot, market.symbol), CapitalSet(bot, market.quote, exact(strategy.capital), now)
    own = [order for order in book.orders.values() if (order.bot, order.symbol) == key]
    opened, asked = book.holding(*key).opened, book.opened_by(*key)
    bought = [(order, fill) for order in book.bought(*key) if opened for fill in order.fills]
    since = min((fill.at for _, fill in bought), default=None)
    return Standing(
        opened=opened,
        busy=key in book.positions(),
        free=desk.watching.valuing.free(book, *key, given),
        stopped=_latest(order for order in own if order.cause.startswith("stop/")),
        left=_latest(order for order in own if order.side is Side.SELL),
        bought=since,
        inside={fill.at for order, fill in bought if order.kind is OrderKind.LIMIT and fill.price == order.price},
        gives_up=_gives_up(book, key),
        trails=asked is not None and asked.trailing_share is not None,
        leaving=key in book.exits,
        entered=_decided(book, key, strategy.bar) or since,
    )


def opened_with(book: Book, bot: str) -> EntryAsked | None:
    """The entry of what the bot holds or is buying, on whatever market; None where it is flat, or nobody knows.

    An order of an entry that was given up may still turn up filled.
    """
    waiting = next((asked for key, asked in sorted(book.entries.items()) if key[0] == bot), None)
    under_way = sorted(key for key in book.positions() if key[0] == bot)
    asked = (book.opened_by(*key) if book.holding(*key).opened else book.asked.get(key) for key in under_way)
    return waiting or next((each for each in asked if each is not None), None)


def _gives_up(book: Book, key: Key) -> datetime | None:
    """When the time of the latest entry's limits is over, where the last of them was not filled wholly."""
    asked = book.asked.get(key)
    if asked is None or asked.offset is None or asked.decided is None or asked.then == "market":
        return None
    orders = book.caused_by(*key, asked.cause)
    over = asked.decided + timedelta(seconds=asked.reprice_after * (asked.times + 1))
    return over if orders and orders[-1].filled < orders[-1].quantity else None


def _decided(book: Book, key: Key, bar: timedelta) -> datetime | None:
    """The close of the bar by which the latest entry was asked for; None where the ledger does not tell."""
    asked = book.asked.get(key)
    try:
        return datetime.fromisoformat(asked.cause) + bar if asked else None
    except ValueError:
        return None


def _latest(orders: Iterable[Order]) -> datetime | None:
    return max((fill.at for order in orders for fill in order.fills), default=None)
