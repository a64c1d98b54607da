"""Brings entries that bots asked for to the exchange, each order past the guards."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from services.core.effects import Refused
from services.trading.desk import buying, intents
from services.trading.desk.book import Key
from services.trading.desk.bulkheads import Bulkheads
from services.trading.desk.buying import Buy, End, Withdraw
from services.trading.desk.events import CapitalSet, EntryAsked
from services.trading.desk.guards.guards import MONEY, refusals
from services.trading.desk.limits import Limits
from services.trading.desk.measuring import Measuring
from services.trading.desk.presence import Presence
from services.trading.desk.prices import middle
from services.trading.desk.register import Register
from services.trading.desk.sending import cancel, send
from services.trading.desk.sizes import affordable, collar_price, entry_too_small, floored, too_small
from services.trading.desk.states import Role
from services.trading.fills import Side
from services.trading.venue.told import Depth

STEPS = 4
AGE = timedelta(seconds=30)
"""How old a wish may become before anything of it is sent, where its bot does not say."""


@dataclass(frozen=True, slots=True)
class Enter:
    """A bot's wish for a position: spend at most ``budget`` of its quote currency."""

    bot: str
    symbol: str
    cause: str
    budget: Decimal
    stop: Decimal | None
    until: datetime | None = None
    offset: Decimal | None = None
    reprice_after: float = 60.0
    times: int = 0
    then: str = "give up"
    capital: Decimal | None = None
    """What the bot is given from this entry on; as it was where it does not say."""
    stop_share: Decimal | None = None
    """How far below the average price paid it is given up, where no price is said."""
    target_share: Decimal | None = None
    trailing_share: Decimal | None = None
    near: Decimal | None = None
    notional: Decimal | None = None
    decided: datetime | None = None
    terms: str = ""


@dataclass
class Entering:
    """Entries, one per bot and market at a time."""

    register: Register
    limits: Limits
    measuring: Measuring
    presence: Presence
    bulkheads: Bulkheads = field(default_factory=Bulkheads)
    _held_up: dict[Key, str] = field(default_factory=dict)
    """What kept each from being sent until now."""

    def ask(self, wish: Enter) -> EntryAsked:
        """Take a wish on; the same cause again finds what became of it. Raises ``Refused``, with the guard's words."""
        known = self._known(wish)
        if known is not None:
            return known
        depth = self.measuring.prices.ask(wish.symbol)
        given = self._given(wish)
        quantity = self._allowed(wish, depth, given)
        asked = EntryAsked(
            wish.bot, wish.symbol, wish.cause, quantity, wish.stop, self.register.venue.now(),
            wish.until or self.register.venue.now() + AGE, wish.offset, wish.reprice_after, wish.times, wish.then,
            wish.stop_share, wish.target_share, wish.trailing_share, wish.near,
            wish.decided, wish.terms, wish.budget, wish.notional,
        )  # fmt: skip
        self.register.record(*given, asked)
        self.presence.asks(wish.bot)
        self.register.at("entry_asked")
        return asked

    def round(self, unread: Collection[str] = ()) -> None:
        """One step or a few for each entry, but for markets of which it is not known how ours stand."""
        self.presence.round(bot for bot, _ in self.register.book.entries)
        for key, asked in sorted(self.register.book.entries.items()):
            if key[1] not in unread:
                self.bulkheads.within(key[1], self._steps, key, asked)

    def _steps(self, key: Key, asked: EntryAsked) -> None:
        for _ in range(STEPS):
            if not self._step(key, asked):
                return

    def _step(self, key: Key, asked: EntryAsked) -> bool:
        if self.register.book.entries.get(key) is not asked:
            return False
        register = self.register
        orders = [o for o in register.book.caused_by(*key, asked.cause) if o.role is Role.ENTRY]
        price = self.measuring.prices.last(asked.symbol) or Decimal(0)
        now, rules = register.venue.now(), register.rules(asked.symbol)
        absent = self.presence.absent(asked.bot)
        closed = self.measuring.closed(key) or (absent.why if absent and absent.for_good else "")
        match buying.move(asked, orders, now, price, rules, closed):
            case Withdraw() | Buy() if absent and not closed:
                self._held_up[key] = absent.why
            case Withdraw(order):
                cancel(register, order, "its price is looked at anew")
                register.at("repricing")
                return True
            case Buy(number, quantity):
                self._buy(asked, number, len(orders), quantity)
                return False
            case End(why):
                self._end(asked, why)
        return False

    def _buy(self, asked: EntryAsked, number: int, serial: int, quantity: Decimal) -> None:
        """While the exchange is about to tell of another order on its market, such as its trades, nothing is sent, and
        nothing is asked for: a wish may wait for long, and several may."""
        unanswered = self.measuring.unanswered(asked.symbol)
        if unanswered and self.register.venue.now() <= buying.in_time(asked, number):
            self._held_up[asked.bot, asked.symbol] = f"unknown: {unanswered}"
            return
        depth = self.measuring.prices.ask(asked.symbol)
        price = self._price(asked, number, depth)
        quantity, said = self._payable(asked, number, quantity, price, depth)
        if why := too_small(quantity, price, self.register.rules(asked.symbol)):
            self._end(asked, why)
            return
        intent = intents.entry(self.register, asked, number, serial, quantity, price)
        if intent.client_id in self.register.book.orders:
            self._end(asked, "its order is known already")
            return
        try:
            _require(asked, price, said)
        except Refused as no:
            self._end(asked, str(no))
            return
        self._held_up.pop((asked.bot, asked.symbol), None)
        send(self.register, intent)

    def _payable(
        self, asked: EntryAsked, number: int, quantity: Decimal, price: Decimal, depth: Depth
    ) -> tuple[Decimal, dict[str, str]]:
        """What a price that rose meanwhile makes too dear is left; and what the guards have against the rest.

        The first order is sized anew by its budget, as when it was asked for: it may have waited. What a limit has
        left when it is priced anew is bounded by the bot's free cash alone, as in a backtest.
        """
        free = self.measuring.valuing.free(self.register.book, asked.bot, asked.symbol)
        most = min(quantity, affordable(free, price, self.limits.fee_rate, self.register.rules(asked.symbol)))
        if number or asked.budget is None:
            return most, self._said(asked, most, price, depth)
        most = min(most, self._within(asked, asked.budget, self._paid(asked, price, depth), depth))
        said = self._said(asked, most, price, depth)
        smaller = min(most, self._within(asked, asked.budget, price, depth))
        if said and said.keys() <= MONEY.keys() and smaller < most:
            return smaller, self._said(asked, smaller, price, depth)
        return most, said

    def _end(self, asked: EntryAsked, why: str) -> None:
        held_up = self._held_up.pop((asked.bot, asked.symbol), "")
        told = f"{why}; until then {held_up}" if why == buying.TOO_LATE and held_up else why
        self.register.note(self.register.book.ending(asked, told, self.register.venue.now()))

    def _known(self, wish: Enter) -> EntryAsked | None:
        """What was asked for the same cause before; raises where another entry or position is under way."""
        book, key = self.register.book, (wish.bot, wish.symbol)
        before = book.entries.get(key)
        if before is not None and before.cause == wish.cause:
            return before
        if book.caused_by(*key, wish.cause):
            raise Refused("it was done before: its order is in the ledger")
        if (why := book.ended.get((*key, wish.cause))) is not None:
            raise Refused(f"it was asked for before, and is over: {why}")
        if before is not None or book.holding(*key).opened:
            raise Refused(f"{wish.bot} has a position or an entry on {wish.symbol} already")
        return None

    def _allowed(self, wish: Enter, depth: Depth, given: Sequence[CapitalSet]) -> Decimal:
        """How much is bought. Raises ``Refused`` with what every guard has against it.

        The budget is spent at what will be paid, as in a backtest. Guards of money look at the worst price that the
        order may take: where they have no room for that, the budget is spent at the worst price.
        """
        if not depth.asks:
            raise Refused("nobody offers anything")
        worst = self._price(wish, 0, depth)
        paid = self._paid(wish, worst, depth)
        quantity = self._quantity(wish, paid, self._roof(wish, worst, given), depth)
        said = self._said(wish, quantity, worst, depth, given)
        if said and said.keys() <= MONEY.keys():
            smaller = self._quantity(wish, worst, quantity, depth)
            if smaller < quantity:
                quantity, said = smaller, self._said(wish, smaller, worst, depth, given)
        _require(wish, worst, said)
        return quantity

    def _roof(self, wish: Enter, worst: Decimal, given: Sequence[CapitalSet]) -> Decimal:
        """What the bot's free cash pays at the worst price; a budget beyond that cash is not cut, but refused."""
        own = next((each for each in given if each.bot == wish.bot), None)
        free = self.measuring.valuing.free(self.register.book, wish.bot, wish.symbol, own)
        return affordable(max(free, wish.budget), worst, self.limits.fee_rate, self.register.rules(wish.symbol))

    def _quantity(self, wish: Enter, price: Decimal, most: Decimal, depth: Depth) -> Decimal:
        """What the budget pays at a price, at ``most`` so much. Raises ``Refused`` where that could not be left."""
        rules, ask = self.register.rules(wish.symbol), depth.asks[0][0]
        quantity = min(self._within(wish, wish.budget, price, depth), most)
        paid = ask * (1 - (wish.offset or 0))
        least = (wish.stop or paid * (1 - (wish.stop_share or wish.trailing_share or 0))) * (1 - self.limits.collar)
        if why := entry_too_small(quantity, ask, least, self.limits.fee_rate, rules):
            raise Refused(why)
        return quantity

    def _within(self, asked: EntryAsked | Enter, budget: Decimal, price: Decimal, depth: Depth) -> Decimal:
        """How much its budget pays at a price, and its notional at what one will cost."""
        rules = self.register.rules(asked.symbol)
        quantity = affordable(budget, price, self.limits.fee_rate, rules)
        if asked.notional is None:
            return quantity
        return min(quantity, floored(asked.notional / self._paid(asked, price, depth), rules.step))

    def _paid(self, asked: EntryAsked | Enter, limit: Decimal, depth: Depth) -> Decimal:
        """What one will cost: a limit is filled at its price, what takes at once at the best offer."""
        return limit if asked.offset is not None else depth.asks[0][0]

    def _price(self, asked: EntryAsked | Enter, number: int, depth: Depth) -> Decimal:
        rules = self.register.rules(asked.symbol)
        if asked.offset is not None and number <= asked.times and depth.bids:
            near = asked.near if number == 0 and asked.near is not None else middle(depth)
            return intents.limit_price(near, asked.offset, rules)
        if not depth.asks:
            raise Refused("nobody offers anything")
        return collar_price(depth.asks[0][0], self.limits.collar, rules, Side.BUY)

    def _given(self, wish: Enter) -> list[CapitalSet]:
        """The capital that comes with the wish, where it is another: it counts only if the entry passes."""
        before, quote = self.register.book.capital.get(wish.bot), wish.symbol.split("/")[1]
        back = wish.bot in self.register.book.retired
        capital = before.capital if wish.capital is None and before and back else wish.capital
        if capital is None or (before and not back and (before.quote, before.capital) == (quote, capital)):
            return []
        return [CapitalSet(wish.bot, quote, capital, self.register.venue.now())]

    def _said(
        self,
        asked: EntryAsked | Enter,
        quantity: Decimal,
        price: Decimal,
        depth: Depth,
        given: Sequence[CapitalSet] = (),
    ) -> dict[str, str]:
        """What every guard has against it."""
        return refusals(self.measuring.scene(asked.bot, asked.symbol, quantity, price, depth, given), self.limits)


def _require(asked: EntryAsked | Enter, price: Decimal, said: Mapping[str, str]) -> None:
    """Raises ``Refused`` with what the guards said, or where it would be given up at once."""
    if said:
        raise Refused(_in_words(said))
    if asked.stop is not None and asked.stop >= price:
        raise Refused(f"its stop {asked.stop} is not below the price {price} at which it would be bought")


def _in_words(said: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {why}" for name, why in said.items())
