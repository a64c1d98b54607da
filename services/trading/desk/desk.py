"""The desk of one exchange account: the only one that sends its orders. Used by one thread."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.core.clock import Clock
from services.core.effects import Refused
from services.trading.desk.before_us import BeforeUs
from services.trading.desk.beside import paying
from services.trading.desk.book import DESK, Book
from services.trading.desk.bulkheads import Bulkheads
from services.trading.desk.caring import Caring
from services.trading.desk.entering import Enter, Entering
from services.trading.desk.events import (
    CapitalSet,
    EntryAsked,
    ExitAsked,
    HighSeen,
    OrderVanished,
    Resolved,
)
from services.trading.desk.given_up import GivenUp
from services.trading.desk.guards.standing import Standing, standing
from services.trading.desk.ledger import Ledger
from services.trading.desk.left_behind import LeftBehind
from services.trading.desk.limits import Limits
from services.trading.desk.measuring import Measuring
from services.trading.desk.order import Order
from services.trading.desk.panic import Panic, Remaining
from services.trading.desk.permission import Permission
from services.trading.desk.polling import Polling
from services.trading.desk.presence import Absent, Presence
from services.trading.desk.prices import Prices
from services.trading.desk.reach import Reach
from services.trading.desk.reconciling import Reconciling
from services.trading.desk.register import Register
from services.trading.desk.retiring import Retiring
from services.trading.desk.sending import faulty, look
from services.trading.desk.states import OrderState
from services.trading.desk.valuing import Valuing
from services.trading.desk.watching import Watching
from services.trading.venue.venue import Venue, VenueUnsure

WHOLE_EVERY = 10.0
"""Seconds between two rounds that ask for everything: open orders, trades, balances, the clock."""
REFUSED_EVERY = 60.0
"""The same while the exchange refuses the key: it counts what it refuses, too."""
PASSES = 4
"""Within one round, as long as each sends something."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a desk is opened with. ``symbols`` are the markets on which something of ours may lie unknown to us."""

    instance: str
    limits: Limits = Limits()
    symbols: Sequence[str] = ()
    live: bool = False
    key: str = ""
    """The digest of the key in use: arming holds for that one alone."""
    unarmed: Callable[[], str] = lambda: ""
    """Why nothing may be bought here at all, whoever armed the account; what is held is protected all the same."""
    bots: Callable[[], Collection[str]] | None = None
    """The bots that trade here; None where nobody knows, and then none is taken to be gone."""
    absent: Callable[[], Mapping[str, Absent]] = dict
    """Those of them that do not run now, and why."""
    named: Callable[[], Collection[str]] | None = None
    """Names by which it is known whose an order is that the ledger has lost; ``bots`` where it is not said."""
    rate: Callable[[str], Decimal | None] = lambda currency: None
    """One unit of a currency in the account's, for those that are not it."""


class Desk:
    """Owns the account's orders, positions, stops and guards."""

    def __init__(self, venue: Venue, ledger: Ledger, clock: Clock, opening: Opening) -> None:
        self.opening, self.clock = opening, clock
        self.register = Register.opened(venue, ledger, clock, opening.instance)
        self.bulkheads = Bulkheads()
        polling = Polling(self.register, self.bulkheads, opening.named or opening.bots, self._rate, self._restless)
        self.polling = polling
        self.prices = Prices(venue)
        valuing = Valuing(self.prices.last, self._rate, opening.limits.fee_rate)
        self.permission = permission = Permission(self.register, opening.live, opening.key, opening.unarmed)
        self.measuring = Measuring(
            self.register, opening.limits, self.prices, self.polling, valuing, opening.live, permission.unarmed
        )
        self.given_up = GivenUp(self.register, polling)
        before_us, last = BeforeUs(self.register, polling), self.prices.last
        self.caring = Caring(
            self.register, opening.limits, last, self.given_up, before_us, polling.settle, self.bulkheads
        )
        presence = Presence(self.register, opening.bots, opening.absent)
        self.entering = Entering(self.register, opening.limits, self.measuring, presence, self.bulkheads)
        self.watching = Watching(self.register, opening.limits, valuing)
        self.panic = Panic(self.register, self.bulkheads)
        self.reconciling = Reconciling(self.register, self.polling)
        self.retiring = Retiring(self.register, opening.bots)
        self.left_behind = LeftBehind(self.register, opening.bots, self.caring.stop)
        self.reach = Reach(clock)
        self._whole_at: float | None = None

    @property
    def book(self) -> Book:
        return self.register.book

    @property
    def standing(self) -> Standing:
        return standing(self.book.latches.values())

    @property
    def reconciled(self) -> bool:
        """Whether ledger and exchange were brought to one since the desk was opened."""
        return self.measuring.reconciled

    def reconcile(self) -> None:
        """Bring ledger and exchange to one; nothing is bought before. Raises ``VenueUnsure`` where a market is not."""
        self.measuring.reconciled = False
        self.measuring.measure_clock()
        self.reconciling.run(self.opening.symbols, self.opening.limits.currency)
        if unread := self.reconciling.unread:
            told = "; ".join(f"{symbol or 'open orders'}: {why}" for symbol, why in sorted(unread.items()))
            raise VenueUnsure(f"ledger and exchange are not one yet: {told}")
        self.measuring.reconciled = True

    def round(self) -> None:
        """One round: what became of ours, what positions need, what bots asked for, what the guards say."""
        begun, whole = self.reconciled or self.reconciling.reached, self._is_due()
        everything = whole or not (begun or self.bulkheads.key_refused)  # a refusal is no outage: it is asked for less
        self.bulkheads.begin(everything)
        self.register.catch_up()
        self.bulkheads.within("the account", self._round, whole, everything)
        self.reach.learn(self.bulkheads.withheld, everything)

    def amiss(self) -> str:
        """What a person has to know of now; empty where all is well."""
        told = [*self.bulkheads.faults.values(), *self.caring.refused_often().values(), *self._contested()]
        told += [*self.given_up.told(), *faulty(self.book)]
        told += [f"nothing is bought: {why}"] if (why := self.permission.amiss()) else []
        return "; ".join(([self.register.amiss] if self.register.amiss else []) + told)

    def allot(self, bot: str, quote: str, capital: Decimal) -> None:
        """Give a bot so much of the account; entries are paid from this alone."""
        given = self.book.allotted().get(bot)
        if given is None or (given.quote, given.capital) != (quote, capital):
            self.register.record(CapitalSet(bot, quote, capital, self.register.venue.now()))

    def enter(self, wish: Enter) -> EntryAsked:
        """Take a bot's wish on; its order is sent in the next round. Raises ``Refused`` with every guard's words."""
        if not self.reconciled:
            raise Refused("the account is not reconciled with the exchange yet")
        return self.entering.ask(wish)

    def leave(self, bot: str, symbol: str, cause: str, why: str, by: str = DESK) -> bool:
        """Have a position left, and what was to be bought forgotten; False where there is nothing."""
        key = (bot, symbol)
        if key not in self.book.positions():
            return False
        at = self.register.venue.now()
        asked = self.book.entries.get(key)
        ended = [self.book.ending(asked, why, at)] if asked else []
        left = [ExitAsked(bot, symbol, cause, why, by, at)] if key not in self.book.exits else []
        if told := [*ended, *left]:
            self.register.note(*told)  # in one transaction: whoever is killed here has left, or has the entry yet
        return True

    def give_up(self, bot: str, why: str) -> None:
        """Have what a bot still wishes to buy given up; what it holds is kept, and left by its exits."""
        self.entering.presence.give_up(bot, why)

    def saw_high(self, bot: str, symbol: str, price: Decimal, bar: datetime) -> None:
        """The highest price of a position's earlier bars, the latest of which opened at ``bar``: its trailing stop
        follows in the next round."""
        asked, key = self.book.opened_by(bot, symbol), (bot, symbol)
        trails = asked is not None and asked.trailing_share is not None and self.book.holding(*key).opened
        if trails and price > self.book.highs.get(key, Decimal(0)):
            self.register.note(HighSeen(bot, symbol, price, bar, self.register.venue.now()))

    def stop_all(self, why: str) -> list[Remaining]:
        """The emergency stop: one round of it at once; returns what still remains for the next rounds.

        The round asks for everything: that nothing of ours is open or held is the exchange's to say.
        """
        self.panic.begin(why)
        self._whole_at = None
        self.round()
        return self.panic.remaining()

    def rearm(self, guard: str, scope: str, reason: str, by: str) -> None:
        """Open a latch again. Raises ``Refused`` where it is not closed."""
        if (guard, scope) not in self.book.latches:
            closed = ", ".join(f"{each.guard} for {each.scope}" for each in self.standing.latches)
            raise Refused(f"{guard} is not closed for {scope}; {f'closed: {closed}' if closed else 'no guard is'}")
        self.watching.rearm(guard, scope, reason, by)

    def resolve(self, client_id: str, arrived: bool, reason: str, by: str) -> Order:
        """Take a person's word for an order that is UNKNOWN, missing, doubted, or owes trades. Raises ``Refused`` else.

        That it arrived has to be seen at the exchange: without its trades nobody knows what is held.
        """
        order = self.book.orders.get(client_id)
        if order is None or not self._needs_a_word(order):
            raise Refused(f"order {client_id} is {order.state if order else 'none of ours'}: only UNKNOWN needs a word")
        now = self.register.venue.now()
        order = look(self.register, order)
        if arrived and self._needs_a_word(order):
            told = "the exchange does not tell of it now: it is looked for in each round, and nothing is done to it"
            raise Refused(f"{told}; that it never arrived is what only a person can tell")
        if self.polling.misses(order) and not arrived:
            self.register.news(OrderVanished(client_id, now, now, reason))
        if self._needs_a_word(self.register.order(client_id)):
            self.register.record(Resolved(client_id, arrived, by, reason, now))
            self.polling.beside.forget(paying(order))
            self.given_up.vouch(client_id)
        return self.register.order(client_id)

    def _contested(self) -> list[str]:
        """Orders that nothing shows, and of which the account's coins tell all the same."""
        told = ((order, self.polling.contested(order)) for order in self.book.open_orders())
        return [f"{o.symbol} of {o.bot}: no {o.role} of {o.quantity:f} is shown, but {why}" for o, why in told if why]

    def _needs_a_word(self, order: Order) -> bool:
        doubted = self.given_up.waits(order.client_id)
        return order.state is OrderState.UNKNOWN or order.owing or self.polling.misses(order) or doubted

    def _round(self, whole: bool, everything: bool) -> None:
        if not self.reconciled and everything:
            self._try_to_reconcile()
        self._learn(whole)
        self._act()
        complete = self.reconciled and not self.polling.unread
        self.bulkheads.within("the account", self.watching.round)
        if self.reconciled and not self.panic.on:
            self.bulkheads.within("the key's rights", self.permission.round)
        if self.reconciled:
            self.bulkheads.within("positions whose bot is gone", self.left_behind.round)
        if whole:
            self.measuring.measure_clock()
            funds = self.watching.balance()
            if complete:
                self.polling.account(funds)
                self.reconciling.seen()
                self.retiring.round()

    def _try_to_reconcile(self) -> None:
        """What is ours on the markets that can be read is protected, or sold, whatever the others withhold."""
        with suppress(VenueUnsure):  # what was withheld is told after the round
            self.reconcile()

    def _act(self) -> None:
        """What is sent is looked at in the same round, so that what is bought is protected at once."""
        for _ in range(PASSES):
            before, unread = len(self.book.orders), self._unread()
            self.panic.round()
            self.caring.round(unread)
            if self.reconciled and self.permission.asked:
                self.entering.round(unread)
            if len(self.book.orders) == before:
                return
            self._learn()

    def _learn(self, whole: bool = False) -> None:
        """How ours stand, and the prices; then again how those stand that a price has come near to.

        So nothing is decided by a price that a stop may have been executed at since it was asked for.
        """
        self.polling.poll(whole)
        self.polling.near(self._ask_prices(whole))

    def _ask_prices(self, whole: bool = False) -> dict[str, Decimal]:
        """Of the markets on which something is going on; of those where only dust lies now and then. The best bids."""
        dust = {each.symbol for each in self.book.held()} if whole else set()
        told = {}
        for symbol in sorted((self.book.symbols() | dust) - self._unread()):
            depth = self.bulkheads.within(symbol, self.prices.ask, symbol)
            if depth is not None and depth.bids:
                told[symbol] = depth.bids[0][0]
        return told

    def _restless(self) -> bool:
        return self.panic.on or not self.reconciled

    def _unread(self) -> set[str]:
        """Markets on which it is not known how ours stand."""
        lacking = set() if self.reconciled else set(self.reconciling.unread)
        return lacking | self.polling.unread.keys()

    def _is_due(self) -> bool:
        now = self.clock.monotonic()
        every = REFUSED_EVERY if self.bulkheads.key_refused else WHOLE_EVERY
        if self._whole_at is not None and now - self._whole_at < every:
            return False
        self._whole_at = now
        return True

    def _rate(self, currency: str) -> Decimal | None:
        own = self.opening.limits.currency
        if currency == own:
            return Decimal(1)
        told = self.opening.rate(currency)
        return self.prices.rate(currency, own) if told is None else told
