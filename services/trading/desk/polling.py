"""Asking the exchange how ours stand: open orders, each order that is not among them, and the trades."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ParamSpec, Protocol, TypeVar, runtime_checkable

from services.core.errors import in_words
from services.trading.desk import doubts, news
from services.trading.desk.beside import Beside, pair, paying
from services.trading.desk.bulkheads import Bulkheads
from services.trading.desk.client_ids import bot_digits, is_ours
from services.trading.desk.doubts import Look
from services.trading.desk.events import OrderFilled, OrderRejected, OrderVanished
from services.trading.desk.last_seen import LastSeen
from services.trading.desk.order import Order
from services.trading.desk.register import Register
from services.trading.desk.sending import taken_out
from services.trading.desk.states import OrderState
from services.trading.fills import Side
from services.trading.venue.told import Funds, Reported, Traded
from services.trading.venue.venue import VenueRefused, VenueUnsure

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)
ALL = ""
"""Stands for all markets, where they are asked for at once."""
OVERLAP = timedelta(minutes=1)
"""How far before an order its trades are asked for: the two clocks may differ, and trades may be told late."""
LATE = timedelta(minutes=10)
"""How late a trade may be told."""
STRANGERS = "there are trades of an order of which nobody can tell whose it is"


@runtime_checkable
class Recalls(Protocol):
    """A venue that tells of orders that are over, too: by them an empty ledger finds what was ours."""

    def orders(self, symbol: str, since: datetime) -> Sequence[Reported]:
        """All of the account's orders on a market from a moment on, whatever became of them, oldest first."""
        ...


@dataclass
class Polling:
    """Brings the book up to what the exchange tells. What one market withholds keeps no other from being read."""

    register: Register
    bulkheads: Bulkheads = field(default_factory=Bulkheads)
    bots: Callable[[], Collection[str]] | None = None
    """The bots that there are: what a ledger has lost of theirs is theirs again, so that none buys the same anew."""
    rate: Callable[[str], Decimal | None] = lambda currency: None
    """One unit of a currency in the account's; None where that is not known now."""
    restless: Callable[[], bool] = lambda: False
    """Whether each order is asked for in each round, however well it rests."""
    unread: dict[str, str] = field(default_factory=dict)
    """Markets of which the latest poll could not read all, and why: nothing is decided on them now."""
    _looks: dict[str, list[Look]] = field(default_factory=dict)
    _foreign: set[tuple[str, str]] = field(default_factory=set)
    """Exchange ids of orders that are not ours."""
    _traded: set[str] = field(default_factory=set)
    """Markets on which an order tells of more than the trades known."""
    _asked: dict[str, datetime] = field(default_factory=dict)
    """Of each market, until when its trades are known but for those that are told late."""
    _owed: dict[str, datetime] = field(default_factory=dict)
    """Of orders whose trades are owed, since when they are."""
    _missed: set[str] = field(default_factory=set)
    """Orders that should be at the exchange, and were not found by the latest poll."""
    _theirs: Sequence[Traded] = ()
    """Of the order that was looked for latest, the user's trades on its market since its coins are known."""
    _listed: Sequence[Reported] = ()
    """The latest list of open orders, the user's with ours."""
    _against: dict[str, str] = field(default_factory=dict)
    """Orders that nothing shows and of which the account's coins say that they rest, or have sold; and how."""

    def __post_init__(self) -> None:
        self.beside = Beside(self.register)
        self.last_seen = LastSeen(self.register, self.restless)

    def poll(self, whole: bool = True) -> None:
        """One round over all that is not over; a ``whole`` one asks for all open orders and all trades.

        Else each order is asked for by itself, which costs the limiter less, but for stops that may wait (see
        ``resting``), and trades where one tells of any.
        """
        self.unread.clear()
        self.last_seen.begin()
        listed = self._poll_list() if whole else set()
        for order in self.register.book.open_orders():
            if order.live and order.client_id not in listed and not self.last_seen.may_wait(order, self._missed):
                self.read(order.symbol, self._look, order, whole and ALL not in self.unread)
        self._poll_trades(self.register.book.symbols(), whole)

    def near(self, prices: Mapping[str, Decimal]) -> None:
        """Ask for the stops that the prices told just now, the best bids, have come near to, or gone through."""
        found = self.last_seen.near(prices)
        for order in found:
            self.read(order.symbol, self._look, order, False)
        self._poll_trades({order.symbol for order in found})

    def _poll_list(self) -> set[str]:
        """Ids of ours that are in the list of open orders; none where it is not told."""
        begun = self.register.venue.now()
        told = self.read(ALL, self.open_orders) or []
        self.last_seen.listed(told, begun)
        return {each.client_id for each in told}

    def _poll_trades(self, symbols: Collection[str], whole: bool = False) -> None:
        for symbol in sorted(symbols):
            if whole or symbol in self._traded or any(o.owing for o in self.register.book.open_orders(symbol=symbol)):
                self.read(symbol, self.trades, symbol)
        now = self.register.venue.now()
        owing = [order.client_id for order in self.register.book.open_orders() if order.owing]
        self._owed = {client_id: self._owed.get(client_id, now) for client_id in owing}

    def read(self, symbol: str, ask: Callable[P, T], *args: P.args, **more: P.kwargs) -> T | None:
        """Ask for something of a market; what cannot be told makes it ``unread``, and it is asked for nothing more."""
        if symbol in self.unread:
            return None
        try:
            return ask(*args, **more)
        except (VenueUnsure, VenueRefused) as error:
            self.unread[symbol] = in_words(error)
            self.bulkheads.withhold(symbol, error)
        except Exception as error:
            self.unread[symbol] = in_words(error)
            self.bulkheads.fault(symbol or "the list of open orders", error)
        return None

    def open_orders(self) -> list[Reported]:
        """Ours that rest at the exchange; those that the ledger has lost are adopted."""
        told = news.ours(self.register.instance, self._list())
        for each in told:
            self.read(each.symbol, self.learn, each)
        return told

    def _list(self) -> Sequence[Reported]:
        """All that rest; those that are not ours are known for the user's, however long ago they were made."""
        self._listed = self.register.venue.open_orders()
        theirs = (each for each in self._listed if not is_ours(self.register.instance, each.client_id))
        self._foreign.update((each.symbol, each.exchange_id) for each in theirs)
        return self._listed

    def learn(self, told: Reported) -> None:
        """Take the exchange's word for an order of ours. Raises ``VenueUnsure`` where it makes no sense."""
        if told.unread:
            raise VenueUnsure(told.unread)
        if told.client_id not in self.register.book.orders:
            there = self.bots() if self.bots else ()
            bots = {bot_digits(bot): bot for bot in (*there, *self.register.book.capital)}
            log.warning("order %s bears our mark and was not in the ledger: it is taken in", told.client_id)
            self.register.note(news.adopted(told, bots))
        self._missed.discard(told.client_id)
        if told.filled > self.register.order(told.client_id).filled:
            self._traded.add(told.symbol)
        self.register.news(*news.of_report(told))

    def trades(self, symbol: str, since: datetime | None = None) -> None:
        """Book the trades of ours that are new."""
        start = since or self._since(symbol)
        if start is None:
            return
        begun = self.register.venue.now()
        trades = self.register.venue.trades(symbol, start)
        if self._strangers(symbol, trades):
            self.recall(symbol, start)
        orders = [order for order in self.register.book.orders.values() if order.symbol == symbol]
        for filled in news.of_trades(orders, trades):
            self.register.note(self._valued(filled))
            self.register.at("fill_booked")
        self._traded.discard(symbol)
        self._asked[symbol] = begun

    def _valued(self, filled: OrderFilled) -> OrderFilled:
        """With what a fee in a third currency is worth now: what that currency does later moves no result."""
        base, quote = pair(filled.symbol)
        if not filled.fee or filled.fee_currency in (base, quote):
            return filled
        paid, own = self.rate(filled.fee_currency), self.rate(quote)
        return replace(filled, fee_worth=filled.fee * paid / own) if paid and own else filled

    def recall(self, symbol: str, since: datetime) -> None:
        """Go through the account's orders on a market: ours are learnt, the others known for the user's."""
        if not isinstance(self.register.venue, Recalls):
            return
        for told in self.register.venue.orders(symbol, since):
            if is_ours(self.register.instance, told.client_id):
                self.learn(told)
            else:
                self._foreign.add((symbol, told.exchange_id))

    def missing(self, symbol: str) -> list[Order]:
        """Orders on a market that should be at the exchange and cannot be found there now."""
        return [each for each in self.register.book.open_orders(symbol=symbol) if each.client_id in self._missed]

    def misses(self, order: Order) -> bool:
        """Whether it should be at the exchange, and was not found there at the latest look."""
        return order.live and order.client_id in self._missed

    def shows(self, order: Order) -> str:
        """What, asked anew, tells of an order, or may: the order itself, the open orders or the trades; else empty.

        Raises ``VenueUnsure``. What is found of it is learnt.
        """
        if self._found(order) or not self._lacked_by_list(order):
            return "the exchange tells of it"
        return "" if self._lacked_by_trades(order) else STRANGERS

    def changed(self, order: Order) -> str:
        """How the coins that it pays with, asked anew after ``shows``, are not as if it had never been; else empty."""
        if not self.beside.knows(paying(order)):
            return ""
        return self.beside.against(order, self.register.venue.funds(), self._listed, self._theirs)

    def settle(self, order: Order) -> bool:
        """Find out at once what became of an order to sell that is UNKNOWN; tells whether that is known now.

        Taken out by its id it is over, whoever cannot see it. One that the book has not, once its deadline is past and
        nothing speaks of it, and the coins are the very same, never arrived. Raises ``VenueUnsure``.
        """
        over = order.deadline is not None and self.register.venue.now() > order.deadline
        out = taken_out(self.register, order, "what it covers has to be sold now")
        if self.register.order(order.client_id).state is not OrderState.UNKNOWN:
            return True
        if not (out and over) or self._found(order) or not self._lacked_by_all(order, surely=True):
            return self.register.order(order.client_id).state is not OrderState.UNKNOWN
        self._never_arrived(order, "it is not in the book, and nothing tells of it")
        return True

    def _found(self, order: Order) -> bool:
        told = self.register.venue.order(order.symbol, order.client_id)
        if told is not None:
            self.learn(told)
        return told is not None

    def account(self, funds: Mapping[str, Funds]) -> None:
        """Take what the account has for what it has beside ours, where nothing of ours is under way."""
        self.beside.see(funds, self._missed, self._listed)

    def contested(self, order: Order) -> str:
        """Why it cannot be held to have never arrived, although nothing shows it; empty where that is not so."""
        return self._against.get(order.client_id, "") if order.state is OrderState.UNKNOWN else ""

    def answers(self, symbol: str) -> bool:
        """Whether all that was asked at the latest poll for a market was told."""
        return not {symbol, ALL} & self.unread.keys()

    def owed_for_long(self, order: Order) -> bool:
        """Whether trades of it are owed for longer than the exchange may tell them late."""
        since = self._owed.get(order.client_id)
        return order.owing and since is not None and self.register.venue.now() - since >= LATE

    def _look(self, order: Order, listed: bool) -> None:
        """One that does not rest: it is over, or lost, or never arrived."""
        register = self.register
        looks = self._looks.setdefault(order.client_id, [])
        now = register.venue.now()
        unknown, due = order.state is OrderState.UNKNOWN, doubts.due(looks, now)
        if unknown and not due and order.side is Side.BUY:
            return  # what sells is looked for in each round: without its word nothing is protected, or sold
        listed_before = self.last_seen.ask(order)
        told = register.venue.order(order.symbol, order.client_id)
        if told is not None:
            self.learn(told)
            self._looks.pop(order.client_id, None)
            if listed_before:
                self.last_seen.answered(told, now)
        elif unknown and due:
            looks.append(Look(now, whole=self._lacked_by_all(order, listed=listed)))
            self._conclude(order, looks)
        elif not unknown:
            self._missed.add(order.client_id)
            if listed and due:
                looks.append(Look(now, whole=self._lacked_by_trades(order)))
                self._doubt(order, looks)

    def _doubt(self, order: Order, looks: list[Look]) -> None:
        """One that was in the book and is in none of the three places is UNKNOWN from the second look on."""
        if since := doubts.vanished(looks):
            why = "the exchange knew it, and knows it no more"
            self.register.news(OrderVanished(order.client_id, self.register.venue.now(), since, why))

    def _lacked_by_all(self, order: Order, *, listed: bool = False, surely: bool = False) -> bool:
        """Whether neither the open orders, nor the trades, nor the coins that it pays with tell of it.

        ``surely`` is for who looks but once: then the coins have to be the very same as before.
        """
        lacked = (listed or self._lacked_by_list(order)) and self._lacked_by_trades(order)
        return lacked and self._borne_out(order, surely=surely)

    def _borne_out(self, order: Order, *, surely: bool) -> bool:
        """Whether the account's coins are as if it had never been."""
        told = (order, self.register.venue.funds(), self._listed, self._theirs)
        self._speaks_against(order, why := self.beside.against(*told))
        return not why and (not surely or self.beside.alike(*told))

    def _speaks_against(self, order: Order, why: str) -> None:
        before, self._against[order.client_id] = self._against.get(order.client_id, ""), why
        if why and why != before:
            log.warning("order %s is not shown, and is not held to have never arrived: %s", order.client_id, why)

    def _lacked_by_list(self, order: Order) -> bool:
        """Whether it is not among the open orders."""
        listed = [each for each in self._list() if each.client_id == order.client_id]
        for told in listed:
            self.learn(told)
        return not listed

    def _lacked_by_trades(self, order: Order) -> bool:
        """Whether no trade that may be its own is among the trades."""
        since = (order.sent or order.at) - OVERLAP
        known_at = self.beside.known_at(paying(order))
        told = self.register.venue.trades(order.symbol, min(since, known_at or since))
        trades = [trade for trade in told if trade.at >= since]
        if self._strangers(order.symbol, trades):
            self.recall(order.symbol, since)
        orders = [each for each in self.register.book.orders.values() if each.symbol == order.symbol]
        ours = {exchange_id for each in orders for exchange_id in each.exchange_ids}
        self._theirs = [t for t in told if known_at and t.at >= known_at and t.exchange_id not in ours]
        if not any(trade.side is order.side for trade in self._strangers(order.symbol, trades)):
            return True
        self._speaks_against(order, STRANGERS)
        return False

    def _conclude(self, order: Order, looks: list[Look]) -> None:
        """Its cancelling has the last word: what nobody can see and is there all the same is there no more."""
        if not doubts.never_arrived(order, looks):
            return
        if taken_out(self.register, order, "nothing tells of it: it is not to be there"):
            self._never_arrived(order, f"it is not in the book: {len(looks)} looks did not find it")

    def _never_arrived(self, order: Order, why: str) -> None:
        """Unless its cancelling has found it."""
        self._looks.pop(order.client_id, None)
        if self.register.order(order.client_id).state is OrderState.UNKNOWN:
            self.register.news(OrderRejected(order.client_id, self.register.venue.now(), why))

    def _strangers(self, symbol: str, trades: Sequence[Traded]) -> list[Traded]:
        """Trades of orders of which it is not known whether they are ours."""
        orders = self.register.book.orders.values()
        known = {(order.symbol, each) for order in orders for each in order.exchange_ids} | self._foreign
        return [trade for trade in trades if (symbol, trade.exchange_id) not in known]

    def _since(self, symbol: str) -> datetime | None:
        """From when on trades may be new: before the oldest order on a market that is not over.

        An order may rest for weeks: what was asked for before is not asked for again, unless trades are owed.
        """
        orders = self.register.book.open_orders(symbol=symbol)
        if not orders:
            return None
        begun, asked = min(order.at for order in orders) - OVERLAP, self._asked.get(symbol)
        if (
            asked is None
            or asked > self.register.venue.now()
            or any(order.owing or order.state is OrderState.UNKNOWN for order in orders)
        ):
            return begun
        return max(begun, asked - LATE)
