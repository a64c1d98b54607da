"""Does for each position what it needs, one step after another, until it is well or has to wait."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from services.trading.desk import care, intents
from services.trading.desk.before_us import BeforeUs
from services.trading.desk.book import DESK, Key
from services.trading.desk.bulkheads import Bulkheads
from services.trading.desk.care import Cancel, Close, Leave, Move, Need, RestStop, Sell, Settle, Situation
from services.trading.desk.events import ExitAsked, OrderFilled, PositionClosed
from services.trading.desk.given_up import GivenUp, given_up
from services.trading.desk.holding import Holding
from services.trading.desk.limits import Limits
from services.trading.desk.order import Order
from services.trading.desk.register import Register
from services.trading.desk.sending import NEVER_MOVED, cancel, move, send
from services.trading.desk.sizes import is_dust, nearest, price_within
from services.trading.desk.states import OrderState, Role
from services.trading.fills import Side
from services.trading.venue.told import Funds, OrderKind
from services.trading.venue.venue import VenueUnsure

ZERO = Decimal(0)
STEPS = 8
"""For one position in one round; a position that needs more goes on in the next."""
LONGEST = {Role.STOP: timedelta(minutes=1)}
"""At most between two tries of a stop that is refused again and again: meanwhile the price is watched from here."""
LONGEST_SALE = timedelta(seconds=10)
MOST_DOUBLINGS = 10
OFTEN = 3
"""So many refusals in a row are told."""
CANCEL_AGAIN, LONGEST_CANCEL = timedelta(seconds=5), timedelta(minutes=1)
Last = Callable[[str], Decimal | None]
"""The latest price of a market; None where it is not known now."""


@dataclass
class Caring:
    """Keeps exactly one stop per position, and brings to an end what is being left."""

    register: Register
    limits: Limits
    last: Last
    given_up: GivenUp
    before_us: BeforeUs
    settle: Callable[[Order], bool]
    """Finds out what became of an UNKNOWN order; tells whether that is known now."""
    bulkheads: Bulkheads = field(default_factory=Bulkheads)

    def round(self, unread: Collection[str] = ()) -> None:
        """Look after every position, but for markets of which it is not known how ours stand."""
        self._ask_again()
        for key in sorted(self.register.book.positions()):
            if key[1] not in unread:
                self.bulkheads.within(key[1], self.look_after, key)

    def look_after(self, key: Key) -> None:
        for _ in range(STEPS):
            need = care.need(self.situation(key))
            if need is None or not self._do(key, need):
                return

    def _ask_again(self) -> None:
        """A cancelling that did not arrive may be asked for again: it names one order, and ends it once."""
        now = self.register.venue.now()
        for order in self.register.book.open_orders():
            asked = order.cancel_asked
            if order.state is OrderState.CANCEL_PENDING and asked is not None and abs(now - asked) >= CANCEL_AGAIN:
                why = "it was asked for before, and the order is still there"
                self.bulkheads.within(order.symbol, cancel, self.register, order, why)

    def situation(self, key: Key) -> Situation:
        """How a position stands now."""
        bot, symbol = key
        book = self.register.book
        holding = book.holding(bot, symbol)
        return Situation(
            holding.quantity,
            holding.opened,
            book.open_orders(bot, symbol),
            self.stop(key),
            OrderKind.STOP in self.register.venue.resting and not self._stop_refused(key),
            key in book.exits,
            self.last(symbol),
            self.register.rules(symbol),
            self.limits.collar,
            self._orphans(key),
            target=self._target(key),
            moves=self.register.venue.moves and self.register.ledger.writable,
        )

    def _do(self, key: Key, need: Need) -> bool:
        """Tells whether it is worth looking at the position again at once."""
        bot, symbol = key
        register, collar = self.register, self.limits.collar
        match need:
            case Cancel(order, why, covers):
                if covers:
                    self._require_held(key)  # where nothing could be sent then, what covers the position stays
                return cancel(register, order, why).ended
            case Settle(order):
                return self._may_settle(key, order) and self.settle(order)
            case RestStop() | Move() | Sell() if self._too_soon(key, stop=not isinstance(need, Sell)):
                return False
            case Move(order, _, _, why) if self._never_moved(symbol):
                self._require_held(key)
                return cancel(register, order, why).ended
            case Move(order, quantity, trigger):
                self._require_held(key)
                register.at("stop_due")
                move(register, order, intents.stop(register, bot, symbol, quantity, trigger, collar))
            case RestStop(quantity, trigger):
                self._require_held(key)
                register.at("stop_due")
                send(register, intents.stop(register, bot, symbol, quantity, trigger, collar))
            case Sell(quantity):
                last, asked = self.last(symbol), register.book.exits[key]
                if last is None:
                    return False
                self._require_held(key)
                send(register, intents.sale(register, bot, symbol, asked.cause, quantity, last, collar))
            case Leave(why, by):
                at = register.venue.now()
                cause = f"{by}/left/{intents.latest_trade(register, *key)}"
                register.note(ExitAsked(bot, symbol, cause, why, DESK, at))
                return True
            case Close():
                holding = register.book.holding(bot, symbol)
                at = register.venue.now()
                register.note(PositionClosed(bot, symbol, holding.quantity, holding.result, at))
        return False

    def _may_settle(self, key: Key, order: Order) -> bool:
        """At once, as soon as its deadline is past, and then every few seconds, less and less often: each is kept."""
        asked, now = order.cancel_asked, self.register.venue.now()
        if asked is None or (order.deadline is not None and asked <= order.deadline < now):
            return True
        tried = asked - self.register.book.exits[key].at
        return not timedelta(0) <= now - asked < min(max(tried, CANCEL_AGAIN), LONGEST_CANCEL)

    def _never_moved(self, symbol: str) -> bool:
        """The exchange said once that it does not do that on this market: a stop is taken out, and rested anew."""
        ours = self.register.book.orders.values()
        return any(each.symbol == symbol and each.why.startswith(NEVER_MOVED) for each in ours)

    def _orphans(self, key: Key) -> frozenset[str]:
        """Entries in the book that no wish stands behind: found late, or lost with the ledger."""
        asked = self.register.book.entries.get(key)
        waited = asked.cause if asked else None
        entries = self.register.book.open_orders(*key, Role.ENTRY)
        return frozenset(order.client_id for order in entries if order.cause.rsplit("#", 1)[0] != waited)

    def _require_held(self, key: Key) -> None:
        """Raises ``VenueUnsure`` where an order that was given up, or of which nothing was kept, may have sold it.

        Looked at anew right before it is sold or protected again: what turned up meanwhile is learnt by it.
        """
        self.before_us.require_known(key)
        since = min((fill.at for fill in self._bought(key)), default=None)
        tried = given_up(self._tried(key), since)
        if not tried:
            return
        self.given_up.require_lacking(tried)
        base, book = self.register.book.holding(*key).base, self.register.book
        total = self.register.venue.funds().get(base, Funds(ZERO, ZERO)).total
        if total < book.owned(base):
            raise VenueUnsure(f"{book.owned(base)} {base} are ours, and the account has {total}")

    def _too_soon(self, key: Key, *, stop: bool) -> bool:
        """A stop, or else a sale, of this position came to nothing just now: the next one waits, longer each time.

        A sale waits for no stop that came to nothing.
        """
        tried = [order for order in self._tried(key) if (order.role is Role.STOP) is stop]
        if not tried or tried[-1].state not in (OrderState.REJECTED, OrderState.EXPIRED):
            return False
        sent, longest = tried[-1].sent, LONGEST.get(tried[-1].role, LONGEST_SALE)
        doublings = min(max(0, len(_in_a_row(tried, _in_vain)) - 1), MOST_DOUBLINGS)
        wait = max(self.limits.pace, min(longest, self.limits.pace * 2**doublings))
        return sent is not None and timedelta(0) <= self.register.venue.now() - sent < wait

    def refused_often(self) -> dict[Key, str]:
        """Positions whose latest sales or stops the exchange refused again and again, and its words."""
        told = {key: _in_a_row(self._tried(key), _refused) for key in sorted(self.register.book.positions())}
        return {
            key: f"{key[1]} of {key[0]}: the exchange refuses its {refused[0].role} again and again: {refused[0].why}"
            for key, refused in told.items()
            if len(refused) >= OFTEN
        }

    def _tried(self, key: Key) -> list[Order]:
        """Its sales and stops that were sent."""
        return [
            order
            for order in self.register.book.orders.values()
            if (order.bot, order.symbol) == key and order.side is Side.SELL and order.sent is not None
        ]

    def _stop_refused(self, key: Key) -> bool:
        """The exchange refused the latest stop: until it takes one, the price is watched from here as well."""
        stops = [o for o in self.register.book.orders.values() if (o.bot, o.symbol) == key and o.role is Role.STOP]
        return bool(stops) and stops[-1].state is OrderState.REJECTED and self._too_soon(key, stop=True)

    def stop(self, key: Key) -> Decimal | None:
        """The one it was opened with; where the ledger was lost with it, one below what was paid."""
        bot, symbol = key
        if not self.register.book.adopted(bot, symbol):
            stop = self.register.book.stop_of(bot, symbol)
            return None if stop is None else nearest(stop, self.register.rules(symbol).tick)
        bought = self._bought(key)
        quantity = sum((fill.quantity for fill in bought), Decimal(0))
        if not quantity:
            return None
        paid = sum((fill.quantity * fill.price for fill in bought), Decimal(0)) / quantity
        return paid * (1 - self.limits.default_stop)

    def _target(self, key: Key) -> Decimal | None:
        """On the grid, where a limit at it would lie."""
        target = self.register.book.target_of(*key)
        return None if target is None else price_within(target, self.register.rules(key[1]).tick, Side.SELL)

    def _bought(self, key: Key) -> list[OrderFilled]:
        """The purchases of the trade under way: all since the latest sale that left nothing but dust."""
        orders = [order for order in self.register.book.orders.values() if (order.bot, order.symbol) == key]
        fills = [(fill.at, fill.trade_id, order.side, fill) for order in orders for fill in order.fills]
        held, bought, rules = Holding(*key), list[OrderFilled](), self.register.rules(key[1])
        for _, _, side, fill in sorted(fills, key=lambda each: (each[0], len(each[1]), each[1])):
            held = held.after(side, fill)
            if side is Side.BUY:
                bought.append(fill)
            elif is_dust(held.quantity, fill.price, rules):
                bought.clear()
        return bought


def _refused(order: Order) -> bool:
    return order.state is OrderState.REJECTED


def _in_vain(order: Order) -> bool:
    """The exchange refused it, or nothing of it was sent."""
    return _refused(order) or (order.state is OrderState.EXPIRED and not order.exchange_id and not order.fills)


def _in_a_row(tried: Sequence[Order], such: Callable[[Order], bool]) -> list[Order]:
    """The latest of one kind, of one cause, that are such; the newest first."""
    found: list[Order] = []
    for order in reversed(tried):
        kind = (order.role, order.cause.rsplit("#", 1)[0])
        if not such(order) or (found and kind != (found[0].role, found[0].cause.rsplit("#", 1)[0])):
            break
        found.append(order)
    return found
